//! The health of an endpoint.

use alloc::sync::Arc;
use core::{
    fmt,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    time::Duration,
};
use std::time::SystemTime;

use super::{
    clock::{Start, unix_time},
    health_report::{HealthProblem, HealthReport},
    outcome::{End, Observer, Outcome},
};
use crate::rejection::RejectionKind;

/// Counts outcomes and tells whether an endpoint is healthy, for a health route or an alert.
///
/// An endpoint is unhealthy if
/// 1. a request was rejected as [`NotConfigured`](RejectionKind::NotConfigured) since the last verified
///    delivery, or
/// 2. no delivery was verified for longer than [`with_max_silence`](Self::with_max_silence) allows. By
///    default, any silence is allowed.
///
/// Forged requests change the counts and never the health.
///
/// - Use it for alerts. Do not let it restart the process or take it out of a load balancer: neither helps,
///   and a silent instance without traffic stays silent.
/// - Use one `Health` for each endpoint. Clones share their counts.
/// - Serve the report on an internal port, because it shows your traffic.
/// - A replayed delivery counts as verified, unless the endpoint has a replay guard. A duplicate changes
///   only its count.
/// - Requests take no lock and allocate nothing. On 32-bit targets, each count starts again at 0 after
///   2<sup>32</sup> requests.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use hubseal::{AppSecret, Endpoint, Health, RequestHead};
///
/// let health = Health::new().with_max_silence(Duration::from_secs(6 * 60 * 60));
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .add_observer(health.clone())
///     .build()?;
///
/// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
/// endpoint.receive(&RequestHead::new("POST", &headers))?.finish_with("{}")?;
///
/// // In the handler of the health route:
/// let report = health.report();
/// let status = if report.is_healthy() { 200 } else { 503 };
/// assert_eq!(status, 200);
/// let line = "healthy: 1 verified, last 0 s ago; 0 rejected; 0 handshakes; 0 abandoned";
/// assert_eq!(report.to_string(), line);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Health {
    state: Arc<State>,
    max_silence: Option<Duration>,
}

struct State {
    created: Start,
    /// The requests by `End::slot`.
    counts: [AtomicUsize; End::SLOTS],
    /// Whether the last request that was verified or `NotConfigured` was `NotConfigured`.
    not_configured: AtomicBool,
    /// The time of the last verified delivery, in whole seconds after `created`, rounded up. 0 before the
    /// first. Seconds fit into 32 bits.
    last_verified: AtomicUsize,
    /// The same time in seconds since 1970, by a clock that can be set. 0 before the first.
    last_verified_unix: AtomicUsize,
}

impl Health {
    /// Creates a `Health` without counts, which is healthy.
    ///
    /// # Examples
    /// ```
    /// let health = hubseal::Health::new();
    /// assert!(health.report().is_healthy());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: Arc::new(State {
                created: Start::now(),
                counts: [const { AtomicUsize::new(0) }; End::SLOTS],
                not_configured: AtomicBool::new(false),
                last_verified: AtomicUsize::new(0),
                last_verified_unix: AtomicUsize::new(0),
            }),
            max_silence: None,
        }
    }

    /// Sets the longest healthy time without a verified delivery. Before the first delivery, it counts
    /// from the creation.
    ///
    /// It applies to the reports of this `Health` and its later clones. Choose a time that your quietest
    /// night does not exceed. Without a clock, as on `wasm32-unknown-unknown`, it has no effect.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use hubseal::Health;
    ///
    /// let health = Health::new();
    /// let alert = health.clone().with_max_silence(Duration::ZERO);
    /// assert!(health.report().is_healthy());
    /// # std::thread::sleep(Duration::from_millis(1));
    /// assert!(!alert.report().is_healthy());
    /// ```
    #[must_use]
    pub fn with_max_silence(self, max_silence: Duration) -> Self {
        Self {
            max_silence: Some(max_silence),
            ..self
        }
    }

    /// Returns the current counts and health.
    ///
    /// While requests end on other threads, a report can include one of their changes without another.
    ///
    /// # Examples
    /// ```
    /// let report = hubseal::Health::new().report();
    /// assert_eq!(report.verified(), 0);
    /// ```
    #[must_use]
    pub fn report(&self) -> HealthReport {
        self.report_at(self.state.created.elapsed())
    }

    fn report_at(&self, elapsed: Option<Duration>) -> HealthReport {
        let state = &*self.state;
        let last_verified = Duration::from_secs(load(&state.last_verified));
        let silent_for = elapsed.map(|elapsed| elapsed.saturating_sub(last_verified));
        let too_long = |silence| self.max_silence.is_some_and(|max| silence > max);
        let problem = if state.not_configured.load(Relaxed) {
            Some(HealthProblem::NotConfigured)
        } else if silent_for.is_some_and(too_long) {
            Some(HealthProblem::Silent)
        } else {
            None
        };
        let unix = Some(load(&state.last_verified_unix)).filter(|seconds| *seconds > 0);
        HealthReport {
            problem,
            last_verified: unix.and_then(|seconds| {
                SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
            }),
            silent_for,
            counts: state.counts.each_ref().map(load),
        }
    }
}

impl State {
    fn verified(&self) {
        self.not_configured.store(false, Relaxed);
        if let Some(elapsed) = self.created.elapsed() {
            let seconds = in_usize(elapsed.as_secs()).saturating_add(1);
            // Another thread may have read the clock later and stored it earlier.
            self.last_verified.fetch_max(seconds, Relaxed);
        }
        if let Some(time) = unix_time() {
            self.last_verified_unix
                .store(in_usize(time.as_secs()), Relaxed);
        }
    }
}

fn load(counter: &AtomicUsize) -> u64 {
    u64::try_from(counter.load(Relaxed)).unwrap_or(u64::MAX)
}

fn in_usize(seconds: u64) -> usize {
    usize::try_from(seconds).unwrap_or(usize::MAX)
}

impl Observer for Health {
    fn observe(&self, outcome: &Outcome<'_>) {
        let (state, end) = (&*self.state, outcome.end());
        if let Some(count) = state.counts.get(end.slot()) {
            count.fetch_add(1, Relaxed);
        }
        match end {
            End::Verified { .. } => state.verified(),
            End::Rejected(RejectionKind::NotConfigured) => {
                state.not_configured.store(true, Relaxed);
            }
            End::Duplicate { .. } | End::Rejected(_) | End::Handshake | End::Abandoned => {}
        }
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

/// Prints the report.
impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health")
            .field("max_silence", &self.max_silence)
            .field("report", &self.report())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::{Health, HealthProblem, Relaxed};

    #[test]
    fn silence_counts_from_creation_then_from_last_delivery() {
        let health = Health::new().with_max_silence(Duration::from_secs(60));
        let at = |seconds| health.report_at(Some(Duration::from_secs_f64(seconds)));
        assert!(at(60.0).is_healthy());
        assert!(!at(60.1).is_healthy());
        assert_eq!(at(60.1).problem(), Some(HealthProblem::Silent));

        // Verified at 100.2 seconds, which is rounded up.
        health.state.last_verified.store(101, Relaxed);
        assert_eq!(at(100.2).silent_for(), Some(Duration::ZERO));
        assert!(at(161.0).is_healthy());
        assert!(!at(161.1).is_healthy());
    }

    #[test]
    fn silence_without_clock_is_healthy() {
        let health = Health::new().with_max_silence(Duration::ZERO);
        let report = health.report_at(None);
        assert!(report.is_healthy());
        assert_eq!(report.silent_for(), None);
        let line = "healthy: 0 verified; 0 rejected; 0 handshakes; 0 abandoned";
        assert_eq!(alloc::string::ToString::to_string(&report), line);
    }
}
