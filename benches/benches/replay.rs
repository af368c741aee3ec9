//! Cost of the replay guard in memory. The store is full: it holds a million fingerprints.
//!
//! ```sh
//! cargo bench -p hubseal-benches --bench replay --no-default-features --features replay
//! ```
//!
//! `guard` is what an adapter adds to each verified delivery. `store` is the part of the store, and `guard,
//! empty store` the rest.

use std::{
    hint::black_box,
    sync::Mutex,
    time::{Duration, Instant},
};

use criterion::{Bencher, Criterion, criterion_group, criterion_main};
use hubseal::{
    Fingerprint,
    replay::{Claim, ClaimId, ClaimStatus, MemoryStore, ReplayGuard, ReplayStore, StoreFuture},
};
use tokio::runtime::{Builder, Runtime};

const ENTRIES: u64 = 1_000_000;
const LEASE: Duration = ReplayGuard::DEFAULT_LEASE;
const TIME_TO_LIVE: Duration = ReplayGuard::DEFAULT_TIME_TO_LIVE;

/// Accepts every claim, and keeps the id of the last one.
struct Empty(&'static Mutex<Option<ClaimId>>);

impl ReplayStore for Empty {
    fn claim(&self, _: Fingerprint, claim: ClaimId, _: Duration) -> StoreFuture<'_, ClaimStatus> {
        *self.0.lock().expect("no panic") = Some(claim);
        Box::pin(async { Ok(ClaimStatus::Fresh) })
    }

    fn commit(&self, _: Fingerprint, _: Duration) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn release(&self, _: Fingerprint, _: ClaimId) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

fn replay(criterion: &mut Criterion) {
    static LAST: Mutex<Option<ClaimId>> = Mutex::new(None);

    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let mut group = criterion.benchmark_group("replay");

    let empty = ReplayGuard::new(Empty(&LAST));
    group.bench_function("claim + commit: guard, empty store", |bencher| {
        commit_each(bencher, &runtime, &empty);
    });
    let claim = LAST.lock().expect("no panic").expect("a claim");

    let store = MemoryStore::with_capacity(1_000_000);
    runtime.block_on(async {
        for fingerprint in fingerprints(ENTRIES + ENTRIES / 2) {
            commit_in(&store, fingerprint, claim).await;
        }
    });
    group.bench_function("claim + commit: store", |bencher| {
        bencher.iter_custom(|count| {
            let fingerprints = fingerprints(count);
            timed(&runtime, async || {
                for &fingerprint in &fingerprints {
                    commit_in(&store, fingerprint, claim).await;
                }
            })
        });
    });

    let guard = ReplayGuard::new(store);
    group.bench_function("claim + commit: guard", |bencher| {
        commit_each(bencher, &runtime, &guard);
    });
    group.bench_function("claim + release: guard", |bencher| {
        bencher.iter_custom(|count| {
            let fingerprints = fingerprints(count);
            timed(&runtime, async || {
                for &fingerprint in &fingerprints {
                    drop(black_box(guard.claim(fingerprint).await));
                }
            })
        });
    });
    let known = Fingerprint::new(["known"]);
    runtime.block_on(commit(&guard, known));
    group.bench_function("duplicate: guard", |bencher| {
        bencher.iter_custom(|count| {
            timed(&runtime, async || {
                for _ in 0..count {
                    drop(black_box(guard.claim(known).await));
                }
            })
        });
    });
    group.finish();
}

/// Returns fingerprints that no store has seen.
fn fingerprints(count: u64) -> Vec<Fingerprint> {
    static USED: Mutex<u64> = Mutex::new(0);

    let mut used = USED.lock().expect("no panic");
    let first = *used;
    *used += count;
    (first..*used)
        .map(|number| Fingerprint::new([number.to_le_bytes()]))
        .collect()
}

fn timed(runtime: &Runtime, work: impl AsyncFnOnce()) -> Duration {
    runtime.block_on(async {
        let start = Instant::now();
        work().await;
        start.elapsed()
    })
}

fn commit_each(bencher: &mut Bencher<'_>, runtime: &Runtime, guard: &ReplayGuard) {
    bencher.iter_custom(|count| {
        let fingerprints = fingerprints(count);
        timed(runtime, async || {
            for &fingerprint in &fingerprints {
                commit(guard, fingerprint).await;
            }
        })
    });
}

async fn commit(guard: &ReplayGuard, fingerprint: Fingerprint) {
    match guard.claim(fingerprint).await {
        Ok(Claim::Fresh(ticket)) => ticket.commit().await.expect("the store works"),
        other => panic!("{other:?}"),
    }
}

async fn commit_in(store: &MemoryStore, fingerprint: Fingerprint, claim: ClaimId) {
    let status = store.claim(fingerprint, claim, LEASE).await;
    assert!(matches!(status, Ok(ClaimStatus::Fresh)), "{status:?}");
    let committed = store.commit(fingerprint, TIME_TO_LIVE).await;
    committed.expect("the store works");
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = replay
}
criterion_main!(benches);
