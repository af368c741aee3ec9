//! A store that records its calls and follows a script.

use std::{
    collections::VecDeque,
    future::pending,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubseal::{
    Fingerprint,
    replay::{ClaimId, ClaimStatus, ReplayGuard, ReplayStore, StoreError, StoreFuture},
};
use tokio::time::Instant;

/// How one operation goes.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Succeed,
    /// Returns this status of a claim.
    Return(ClaimStatus),
    Fail,
    Hang,
    Panic,
    /// Succeeds after this time, which needs a runtime.
    Sleep(Duration),
    /// Fails after this time.
    SleepAndFail(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Claim(Fingerprint, ClaimId, Duration),
    Commit(Fingerprint, Duration),
    Release(Fingerprint, ClaimId),
}

/// Clones are the same store. An operation for which the script has no step succeeds.
#[derive(Clone, Default)]
pub(super) struct Scripted(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    calls: Vec<(Duration, Call)>,
    start: Option<Instant>,
    claims: VecDeque<Step>,
    commits: VecDeque<Step>,
    releases: VecDeque<Step>,
}

impl Scripted {
    pub(super) fn guard(&self) -> ReplayGuard {
        ReplayGuard::new(self.clone())
    }

    pub(super) fn claims(self, steps: &[Step]) -> Self {
        self.0.lock().unwrap().claims.extend(steps);
        self
    }

    pub(super) fn commits(self, steps: &[Step]) -> Self {
        self.0.lock().unwrap().commits.extend(steps);
        self
    }

    pub(super) fn releases(self, steps: &[Step]) -> Self {
        self.0.lock().unwrap().releases.extend(steps);
        self
    }

    /// Whether a guard, a ticket or work in the background still has the store.
    pub(super) fn is_in_use(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// Returns the calls so far.
    pub(super) fn calls(&self) -> Vec<Call> {
        let script = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        script.calls.iter().map(|(_, call)| *call).collect()
    }

    /// Returns when each commit began, after the first call.
    pub(super) fn times_of_commits(&self) -> Vec<Duration> {
        let script = self.0.lock().unwrap();
        let commits = script
            .calls
            .iter()
            .filter(|(_, call)| matches!(call, Call::Commit(..)));
        commits.map(|(time, _)| *time).collect()
    }

    /// Returns the claims that were released.
    pub(super) fn released(&self) -> Vec<ClaimId> {
        let released = |call| match call {
            Call::Release(_, claim) => Some(claim),
            _ => None,
        };
        self.calls().into_iter().filter_map(released).collect()
    }

    /// Returns the claims that were made.
    pub(super) fn claimed(&self) -> Vec<ClaimId> {
        let claimed = |call| match call {
            Call::Claim(_, claim, _) => Some(claim),
            _ => None,
        };
        self.calls().into_iter().filter_map(claimed).collect()
    }

    fn step(
        &self,
        call: Call,
        steps: impl FnOnce(&mut Script) -> &mut VecDeque<Step>,
    ) -> StoreFuture<'static, ClaimStatus> {
        let mut script = self.0.lock().unwrap();
        let now = Instant::now();
        let start = *script.start.get_or_insert(now);
        script.calls.push((now - start, call));
        let step = steps(&mut script).pop_front().unwrap_or(Step::Succeed);
        drop(script);
        let failed = || Err(StoreError::new("connection refused"));
        Box::pin(async move {
            match step {
                Step::Succeed => Ok(ClaimStatus::Fresh),
                Step::Return(status) => Ok(status),
                Step::Fail => failed(),
                Step::Hang => pending().await,
                Step::Panic => panic!("the store panics"),
                Step::Sleep(time) => {
                    tokio::time::sleep(time).await;
                    Ok(ClaimStatus::Fresh)
                }
                Step::SleepAndFail(time) => {
                    tokio::time::sleep(time).await;
                    failed()
                }
            }
        })
    }
}

impl ReplayStore for Scripted {
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus> {
        self.step(Call::Claim(fingerprint, claim, lease), |script| {
            &mut script.claims
        })
    }

    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
        let done = self.step(Call::Commit(fingerprint, time_to_live), |script| {
            &mut script.commits
        });
        Box::pin(async move { done.await.map(drop) })
    }

    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
        let done = self.step(Call::Release(fingerprint, claim), |script| {
            &mut script.releases
        });
        Box::pin(async move { done.await.map(drop) })
    }
}
