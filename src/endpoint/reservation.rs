//! The part of the memory budget that one body uses.

use core::sync::atomic::Ordering;

use super::{MemoryBudget, memory_budget::Pools};
use crate::{
    rejection::{Rejection, RejectionKind},
    sync::AtomicUsize,
};

/// The bytes that one body has taken from the budget. Dropping it releases them.
pub(super) struct Reservation {
    budget: MemoryBudget,
    /// Whether the bytes are charged to the reserve.
    small: bool,
    bytes: usize,
}

impl Reservation {
    pub(super) fn new(budget: MemoryBudget) -> Self {
        Self {
            budget,
            small: true,
            bytes: 0,
        }
    }

    /// Raises the reservation to `bytes`. An error leaves it unchanged.
    pub(super) fn grow(&mut self, bytes: usize) -> Result<(), Rejection> {
        if self.grow_leaving(0, bytes) {
            return Ok(());
        }
        Err(Rejection::new(RejectionKind::BudgetExhausted))
    }

    /// Raises the reservation to `bytes` if half of the shared half stays free.
    pub(super) fn grow_while_free(&mut self, bytes: usize) -> bool {
        self.grow_leaving(self.budget.shared() / 2, bytes)
    }

    fn grow_leaving(&mut self, free: usize, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.bytes);
        let fits_pool = !self.small || bytes <= MemoryBudget::SMALL_BODY_BYTES;
        if more == 0 || (fits_pool && take(self.pool(), more, free)) {
            self.bytes = self.bytes.max(bytes);
            return true;
        }
        // Too large for the reserve, or the reserve is used up: move to the shared half.
        if !self.small || !take(&self.budget.0.shared, bytes, free) {
            return false;
        }
        self.pool().fetch_add(self.bytes, Ordering::Relaxed);
        self.small = false;
        self.bytes = bytes;
        true
    }

    /// Returns the half of the budget to which the bytes are charged.
    fn pool(&self) -> &AtomicUsize {
        let Pools {
            reserve, shared, ..
        } = &*self.budget.0;
        if self.small { reserve } else { shared }
    }
}

/// Takes bytes from a pool if `free` bytes remain. Relaxed, because the count guards no other memory.
fn take(pool: &AtomicUsize, bytes: usize, free: usize) -> bool {
    pool.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(bytes).filter(|left| *left >= free)
    })
    .is_ok()
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.pool().fetch_add(self.bytes, Ordering::Relaxed);
    }
}
