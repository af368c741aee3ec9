//! A store in the memory of the process.

use alloc::boxed::Box;
use core::{fmt, future::ready, time::Duration};
use std::{hash::RandomState, time::Instant};

use quick_cache::{
    Lifecycle, UnitWeighter,
    sync::{Cache, EntryAction, EntryResult},
};

use super::{
    ReplayStore,
    store::{ClaimId, ClaimStatus, StoreFuture},
};
use crate::signature::Fingerprint;

/// Remembers fingerprints in memory, for a service of one process. A restart forgets them.
///
/// The memory is bounded by the capacity, plus the claims in progress. A full store forgets committed
/// fingerprints to make room, the oldest ones first
/// with few exceptions. It never forgets one in progress before its lease ends. Set the capacity to more deliveries than you
/// receive in the time to live.
///
/// # Examples
/// ```
/// use hubseal::replay::{MemoryStore, ReplayGuard};
///
/// let _guard = ReplayGuard::new(MemoryStore::with_capacity(1_000_000));
/// ```
pub struct MemoryStore {
    entries: Cache<Fingerprint, Entry, UnitWeighter, RandomState, KeepClaims>,
    clock: Clock,
}

impl MemoryStore {
    /// The default capacity: 100,000 fingerprints, which take about 10 MB.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Creates a store for this number of fingerprints, but at least 32. Each takes about 100 bytes.
    ///
    /// The capacity is divided into shards, so a store can be full a little earlier.
    ///
    /// # Examples
    /// ```
    /// let _store = hubseal::replay::MemoryStore::with_capacity(1_000_000);
    /// ```
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let capacity = capacity.max(32);
        let clock = Clock(Instant::now());
        Self {
            entries: Cache::with(
                capacity,
                u64::try_from(capacity).unwrap_or(u64::MAX),
                UnitWeighter,
                RandomState::new(),
                KeepClaims(clock),
            ),
            clock,
        }
    }

    /// Stores an entry where `status` returns `Fresh` for the present one, or where there is none. Returns
    /// the status.
    fn put(
        &self,
        fingerprint: Fingerprint,
        new: Entry,
        status: impl Fn(&Entry) -> ClaimStatus,
    ) -> ClaimStatus {
        loop {
            let found = self.entries.entry(&fingerprint, None, |_, entry| {
                let status = status(entry);
                if status == ClaimStatus::Fresh {
                    *entry = new;
                }
                EntryAction::Retain(status)
            });
            match found {
                EntryResult::Retained(status) => return status,
                EntryResult::Vacant(place) => {
                    // Fails if another thread has changed the place in between.
                    if place.insert(new).is_ok() {
                        return ClaimStatus::Fresh;
                    }
                }
                // Not returned for these arguments.
                EntryResult::Removed(..) | EntryResult::Replaced(..) | EntryResult::Timeout => {}
            }
        }
    }
}

impl ReplayStore for MemoryStore {
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus> {
        let now = self.clock.now();
        let held = Entry {
            claim: Some(claim),
            until: now.saturating_add(millis(lease)),
        };
        let status = self.put(fingerprint, held, |entry| entry.status(now));
        Box::pin(ready(Ok(status)))
    }

    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
        let committed = Entry {
            claim: None,
            until: self.clock.now().saturating_add(millis(time_to_live)),
        };
        self.put(fingerprint, committed, |_| ClaimStatus::Fresh);
        Box::pin(ready(Ok(())))
    }

    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
        self.entries
            .remove_if(&fingerprint, |entry| entry.claim == Some(claim));
        Box::pin(ready(Ok(())))
    }
}

/// Creates a store with the default capacity.
impl Default for MemoryStore {
    fn default() -> Self {
        Self::with_capacity(Self::DEFAULT_CAPACITY)
    }
}

/// Prints the number of fingerprints and the capacity.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("fingerprints", &self.entries.len())
            .field("capacity", &self.entries.capacity())
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy)]
struct Entry {
    /// `None` for a commit.
    claim: Option<ClaimId>,
    /// When the entry ends, in milliseconds after the creation of the store.
    until: u64,
}

impl Entry {
    const fn status(self, now: u64) -> ClaimStatus {
        match self.claim {
            _ if self.until <= now => ClaimStatus::Fresh,
            Some(_) => ClaimStatus::InProgress,
            None => ClaimStatus::Duplicate,
        }
    }
}

/// Counts from the creation of a store.
#[derive(Clone, Copy)]
struct Clock(Instant);

impl Clock {
    /// Returns the time since the creation, in milliseconds.
    fn now(self) -> u64 {
        millis(self.0.elapsed())
    }
}

/// Keeps claims in a full cache until their lease ends.
#[derive(Clone)]
struct KeepClaims(Clock);

impl Lifecycle<Fingerprint, Entry> for KeepClaims {
    type RequestState = ();

    fn is_pinned(&self, _: &Fingerprint, entry: &Entry) -> bool {
        // The clock is read for claims only, because most entries are commits.
        entry.claim.is_some() && entry.status(self.0.now()) == ClaimStatus::InProgress
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
