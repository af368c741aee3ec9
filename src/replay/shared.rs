//! The state that the clones of a guard share with its tickets.

use alloc::boxed::Box;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::{
    claim_ids::ClaimIds,
    store::{ReplayStore, StoreError},
};

/// A store, and the state of its claims.
pub(super) struct Shared {
    pub(super) store: Box<dyn ReplayStore>,
    pub(super) ids: ClaimIds,
    /// Whether the last claim failed, so that an outage is logged once.
    away: AtomicBool,
}

impl Shared {
    pub(super) fn new(store: impl ReplayStore + 'static) -> Self {
        Self {
            store: Box::new(store),
            ids: ClaimIds::new(),
            away: AtomicBool::new(false),
        }
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
