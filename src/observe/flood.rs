//! A limit for the lines that a flood of requests writes.

use core::mem;
use std::sync::{Mutex, PoisonError};

use super::{clock::Start, outcome::End};
use crate::{rejection::RejectionKind, signature::KeyName};

/// The lines of one kind in one second. Further requests are counted.
const LINES: u32 = 10;

/// Counts the requests of one endpoint in the current second, by kind.
pub(super) struct Flood {
    start: Start,
    current: Mutex<Second>,
}

/// The requests of one second.
pub(super) struct Second {
    number: u64,
    requests: [u32; End::SLOTS],
}

/// The kinds of requests that get a line and are not rejected. The events do not print this key.
const OTHER_KINDS: [End; 5] = [
    // Only those that a report-only gate would reject.
    End::Verified {
        key: KeyName::CURRENT,
        replay_unchecked: false,
    },
    End::Verified {
        key: KeyName::CURRENT,
        replay_unchecked: true,
    },
    End::Duplicate {
        key: KeyName::CURRENT,
    },
    End::Handshake,
    End::Abandoned,
];

impl Flood {
    pub(super) fn new() -> Self {
        Self {
            start: Start::now(),
            current: Mutex::new(Second::new(0)),
        }
    }

    /// Counts a request. Returns whether it gets a line of its own, and the last second if it is over.
    pub(super) fn count(&self, end: End) -> (bool, Option<Second>) {
        let Some(elapsed) = self.start.elapsed() else {
            return (true, None); // no clock
        };
        self.count_at(end, elapsed.as_secs())
    }

    fn count_at(&self, end: End, second: u64) -> (bool, Option<Second>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have read the clock later and got the lock earlier.
        let past =
            (second > current.number).then(|| mem::replace(&mut *current, Second::new(second)));
        let Some(requests) = current.requests.get_mut(end.slot()) else {
            return (true, past);
        };
        *requests = requests.saturating_add(1);
        (*requests <= LINES, past)
    }

    /// Ends the current second and returns it.
    pub(super) fn take(&self) -> Second {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let number = current.number;
        mem::replace(&mut *current, Second::new(number))
    }
}

impl Second {
    const fn new(number: u64) -> Self {
        Self {
            number,
            requests: [0; End::SLOTS],
        }
    }

    /// Returns the kinds of requests that got no line of their own, with their numbers.
    pub(super) fn summaries(&self) -> impl Iterator<Item = (End, u32)> {
        let kinds = RejectionKind::ALL.iter().copied().map(End::Rejected);
        OTHER_KINDS.into_iter().chain(kinds).filter_map(|end| {
            let more = self.requests.get(end.slot())?.saturating_sub(LINES);
            (more > 0).then_some((end, more))
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{End, Flood, LINES, OTHER_KINDS, RejectionKind};

    #[test]
    fn prints_lines_up_to_limit_then_counts() {
        let flood = Flood::new();
        let forged = End::Rejected(RejectionKind::SignatureMismatch);
        let lines = (0..1_000).filter(|_| flood.count_at(forged, 7).0).count();
        assert_eq!(lines, LINES as usize);
        // Another kind has its own limit.
        assert!(flood.count_at(End::Abandoned, 7).0);

        let (line, past) = flood.count_at(forged, 8);
        assert!(line);
        let summaries: Vec<_> = past.unwrap().summaries().collect();
        assert_eq!(summaries, [(forged, 990)]);
    }

    #[test]
    fn takes_each_second_once() {
        let flood = Flood::new();
        for _ in 0..LINES + 5 {
            flood.count_at(End::Abandoned, 3);
        }
        // A thread that read the clock earlier counts into the current second.
        assert!(flood.count_at(End::Abandoned, 2).1.is_none());
        assert_eq!(
            flood.take().summaries().collect::<Vec<_>>(),
            [(End::Abandoned, 6)]
        );
        assert_eq!(flood.take().summaries().count(), 0);
    }

    #[test]
    fn each_end_has_its_own_slot() {
        let mut slots: Vec<_> = RejectionKind::ALL
            .iter()
            .map(|kind| End::Rejected(*kind).slot())
            .collect();
        slots.extend(OTHER_KINDS.map(End::slot));
        slots.sort_unstable();
        assert_eq!(slots, (0..End::SLOTS).collect::<Vec<_>>());
    }
}
