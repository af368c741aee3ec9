//! Counts of requests and outcomes.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How many failures are described in full.
const TOLD: usize = 20;

#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Default)]
pub(crate) struct Counts {
    /// Kind and outcome.
    pub(crate) outcomes: BTreeMap<(&'static str, String), u64>,
    pub(crate) problems: Vec<String>,
    pub(crate) more_problems: u64,
    /// Times of genuine deliveries of at most 64 KiB on open connections.
    pub(crate) on_open: Vec<Duration>,
    /// The same on new connections.
    pub(crate) with_opening: Vec<Duration>,
}

impl Tally {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn count(&self, kind: &'static str, outcome: impl ToString) {
        let key = (kind, outcome.to_string());
        *self.lock().outcomes.entry(key).or_default() += 1;
    }

    /// Counts a wrong outcome.
    pub(crate) fn wrong(&self, kind: &'static str, outcome: impl ToString) {
        let outcome = outcome.to_string();
        let mut counts = self.lock();
        if counts.problems.len() < TOLD {
            counts.problems.push(format!("{kind}: {outcome}"));
        } else {
            counts.more_problems += 1;
        }
        *counts
            .outcomes
            .entry((kind, format!("WRONG: {outcome}")))
            .or_default() += 1;
    }

    /// Records the time of a genuine delivery of at most 64 KiB.
    pub(crate) fn took(&self, time: Duration, was_open: bool) {
        let mut counts = self.lock();
        if was_open {
            counts.on_open.push(time);
        } else {
            counts.with_opening.push(time);
        }
    }

    /// Counts an outcome, which is wrong unless it is in the list.
    pub(crate) fn expect(&self, kind: &'static str, outcome: impl ToString, allowed: &[&str]) {
        let outcome = outcome.to_string();
        if allowed.contains(&outcome.as_str()) {
            self.count(kind, outcome);
        } else {
            self.wrong(kind, outcome);
        }
    }
}

impl Counts {
    pub(crate) fn of(&self, kind: &str, outcome: &str) -> u64 {
        let matching = self
            .outcomes
            .iter()
            .filter(|((k, o), _)| *k == kind && o == outcome);
        matching.map(|(_, count)| count).sum()
    }
}
