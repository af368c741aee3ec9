//! A table of sources with failures, whose memory is fixed.

use alloc::boxed::Box;
use core::{
    hash::BuildHasher,
    net::IpAddr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};
use std::hash::RandomState;

/// 8,192 buckets are 65,536 cells in 512 KiB.
const BUCKETS: usize = 8_192;
const BUCKET_CELLS: usize = 8;

/// The lower 40 bits of a cell are a time in milliseconds, which lasts for 34 years.
const TIME: u64 = (1 << 40) - 1;
/// The upper 24 bits are the tag of the source.
const TAG: u64 = !TIME;

/// The maximum number of attempts to change a cell. Each failed attempt is a change by another thread.
const ATTEMPTS: usize = 32;

const MINUTE: u64 = 60_000;

/// Counts failures with the generic cell rate algorithm (GCRA), which is a token bucket in one number: the time
/// at which the bucket is full again.
///
/// Two sources share a cell if the 13 bits of their bucket and the 24 bits of their tag are equal. For two given
/// sources, the probability is 2^-37. For a source and any of those in a full table, it is 2^-21. The hash has
/// a random key, so nobody can choose an address that shares the cell of another one.
///
/// A new source replaces the one in its bucket that is forgiven first. One failure of a flood is forgiven after
/// one interval, so such a flood cannot replace a source with more failures left.
pub(super) struct FailureTable {
    buckets: Box<[Bucket]>,
    hasher: RandomState,
    /// The time until one failure is forgiven, in milliseconds.
    interval: u64,
    /// The time until as many failures as the limit are forgiven.
    limit: u64,
}

/// One line of the cache. An empty cell is 0.
#[repr(align(64))]
struct Bucket([AtomicU64; BUCKET_CELLS]);

impl FailureTable {
    pub(super) fn new(failures: u16) -> Self {
        let failures = u64::from(failures).max(1);
        let interval = MINUTE.div_ceil(failures);
        let empty = || Bucket([const { AtomicU64::new(0) }; BUCKET_CELLS]);
        Self {
            buckets: (0..BUCKETS).map(|_| empty()).collect(),
            hasher: RandomState::new(),
            interval,
            limit: interval.saturating_mul(failures),
        }
    }

    /// Returns the time in milliseconds until the source has less failures than the limit. `now` is read only
    /// if the source has failures.
    pub(super) fn retry_after(&self, source: IpAddr, now: impl FnOnce() -> u64) -> Option<u64> {
        let (bucket, tag) = self.place(source)?;
        let (_, cell) = known(bucket, tag)?;
        let allowed = now().saturating_add(self.limit.saturating_sub(self.interval));
        (cell & TIME).checked_sub(allowed).filter(|wait| *wait > 0)
    }

    /// Counts a failure. Above the limit, it has no effect but that the next failure is forgiven later.
    pub(super) fn count(&self, source: IpAddr, now: u64) {
        let Some((bucket, tag)) = self.place(source) else {
            return;
        };
        // A thread that always loses to others gives up. They have counted in the meantime.
        for _ in 0..ATTEMPTS {
            let known = known(bucket, tag);
            let Some((cell, old)) = known.or_else(|| forgiven_first(bucket)) else {
                return;
            };
            let full_at = known.map_or(0, |(_, old)| old & TIME);
            let next = full_at
                .max(now)
                .saturating_add(self.interval)
                .min(now.saturating_add(self.limit))
                .max(full_at) // another thread may have read the clock later
                .min(TIME);
            if cell
                .compare_exchange(old, tag | next, Relaxed, Relaxed)
                .is_ok()
            {
                return;
            }
        }
    }

    fn place(&self, source: IpAddr) -> Option<(&[AtomicU64], u64)> {
        let hash = match source.to_canonical() {
            IpAddr::V4(address) => self.hasher.hash_one(address.to_bits()),
            // A sender usually has all addresses of a /64.
            IpAddr::V6(address) => self.hasher.hash_one(address.to_bits() >> 64),
        };
        let index = usize::try_from(hash & TIME).ok()?.checked_rem(BUCKETS)?;
        Some((&self.buckets.get(index)?.0, hash & TAG))
    }
}

/// Returns the cell of the source. Two threads can have added it at the same time: the higher count applies.
fn known(bucket: &[AtomicU64], tag: u64) -> Option<(&AtomicU64, u64)> {
    let cells = bucket.iter().map(|cell| (cell, cell.load(Relaxed)));
    let same = cells.filter(|(_, value)| value & TAG == tag);
    same.max_by_key(|(_, value)| value & TIME)
}

fn forgiven_first(bucket: &[AtomicU64]) -> Option<(&AtomicU64, u64)> {
    let cells = bucket.iter().map(|cell| (cell, cell.load(Relaxed)));
    cells.min_by_key(|(_, value)| value & TIME)
}
