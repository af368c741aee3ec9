//! What the clones of a guard share with its tickets.

use alloc::boxed::Box;
use core::{
    hash::BuildHasher,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};
use std::hash::RandomState;

use super::store::{ClaimId, ReplayStore, StoreError};

/// A store, and the state of its claims.
pub(super) struct Shared {
    pub(super) store: Box<dyn ReplayStore>,
    /// Drawn at random.
    id: u64,
    claims: AtomicU64,
    /// Whether the last claim failed, so that an outage is logged once.
    away: AtomicBool,
}

impl Shared {
    pub(super) fn new(store: impl ReplayStore + 'static) -> Self {
        Self {
            store: Box::new(store),
            // `RandomState` takes its keys from the operating system.
            id: RandomState::new().hash_one(0),
            claims: AtomicU64::new(0),
            away: AtomicBool::new(false),
        }
    }

    pub(super) fn next_claim(&self) -> ClaimId {
        ClaimId::new(self.id, self.claims.fetch_add(1, Relaxed))
    }

    /// Logs the beginning and the end of an outage.
    pub(super) fn log_change(&self, error: Option<&StoreError>) {
        let away = error.is_some();
        // Written only when it changes, because every request reads it.
        if self.away.load(Relaxed) != away && self.away.swap(away, Relaxed) != away {
            match error {
                Some(error) => crate::observe::replay_store_away(error),
                None => crate::observe::replay_store_back(),
            }
        }
    }
}
