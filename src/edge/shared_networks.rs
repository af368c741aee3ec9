//! Networks that are replaced at run time, and their age.

use core::{
    net::IpAddr,
    sync::atomic::{
        AtomicU64,
        Ordering::{Acquire, Relaxed, Release},
    },
    time::Duration,
};

use super::networks::Networks;
use crate::{observe::Start, sync::Replaceable};

/// The time between two warnings about old networks.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) struct SharedNetworks {
    networks: Replaceable<Networks>,
    created: Start,
    /// The time of the last replacement, in milliseconds after `created`.
    replaced: AtomicU64,
    /// The time from which a warning may be logged, in milliseconds after `created`. Each replacement and each
    /// warning changes it.
    warn_from: AtomicU64,
}

impl SharedNetworks {
    pub(super) fn new(networks: Networks) -> Self {
        Self {
            networks: Replaceable::new(networks),
            created: Start::now(),
            replaced: AtomicU64::new(0),
            warn_from: AtomicU64::new(0),
        }
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        self.networks.get().contains(address)
    }

    pub(super) fn len(&self) -> usize {
        self.networks.get().len()
    }

    pub(super) fn replace(&self, new: Networks) {
        self.replace_at(new, || self.now());
    }

    fn replace_at(&self, new: Networks, now: impl FnOnce() -> Duration) {
        self.networks.replace(new, |_, _| {
            // Read inside the lock, so that of two replacements the last one has the later time.
            let now = milliseconds(now());
            self.replaced.store(now, Relaxed);
            self.warn_from.store(now, Release);
        });
    }

    /// Returns the time since the last replacement, or zero without a clock.
    pub(super) fn age(&self) -> Duration {
        self.age_at(self.now())
    }

    fn age_at(&self, now: Duration) -> Duration {
        let age = milliseconds(now).saturating_sub(self.replaced.load(Relaxed));
        Duration::from_millis(age)
    }

    /// Returns the age if it is above the maximum and no warning was logged in the last 24 hours. One caller
    /// gets it.
    pub(super) fn overdue(&self, max_age: Duration) -> Option<Duration> {
        self.overdue_at(max_age, self.now())
    }

    fn overdue_at(&self, max_age: Duration, now: Duration) -> Option<Duration> {
        // Read before the age: after a replacement in between, the exchange fails.
        let warn_from = self.warn_from.load(Acquire);
        let age = self.age_at(now);
        if age <= max_age || milliseconds(now) < warn_from {
            return None;
        }
        let next = milliseconds(now.saturating_add(BETWEEN_WARNINGS));
        let exchanged = self
            .warn_from
            .compare_exchange(warn_from, next, Relaxed, Relaxed);
        exchanged.ok().map(|_| age)
    }

    fn now(&self) -> Duration {
        self.created.elapsed().unwrap_or_default()
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use core::{sync::atomic::AtomicU32, time::Duration};
    use std::thread;

    use super::{BETWEEN_WARNINGS, Networks, Relaxed, SharedNetworks};

    const DAY: Duration = BETWEEN_WARNINGS;
    const SECOND: Duration = Duration::from_secs(1);

    fn networks() -> SharedNetworks {
        SharedNetworks::new(Networks::new(&[]))
    }

    #[test]
    fn age_counts_from_last_replacement() {
        let networks = networks();
        assert_eq!(networks.age_at(5 * SECOND), 5 * SECOND);
        networks.replace_at(Networks::new(&[]), || 3 * SECOND);
        assert_eq!(networks.age_at(5 * SECOND), 2 * SECOND);
        // Another thread may have read the clock earlier.
        assert_eq!(networks.age_at(2 * SECOND), Duration::ZERO);
    }

    #[test]
    fn warns_above_maximum_age_once_a_day() {
        let (networks, max) = (networks(), 7 * DAY);
        let overdue = |now| networks.overdue_at(max, now);
        assert_eq!(overdue(Duration::ZERO), None);
        assert_eq!(overdue(max), None);

        let first = max + Duration::from_millis(1);
        assert_eq!(overdue(first), Some(first));
        assert_eq!(overdue(first), None);
        assert_eq!(overdue(max + DAY), None);
        assert_eq!(overdue(first + DAY), Some(first + DAY));
        assert_eq!(overdue(first + DAY), None);
    }

    #[test]
    fn replacement_ends_warnings_until_it_is_too_old_itself() {
        let (networks, max) = (networks(), 60 * SECOND);
        assert!(networks.overdue_at(max, 61 * SECOND).is_some());
        networks.replace_at(Networks::new(&[]), || 62 * SECOND);
        assert_eq!(networks.overdue_at(max, 62 * SECOND + max), None);
        // Less than a day after the warning about the old networks.
        let age = max + SECOND;
        assert_eq!(networks.overdue_at(max, 62 * SECOND + age), Some(age));
    }

    #[test]
    fn one_of_several_threads_gets_the_warning() {
        const THREADS: u32 = 2;
        const DAYS: u32 = 20_000;

        let (networks, arrived, warnings) = (networks(), AtomicU32::new(0), AtomicU32::new(0));
        let ask = || {
            for day in 1..=DAYS {
                // All threads ask at the same time.
                arrived.fetch_add(1, Relaxed);
                while arrived.load(Relaxed) < day.saturating_mul(THREADS) {
                    thread::yield_now();
                }
                if networks.overdue_at(Duration::ZERO, day * DAY).is_some() {
                    warnings.fetch_add(1, Relaxed);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(ask);
            }
        });
        assert_eq!(warnings.load(Relaxed), DAYS);
    }
}
