//! Sends the cases in parallel.

use alloc::{vec, vec::Vec};
use core::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::{
    io,
    sync::{Mutex, PoisonError},
    thread::{self, Builder},
};

use super::{
    failures::{Answered, Failure, Failures},
    receiver::Receiver,
};
use crate::testing::{
    attack_suite::{Case, Target, attack_suite},
    exchange::exchange,
    request::Sending,
};

/// The time that a busy machine may take for a response, in addition to the read deadlines.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bodies from this size are sent by few threads, because receivers have a budget for their memory.
const LARGE: usize = 16 * 1024;

/// How often a case that may have failed because of load is sent again.
const MORE_CHANCES: usize = 2;

/// The cases of a target, and the way to send them.
pub(super) struct Run {
    cases: Vec<Case>,
    timeout: Duration,
}

/// Where to send the cases.
struct Destination<'a> {
    address: SocketAddr,
    timeout: Duration,
    continues_first: bool,
    cancelled: &'a AtomicBool,
}

impl Run {
    pub(super) fn new(target: &Target<'_>) -> Self {
        Self {
            cases: attack_suite(target),
            timeout: target
                .read_deadline
                .saturating_mul(2)
                .saturating_add(PATIENCE),
        }
    }

    /// Starts the receiver, sends the cases, and stops the receiver. Blocks the thread.
    ///
    /// Sends no more cases once `cancelled` is true.
    pub(super) fn send(self, receiver: Receiver, cancelled: &AtomicBool) -> Result<(), Failures> {
        let continues_first = receiver.continues_first;
        let running = receiver.start().map_err(Failures::not_sent)?;
        let destination = Destination {
            address: running.address,
            timeout: self.timeout,
            continues_first,
            cancelled,
        };
        let count = self.cases.len();
        let failures = destination.send_all(self.cases).and_then(|failures| {
            // Joins the thread of the server. An error has closed its connections.
            running.stop()?;
            Ok(failures)
        });
        match failures.map_err(Failures::not_sent)? {
            failures if failures.is_empty() => Ok(()),
            failures => Err(Failures::new(failures, count)),
        }
    }
}

impl Destination<'_> {
    /// Returns the failures in the order of the cases.
    fn send_all(&self, cases: Vec<Case>) -> io::Result<Vec<Failure>> {
        let (mut slow, mut large, mut quick) = (vec![], vec![], vec![]);
        for (index, case) in cases.into_iter().enumerate() {
            let queue = match case.request.sending {
                Sending::Stalled { .. } | Sending::Pieces { .. } => &mut slow,
                _ if case.request.body.len() >= LARGE => &mut large,
                _ => &mut quick,
            };
            queue.push((index, case));
        }
        // The cases that wait for a deadline start first, all at once.
        let queues = [(slow, 9), (large, 2), (quick, 5)]
            .map(|(queue, threads)| (Mutex::new(queue.into_iter()), threads));
        let failed = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for (queue, threads) in &queues {
                for _ in 0..*threads {
                    Builder::new().spawn_scoped(scope, || {
                        while let Some((index, case)) = next(queue) {
                            if let Some(failure) = self.send(case) {
                                lock(&failed).push((index, failure));
                            }
                        }
                    })?;
                }
            }
            Ok::<_, io::Error>(())
        })?;
        let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        failed.sort_by_key(|(index, _)| *index);
        // A busy machine or a small budget is no mistake, so these get more chances, one by one.
        let again = failed.into_iter().filter_map(|(_, mut failure)| {
            for _ in 0..MORE_CHANCES {
                if failure.is_of_load() {
                    failure = self.send(failure.case)?;
                }
            }
            Some(failure)
        });
        Ok(again.collect())
    }

    fn send(&self, case: Case) -> Option<Failure> {
        if self.cancelled.load(Ordering::Relaxed) {
            return None;
        }
        let answered = match exchange(self.address, &case.request, self.timeout) {
            Err(error) => Answered::Nothing(error, self.timeout),
            Ok(mut answer) => {
                answer.continued &= !self.continues_first;
                Answered::Wrong(answer.status, case.check(&answer).err()?)
            }
        };
        Some(Failure { case, answered })
    }
}

fn next<T>(queue: &Mutex<vec::IntoIter<T>>) -> Option<T> {
    lock(queue).next()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
