//! The store in memory.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use hubseal::{
    Fingerprint,
    replay::{Claim, MemoryStore, ReplayGuard, Ticket},
    testing,
};
use tokio::runtime::{Builder, Runtime};

/// Large enough that the shards fill evenly.
const LARGE: usize = 20_000;

const CAPACITY: usize = 1_000;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn number(number: usize) -> Fingerprint {
    Fingerprint::new([number.to_le_bytes()])
}

async fn claim(guard: &ReplayGuard, fingerprint: Fingerprint) -> Option<Ticket> {
    match guard.claim(fingerprint).await.unwrap() {
        Claim::Fresh(ticket) => Some(ticket),
        Claim::InProgress | Claim::Duplicate => None,
    }
}

/// Returns a store that the test can look into, and its guard.
fn shared(capacity: usize) -> (Arc<MemoryStore>, ReplayGuard) {
    let store = Arc::new(MemoryStore::with_capacity(capacity));
    let guard = ReplayGuard::new(Arc::clone(&store));
    (store, guard)
}

/// Returns the number of fingerprints, which `Debug` prints.
fn len(store: &MemoryStore) -> usize {
    let text = format!("{store:?}");
    let (_, rest) = text.split_once("fingerprints: ").unwrap();
    rest.split(',').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn full_store_forgets_the_oldest_commits() {
    let (store, guard) = shared(LARGE);
    for n in 0..5 * LARGE {
        let ticket = claim(&guard, number(n)).await.unwrap();
        ticket.commit().await.unwrap();
        if n % 1_000 == 0 {
            assert!(len(&store) <= LARGE, "{} after {n}", len(&store));
        }
    }
    assert!(
        (LARGE * 9 / 10..=LARGE).contains(&len(&store)),
        "{}",
        len(&store)
    );
    let newest = LARGE * 9 / 10;
    let mut forgotten = 0;
    for n in 5 * LARGE - newest..5 * LARGE {
        // A claim that is dropped leaves the store as it was.
        let claim = guard.claim(number(n)).await.unwrap();
        forgotten += usize::from(!matches!(claim, Claim::Duplicate));
    }
    // With many processors, the shards are small and fill less evenly.
    assert!(forgotten <= newest / 50, "{forgotten}");
}

#[tokio::test]
async fn full_store_keeps_claims_in_progress() {
    let (_, guard) = shared(CAPACITY);
    let mut tickets = Vec::new();
    for n in 0..CAPACITY / 2 {
        tickets.push(claim(&guard, number(n)).await.unwrap());
    }
    for n in CAPACITY..6 * CAPACITY {
        let ticket = claim(&guard, number(n)).await.unwrap();
        ticket.commit().await.unwrap();
    }
    for n in 0..CAPACITY / 2 {
        let again = guard.claim(number(n)).await.unwrap();
        assert!(matches!(again, Claim::InProgress), "{n}");
    }
    for ticket in tickets {
        let fingerprint = ticket.fingerprint();
        ticket.commit().await.unwrap();
        let again = guard.claim(fingerprint).await.unwrap();
        assert!(matches!(again, Claim::Duplicate));
    }
}

#[tokio::test]
async fn more_claims_in_progress_than_the_capacity_are_all_kept() {
    let (store, guard) = shared(CAPACITY);
    let mut tickets = Vec::new();
    for n in 0..3 * CAPACITY {
        tickets.push(claim(&guard, number(n)).await.unwrap());
    }
    for n in 0..3 * CAPACITY {
        let again = guard.claim(number(n)).await.unwrap();
        assert!(matches!(again, Claim::InProgress), "{n}");
    }
    drop(tickets);
    assert_eq!(len(&store), 0);
}

#[tokio::test]
async fn released_claims_take_no_room() {
    let (store, guard) = shared(CAPACITY);
    for n in 0..CAPACITY / 2 {
        claim(&guard, number(n))
            .await
            .unwrap()
            .commit()
            .await
            .unwrap();
    }
    for n in CAPACITY..6 * CAPACITY {
        drop(claim(&guard, number(n)).await.unwrap());
    }
    assert_eq!(len(&store), CAPACITY / 2);
    for n in 0..CAPACITY / 2 {
        let again = guard.claim(number(n)).await.unwrap();
        assert!(matches!(again, Claim::Duplicate), "{n}");
    }
}

#[tokio::test]
async fn claims_whose_lease_has_ended_make_room() {
    let (store, guard) = shared(CAPACITY);
    let guard = guard.with_lease(Duration::ZERO);
    let mut tickets = Vec::new();
    for n in 0..5 * CAPACITY {
        tickets.push(claim(&guard, number(n)).await.unwrap());
    }
    assert!(len(&store) <= CAPACITY, "{}", len(&store));
}

#[test]
fn smallest_store_works() {
    for capacity in [0, 1, 31] {
        let (store, guard) = shared(capacity);
        runtime().block_on(async {
            for n in 0..1_000 {
                claim(&guard, number(n))
                    .await
                    .unwrap()
                    .commit()
                    .await
                    .unwrap();
                let again = guard.claim(number(n)).await.unwrap();
                assert!(matches!(again, Claim::Duplicate), "{capacity}: {n}");
                assert!(len(&store) <= 32, "{capacity}: {}", len(&store));
            }
        });
    }
}

#[tokio::test]
async fn longest_and_shortest_times_are_accepted() {
    let longest = ReplayGuard::in_memory()
        .with_lease(Duration::MAX)
        .with_time_to_live(Duration::MAX);
    let ticket = claim(&longest, number(1)).await.unwrap();
    assert!(claim(&longest, number(1)).await.is_none());
    ticket.commit().await.unwrap();
    assert!(claim(&longest, number(1)).await.is_none());

    let shortest = ReplayGuard::in_memory()
        .with_lease(Duration::ZERO)
        .with_time_to_live(Duration::ZERO);
    let ticket = claim(&shortest, number(1)).await.unwrap();
    let again = claim(&shortest, number(1)).await.unwrap();
    ticket.commit().await.unwrap();
    assert!(claim(&shortest, number(1)).await.is_some());
    drop(again);
}

#[test]
fn each_fingerprint_is_fresh_once_among_threads() {
    const THREADS: usize = 16;
    const FINGERPRINTS: usize = 2_000;

    let guard = ReplayGuard::new(MemoryStore::with_capacity(10 * FINGERPRINTS));
    let fresh: Vec<_> = (0..FINGERPRINTS).map(|_| AtomicUsize::new(0)).collect();
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (guard, fresh, start) = (guard.clone(), &fresh, &start);
            scope.spawn(move || {
                start.wait();
                runtime().block_on(async {
                    for (n, fresh) in fresh.iter().enumerate() {
                        if let Some(ticket) = claim(&guard, number(n)).await {
                            fresh.fetch_add(1, Ordering::Relaxed);
                            // Some commit at once, and others while the next claims arrive.
                            if thread % 2 == 0 {
                                thread::yield_now();
                            }
                            ticket.commit().await.unwrap();
                        }
                    }
                });
            });
        }
    });
    assert!(fresh.iter().all(|fresh| fresh.load(Ordering::Relaxed) == 1));
}

#[test]
fn debug_shows_the_number_of_fingerprints_and_the_capacity() {
    let store = MemoryStore::with_capacity(CAPACITY);
    assert_eq!(
        format!("{store:?}"),
        "MemoryStore { fingerprints: 0, capacity: 1000, .. }"
    );
    let default = format!("{:?}", MemoryStore::default());
    assert_eq!(
        default,
        "MemoryStore { fingerprints: 0, capacity: 100000, .. }"
    );
}

#[tokio::test]
async fn shared_store_keeps_the_rules_and_serves_two_guards() {
    let store = Arc::new(MemoryStore::default());
    testing::check_replay_store(&store).await.unwrap();

    let guards = [(); 2].map(|()| ReplayGuard::new(Arc::clone(&store)));
    let delivery = Fingerprint::new(["delivery of two guards"]);
    let Claim::Fresh(ticket) = guards[0].claim(delivery).await.unwrap() else {
        panic!("claimed before")
    };
    assert!(matches!(
        guards[1].claim(delivery).await.unwrap(),
        Claim::InProgress
    ));
    ticket.commit().await.unwrap();
    assert!(matches!(
        guards[1].claim(delivery).await.unwrap(),
        Claim::Duplicate
    ));
}
