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

/// The maximum time that failures above the limit add to the wait, in milliseconds: 5 minutes.
const MAX_DEBT: u64 = 5 * 60_000;

/// The maximum number of attempts to change a cell. Each failed attempt is a change by another thread.
const ATTEMPTS: usize = 1_000;

/// Counts failures with the generic cell rate algorithm (GCRA). It is a token bucket in one number: the time at
/// which the bucket is full again.
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
        let interval = 60_000_u64.div_ceil(failures);
        let empty = || Bucket([const { AtomicU64::new(0) }; BUCKET_CELLS]);
        Self {
            buckets: (0..BUCKETS).map(|_| empty()).collect(),
            hasher: RandomState::new(),
            interval,
            limit: interval.saturating_mul(failures),
        }
    }

    /// Returns the time in milliseconds until the source has fewer failures than the limit. `now` is called
    /// only if the source has a cell.
    pub(super) fn retry_after(&self, source: IpAddr, now: impl FnOnce() -> u64) -> Option<u64> {
        let (bucket, tag) = self.place(source)?;
        let (_, value) = known(&bucket.snapshot(), tag)?;
        let allowed = now().saturating_add(self.limit.saturating_sub(self.interval));
        (value & TIME).checked_sub(allowed).filter(|wait| *wait > 0)
    }

    /// Counts a failure. Requests that were in progress when the source reached the limit can fail too. Each of
    /// them lengthens the wait by one interval.
    pub(super) fn count(&self, source: IpAddr, now: u64) {
        let Some((bucket, tag)) = self.place(source) else {
            return;
        };
        // A thread that always loses to others gives up. They have counted in the meantime.
        for _ in 0..ATTEMPTS {
            // One snapshot for both: threads with the same new source then choose the same cell.
            let snapshot = bucket.snapshot();
            let known = known(&snapshot, tag);
            let Some((cell, old)) = known.or_else(|| forgiven_first(&snapshot)) else {
                return;
            };
            let full_at = known.map_or(0, |(_, old)| old & TIME);
            let next = full_at
                .max(now)
                .saturating_add(self.interval)
                .min(now.saturating_add(self.limit).saturating_add(MAX_DEBT))
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

    fn place(&self, source: IpAddr) -> Option<(&Bucket, u64)> {
        let hash = match source.to_canonical() {
            IpAddr::V4(address) => self.hasher.hash_one(address.to_bits()),
            // A sender usually has all addresses of a /64.
            IpAddr::V6(address) => self.hasher.hash_one(address.to_bits() >> 64),
        };
        let index = usize::try_from(hash & TIME).ok()?.checked_rem(BUCKETS)?;
        Some((self.buckets.get(index)?, hash & TAG))
    }
}

/// A cell and its value.
type Cell<'b> = (&'b AtomicU64, u64);

impl Bucket {
    fn snapshot(&self) -> [Cell<'_>; BUCKET_CELLS] {
        self.0.each_ref().map(|cell| (cell, cell.load(Relaxed)))
    }
}

/// Returns the cell of the source. Two threads can have added it at the same time: the later time applies, and
/// the tags are the same.
fn known<'b>(cells: &[Cell<'b>], tag: u64) -> Option<Cell<'b>> {
    let same = cells
        .iter()
        .copied()
        .filter(|(_, value)| value & TAG == tag);
    same.max_by_key(|(_, value)| *value)
}

fn forgiven_first<'b>(cells: &[Cell<'b>]) -> Option<Cell<'b>> {
    cells.iter().copied().min_by_key(|(_, value)| value & TIME)
}

#[cfg(test)]
mod tests {
    use core::{net::IpAddr, ops::Range};
    use std::thread;

    use proptest::{collection::vec, prelude::*};

    use super::FailureTable;

    fn source(number: u32) -> IpAddr {
        core::net::Ipv4Addr::from_bits(0x0a00_0000 | number).into()
    }

    fn fail(table: &FailureTable, sources: Range<u32>, times: u16, now: u64) {
        for number in sources {
            for _ in 0..times {
                table.count(source(number), now);
            }
        }
    }

    fn limited(table: &FailureTable, sources: Range<u32>, now: u64) -> usize {
        let waits = sources.filter_map(|number| table.retry_after(source(number), || now));
        waits.count()
    }

    #[test]
    fn forgives_one_failure_in_each_interval() {
        let table = FailureTable::new(10);
        let (source, start) = (source(1), 1_000_000);
        let wait = |now| table.retry_after(source, || now);
        for _ in 0..10 {
            assert_eq!(wait(start), None);
            table.count(source, start);
        }
        assert_eq!(wait(start), Some(6_000));
        assert_eq!(wait(start + 1), Some(5_999));
        assert_eq!(wait(start + 5_999), Some(1));
        assert_eq!(wait(start + 6_000), None);

        table.count(source, start + 6_000);
        assert_eq!(wait(start + 6_000), Some(6_000));
        assert_eq!(wait(start + 12_000), None);
    }

    #[test]
    fn rounds_interval_up_to_milliseconds() {
        for (failures, interval) in [(1, 60_000), (7, 8_572), (60_000, 1), (u16::MAX, 1)] {
            let table = FailureTable::new(failures);
            fail(&table, 0..1, failures, 5);
            assert_eq!(table.retry_after(source(0), || 5), Some(interval));
        }
    }

    #[test]
    fn failures_above_limit_lengthen_wait_up_to_five_minutes() {
        let table = FailureTable::new(10);
        fail(&table, 0..1, 12, 0);
        assert_eq!(table.retry_after(source(0), || 0), Some(3 * 6_000));
        fail(&table, 0..1, 1_000, 0);
        assert_eq!(table.retry_after(source(0), || 0), Some(306_000));
        fail(&table, 0..1, 1, 5_000);
        assert_eq!(table.retry_after(source(0), || 5_000), Some(306_000));
    }

    #[test]
    fn late_thread_with_earlier_time_forgives_nothing() {
        let table = FailureTable::new(10);
        fail(&table, 0..1, 10, 90_000);
        fail(&table, 0..1, 1, 10_000);
        assert_eq!(table.retry_after(source(0), || 90_000), Some(12_000));
    }

    #[test]
    fn keeps_tags_and_limits_nobody_after_34_years() {
        let table = FailureTable::new(10);
        for now in [super::TIME - 1, super::TIME, u64::MAX] {
            fail(&table, 0..3, 20, now);
            assert_eq!(limited(&table, 0..100, now), 0);
        }
        let cells = table.buckets.iter().flat_map(super::Bucket::snapshot);
        assert_eq!(cells.filter(|(_, value)| *value > 0).count(), 3);
    }

    /// A flood of sources that each fail once fills the table many times over within an interval.
    #[test]
    fn flood_displaces_no_source_with_more_failures() {
        let table = FailureTable::new(10);
        fail(&table, 0..1_000, 2, 1_000);
        for number in 1_000..601_000 {
            table.count(source(number), 1_000 + u64::from(number) / 200);
        }
        fail(&table, 0..1_000, 8, 4_005);
        assert_eq!(limited(&table, 0..1_000, 4_005), 1_000);
    }

    #[test]
    fn full_table_limits_no_other_source() {
        let table = FailureTable::new(1);
        fail(&table, 0..400_000, 1, 1_000);
        assert!(limited(&table, 0..400_000, 1_000) > 65_000);
        assert_eq!(limited(&table, 400_000..400_010, 1_000), 0);
    }

    #[test]
    fn threads_lose_no_count() {
        const THREADS: u16 = 8;
        const FAILURES: u16 = 500;

        for round in 0..20 {
            // The limit is one failure more.
            let table = FailureTable::new(THREADS * FAILURES + 1);
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| fail(&table, round..round + 1, FAILURES, 7));
                }
            });
            assert_eq!(limited(&table, round..round + 1, 7), 0);
            fail(&table, round..round + 1, 1, 7);
            assert_eq!(limited(&table, round..round + 1, 7), 1);
        }
    }

    /// A token bucket that is filled step by step, in milliseconds.
    struct Tokens {
        full: i64,
        interval: i64,
        credit: i64,
        filled: i64,
    }

    impl Tokens {
        fn at(&mut self, now: i64) -> &mut Self {
            let credit = self.credit.saturating_add(now.saturating_sub(self.filled));
            (self.credit, self.filled) = (credit.min(self.full), now);
            self
        }

        fn wait(&self) -> Option<u64> {
            let wait = u64::try_from(self.interval.saturating_sub(self.credit)).ok();
            wait.filter(|wait| *wait > 0)
        }
    }

    proptest! {
        /// Eight sources fit into any bucket.
        #[test]
        fn agrees_with_token_bucket_of_each_source(
            failures in prop_oneof![1..20_u16, 1..=60_000_u16],
            steps in vec((0..8_u32, prop_oneof![0..100_u64, 0..20_000_u64, Just(60_000)], 0..4_u16), 1..200),
        ) {
            let table = FailureTable::new(failures);
            let interval = i64::try_from(60_000_u64.div_ceil(u64::from(failures))).unwrap();
            let full = interval.saturating_mul(failures.into());
            let mut buckets: [_; 8] = core::array::from_fn(|_| {
                Tokens { full, interval, credit: full, filled: 0 }
            });
            let mut now = 0;
            for (number, later, times) in steps {
                now = later.saturating_add(now);
                let bucket = buckets[number as usize].at(i64::try_from(now).unwrap());
                prop_assert_eq!(table.retry_after(source(number), || now), bucket.wait());
                for _ in 0..times {
                    table.count(source(number), now);
                    bucket.credit = bucket.credit.saturating_sub(interval).max(-300_000);
                }
                prop_assert_eq!(table.retry_after(source(number), || now), bucket.wait());
            }
        }
    }
}
