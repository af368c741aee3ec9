//! A store that fails on demand.

use std::{
    future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use hubseal::{
    Fingerprint,
    replay::{ClaimId, ClaimStatus, MemoryStore, ReplayStore, StoreError, StoreFuture},
};

#[derive(Clone, Default)]
pub(super) struct ScriptedStore(Arc<State>);

#[derive(Default)]
struct State {
    store: MemoryStore,
    is_away: AtomicBool,
    stalls: AtomicBool,
    failing_commits: AtomicUsize,
    stalling_commits: AtomicUsize,
    claims: AtomicUsize,
    commits: AtomicUsize,
    releases: AtomicUsize,
}

impl ScriptedStore {
    /// Lets every claim fail, or not.
    pub(super) fn set_away(&self, is_away: bool) {
        self.0.is_away.store(is_away, SeqCst);
    }

    /// Lets every claim be made but not answered, or not.
    pub(super) fn set_stalling(&self, stalls: bool) {
        self.0.stalls.store(stalls, SeqCst);
    }

    pub(super) fn fail_commits(&self, count: usize) {
        self.0.failing_commits.store(count, SeqCst);
    }

    /// Lets the next commit never end.
    pub(super) fn stall_commit(&self) {
        self.0.stalling_commits.store(1, SeqCst);
    }

    pub(super) fn is_commit_stalled(&self) -> bool {
        self.0.stalling_commits.load(SeqCst) == 0
    }

    /// Returns the numbers of claims, of successful commits, and of releases.
    pub(super) fn calls(&self) -> [usize; 3] {
        let Self(state) = self;
        [&state.claims, &state.commits, &state.releases].map(|calls| calls.load(SeqCst))
    }
}

impl ReplayStore for ScriptedStore {
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus> {
        let Self(state) = self;
        if state.is_away.load(SeqCst) {
            return Box::pin(async { Err(StoreError::new("connection refused")) });
        }
        let claimed = state.store.claim(fingerprint, claim, lease);
        state.claims.fetch_add(1, SeqCst);
        if state.stalls.load(SeqCst) {
            return Box::pin(future::pending());
        }
        claimed
    }

    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
        let Self(state) = self;
        if count_down(&state.failing_commits) {
            return Box::pin(async { Err(StoreError::new("connection refused")) });
        }
        if count_down(&state.stalling_commits) {
            return Box::pin(future::pending());
        }
        state.commits.fetch_add(1, SeqCst);
        state.store.commit(fingerprint, time_to_live)
    }

    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
        self.0.releases.fetch_add(1, SeqCst);
        self.0.store.release(fingerprint, claim)
    }
}

/// Returns whether the count was not 0.
fn count_down(count: &AtomicUsize) -> bool {
    let counted = count.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
    counted.is_ok()
}
