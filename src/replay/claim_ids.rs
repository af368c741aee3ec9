//! New ids of claims.

use core::{
    hash::BuildHasher,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};
use std::hash::RandomState;

use super::store::ClaimId;

/// Creates ids that no other process creates.
pub(crate) struct ClaimIds {
    /// Drawn at random.
    source: u64,
    numbers: AtomicU64,
}

impl ClaimIds {
    pub(crate) fn new() -> Self {
        Self {
            // `RandomState` takes its keys from the operating system.
            source: RandomState::new().hash_one(0),
            numbers: AtomicU64::new(0),
        }
    }

    pub(crate) fn next(&self) -> ClaimId {
        ClaimId::new(self.source, self.numbers.fetch_add(1, Relaxed))
    }
}
