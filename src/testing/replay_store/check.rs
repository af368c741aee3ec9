//! The operations of a check.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    future::poll_fn,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, Waker},
    time::Duration,
};
use std::{thread, time::Instant};

use tokio::{
    runtime::Handle,
    time::{sleep, timeout},
};

use super::{BrokenRule, ReplayRule};
use crate::{
    replay::{ClaimId, ClaimIds, ClaimStatus, ReplayStore, StoreError, StoreFuture},
    signature::Fingerprint,
};

/// A lease or a time to live that ends during the check.
pub(super) const SHORT: Duration = Duration::from_millis(250);

/// One that does not.
pub(super) const LONG: Duration = Duration::from_secs(60);

/// The longest time that one operation may take.
const LONGEST: Duration = Duration::from_secs(10);

/// How much later than asked for an entry may end, because a database may count in seconds.
const SLACK: Duration = Duration::from_secs(2);

pub(super) struct Check<'a> {
    store: &'a dyn ReplayStore,
    ids: ClaimIds,
}

impl<'a> Check<'a> {
    pub(super) fn new(store: &'a dyn ReplayStore) -> Self {
        Self {
            store,
            ids: ClaimIds::new(),
        }
    }

    /// Returns a fingerprint that nobody has claimed.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::new([self.ids.next().to_string()])
    }

    pub(super) fn claim_id(&self) -> ClaimId {
        self.ids.next()
    }

    pub(super) async fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> Result<ClaimStatus, BrokenRule> {
        in_time(self.store.claim(fingerprint, claim, lease)).await
    }

    pub(super) async fn commit(
        &self,
        fingerprint: Fingerprint,
        time_to_live: Duration,
    ) -> Result<(), BrokenRule> {
        in_time(self.store.commit(fingerprint, time_to_live)).await
    }

    pub(super) async fn release(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
    ) -> Result<(), BrokenRule> {
        in_time(self.store.release(fingerprint, claim)).await
    }

    /// Claims a new fingerprint. Returns both.
    pub(super) async fn claimed(
        &self,
        lease: Duration,
    ) -> Result<(Fingerprint, ClaimId), BrokenRule> {
        let (fingerprint, claim) = (self.fingerprint(), self.claim_id());
        let status = self.claim(fingerprint, claim, lease).await?;
        let rule = ReplayRule::FirstIsFresh;
        expect(rule, ClaimStatus::Fresh, status, "a first claim")?;
        Ok((fingerprint, claim))
    }

    /// Checks the status that one more claim gets.
    pub(super) async fn expect(
        &self,
        rule: ReplayRule,
        expected: ClaimStatus,
        fingerprint: Fingerprint,
        after: &str,
    ) -> Result<(), BrokenRule> {
        let status = self.claim(fingerprint, self.claim_id(), LONG).await?;
        expect(rule, expected, status, after)
    }

    /// Checks that a claim is fresh now, or soon. Returns the claim.
    pub(super) async fn expect_end(
        &self,
        rule: ReplayRule,
        fingerprint: Fingerprint,
        after: &str,
    ) -> Result<ClaimId, BrokenRule> {
        let start = Instant::now();
        loop {
            let claim = self.claim_id();
            let status = self.claim(fingerprint, claim, LONG).await?;
            if status == ClaimStatus::Fresh {
                return Ok(claim);
            }
            if start.elapsed() > SLACK {
                expect(rule, ClaimStatus::Fresh, status, after)?;
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Begins a claim and drops its future.
    pub(super) async fn drop_claim(&self, fingerprint: Fingerprint, lease: Duration) {
        poll_once(&mut self.store.claim(fingerprint, self.claim_id(), lease)).await;
    }

    /// Begins a commit and drops its future.
    pub(super) async fn drop_commit(&self, fingerprint: Fingerprint) {
        poll_once(&mut self.store.commit(fingerprint, LONG)).await;
    }

    /// Claims for [`at_once`](Self::at_once).
    pub(super) fn claim_later(
        &'a self,
        fingerprint: Fingerprint,
    ) -> StoreFuture<'a, Option<ClaimStatus>> {
        let claim = self.claim_id();
        Box::pin(async move {
            let status = self.store.claim(fingerprint, claim, LONG).await?;
            Ok(Some(status))
        })
    }

    /// Commits in [`at_once`](Self::at_once).
    pub(super) fn commit_later(
        &'a self,
        fingerprint: Fingerprint,
    ) -> StoreFuture<'a, Option<ClaimStatus>> {
        Box::pin(async move {
            self.store.commit(fingerprint, LONG).await?;
            Ok(None)
        })
    }

    /// Releases in [`at_once`](Self::at_once).
    pub(super) fn release_later(
        &'a self,
        fingerprint: Fingerprint,
        claim: ClaimId,
    ) -> StoreFuture<'a, Option<ClaimStatus>> {
        Box::pin(async move {
            self.store.release(fingerprint, claim).await?;
            Ok(None)
        })
    }

    /// Runs operations at the same time, and returns the statuses of the claims.
    ///
    /// Begins them one after another in even rounds, for races between two steps of a future. Begins them
    /// on several threads in odd rounds, for races within a step.
    pub(super) async fn at_once(
        &self,
        round: usize,
        mut operations: Vec<StoreFuture<'_, Option<ClaimStatus>>>,
    ) -> Result<Vec<ClaimStatus>, BrokenRule> {
        let threads = match round % 2 {
            0 => 1,
            _ => thread::available_parallelism().map_or(2, |count| count.get().clamp(2, 8)),
        };
        let mut results = begin(&mut operations, threads);
        let all = poll_fn(|context| {
            let mut pending = false;
            for (operation, result) in operations.iter_mut().zip(&mut results) {
                if result.is_pending() {
                    *result = operation.as_mut().poll(context);
                    pending |= result.is_pending();
                }
            }
            if pending {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        });
        timeout(LONGEST, all).await.map_err(|_| too_slow())?;
        let mut statuses = Vec::new();
        for result in results {
            if let Poll::Ready(result) = result {
                statuses.extend(result.map_err(failed)?);
            }
        }
        Ok(statuses)
    }
}

/// Polls each future once, spread over threads that start together.
fn begin<T: Send>(
    operations: &mut [StoreFuture<'_, T>],
    threads: usize,
) -> Vec<Poll<Result<T, StoreError>>> {
    let runtime = Handle::try_current().ok();
    let share = operations.len().div_ceil(threads.max(1)).max(1);
    let waiting = AtomicUsize::new(operations.len().div_ceil(share));
    thread::scope(|scope| {
        let spawn = |operations| {
            let (runtime, waiting) = (&runtime, &waiting);
            scope.spawn(move || {
                let _entered = runtime.as_ref().map(Handle::enter);
                // Not a `Barrier`, which wakes one thread after another.
                waiting.fetch_sub(1, Ordering::AcqRel);
                while waiting.load(Ordering::Acquire) > 0 {
                    thread::yield_now();
                }
                poll_all(operations)
            })
        };
        let threads: Vec<_> = operations.chunks_mut(share).map(spawn).collect();
        let results = threads.into_iter().flat_map(|thread| match thread.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        results.collect()
    })
}

fn poll_all<T>(operations: &mut [StoreFuture<'_, T>]) -> Vec<Poll<Result<T, StoreError>>> {
    let context = &mut Context::from_waker(Waker::noop());
    let poll = |operation: &mut StoreFuture<'_, T>| operation.as_mut().poll(context);
    operations.iter_mut().map(poll).collect()
}

async fn poll_once<T>(operation: &mut StoreFuture<'_, T>) {
    poll_fn(|context| {
        let _ = operation.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

pub(super) async fn wait_for_short() {
    sleep(SHORT.saturating_add(Duration::from_millis(50))).await;
}

pub(super) fn expect(
    rule: ReplayRule,
    expected: ClaimStatus,
    status: ClaimStatus,
    after: &str,
) -> Result<(), BrokenRule> {
    if status == expected {
        return Ok(());
    }
    broken(
        rule,
        format!("expected {expected:?} for {after}, got {status:?}"),
    )
}

pub(super) fn broken(rule: ReplayRule, problem: String) -> Result<(), BrokenRule> {
    Err(BrokenRule {
        rule,
        problem,
        cause: None,
    })
}

async fn in_time<T>(operation: StoreFuture<'_, T>) -> Result<T, BrokenRule> {
    match timeout(LONGEST, operation).await {
        Ok(result) => result.map_err(failed),
        Err(_) => Err(too_slow()),
    }
}

fn failed(error: StoreError) -> BrokenRule {
    BrokenRule {
        rule: ReplayRule::Works,
        problem: format!("expected success, got the error: {error}"),
        cause: Some(error),
    }
}

fn too_slow() -> BrokenRule {
    BrokenRule {
        rule: ReplayRule::EndsInTime,
        problem: format!("expected an end, got none in {LONGEST:?}"),
        cause: None,
    }
}
