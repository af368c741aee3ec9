//! The report of an endpoint's health.

use core::{fmt, time::Duration};
use std::time::SystemTime;

use super::outcome::End;
use crate::rejection::RejectionKind;

/// The counts and the health of an endpoint at one point in time: see [`Health`](crate::Health).
///
/// `Display` prints one line for a log or a terminal:
/// ```text
/// healthy: 120 verified, last 3 s ago; 4 rejected (signature_mismatch 3, budget_exhausted 1); 1 handshake; 0 abandoned
/// unhealthy (silent): 0 verified in 3600 s; 0 rejected; 0 handshakes; 0 abandoned
/// ```
///
/// With the feature `json`, it implements `Serialize`:
/// ```json
/// {
///   "healthy": true,
///   "problem": null,
///   "last_verified_unix_seconds": 1795711200,
///   "silent_seconds": 3,
///   "counts": {"verified": 120, "duplicate": 0, "handshake": 1, "rejected": 4, "abandoned": 0},
///   "rejected": {"signature_mismatch": 3, "budget_exhausted": 1, "signature_missing": 0}
/// }
/// ```
/// The names of the fields are stable. `rejected` has every kind with which a request can end; the example
/// is shortened.
///
/// # Examples
/// ```
/// let report = hubseal::Health::new().report();
/// assert!(report.to_string().starts_with("healthy: 0 verified"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct HealthReport {
    pub(super) problem: Option<HealthProblem>,
    pub(super) last_verified: Option<SystemTime>,
    pub(super) silent_for: Option<Duration>,
    /// The requests by `End::slot`.
    pub(super) counts: [u64; End::SLOTS],
}

/// The reason why an endpoint is unhealthy.
///
/// # Examples
/// ```
/// assert_eq!(hubseal::HealthProblem::Silent.as_str(), "silent");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HealthProblem {
    /// A request was rejected as [`NotConfigured`](crate::RejectionKind::NotConfigured) since the last
    /// verified delivery.
    NotConfigured,
    /// No delivery was verified for longer than [`Health::with_max_silence`](crate::Health::with_max_silence)
    /// allows.
    Silent,
}

impl HealthProblem {
    /// Returns a name for logs, in `snake_case`.
    ///
    /// The name does not change between versions.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::HealthProblem::NotConfigured.as_str(), "not_configured");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::Silent => "silent",
        }
    }
}

impl HealthReport {
    /// Returns whether the endpoint is healthy, as defined by [`Health`](crate::Health).
    ///
    /// # Examples
    /// ```
    /// assert!(hubseal::Health::new().report().is_healthy());
    /// ```
    #[must_use]
    pub const fn is_healthy(&self) -> bool {
        self.problem.is_none()
    }

    /// Returns why the endpoint is unhealthy, or `None` if it is healthy.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Health::new().report().problem(), None);
    /// ```
    #[must_use]
    pub const fn problem(&self) -> Option<HealthProblem> {
        self.problem
    }

    /// Returns the time of the last verified delivery, in whole seconds.
    ///
    /// Returns `None` before the first, and if the platform has no clock.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Health::new().report().last_verified(), None);
    /// ```
    #[must_use]
    pub const fn last_verified(&self) -> Option<SystemTime> {
        self.last_verified
    }

    /// Returns the time since the last verified delivery, or since the creation of the
    /// [`Health`](crate::Health) before the first. It can be up to one second too short.
    ///
    /// Returns `None` if the platform has no clock.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    ///
    /// let report = hubseal::Health::new().report();
    /// assert!(report.silent_for().is_some_and(|silence| silence < Duration::from_secs(60)));
    /// ```
    #[must_use]
    pub const fn silent_for(&self) -> Option<Duration> {
        self.silent_for
    }

    /// Returns the number of verified deliveries.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Health::new().report().verified(), 0);
    /// ```
    #[must_use]
    pub fn verified(&self) -> u64 {
        let [checked, unchecked, ..] = self.counts;
        checked.saturating_add(unchecked)
    }

    /// Returns the number of duplicates that a replay guard has dropped.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Health::new().report().duplicates(), 0);
    /// ```
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        let [_, _, duplicates, ..] = self.counts;
        duplicates
    }

    /// Returns the number of answered registration handshakes.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Health::new().report().handshakes(), 0);
    /// ```
    #[must_use]
    pub fn handshakes(&self) -> u64 {
        self.count(End::Handshake)
    }

    /// Returns the number of requests that ended before their body was complete.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Health::new().report().abandoned(), 0);
    /// ```
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.count(End::Abandoned)
    }

    /// Returns the number of rejected requests of all kinds.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Health::new().report().rejected(), 0);
    /// ```
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.kinds()
            .fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// Returns the number of requests that were rejected as this kind.
    ///
    /// # Examples
    /// ```
    /// use hubseal::RejectionKind;
    ///
    /// let report = hubseal::Health::new().report();
    /// assert_eq!(report.rejected_as(RejectionKind::SignatureMismatch), 0);
    /// ```
    #[must_use]
    pub fn rejected_as(&self, kind: RejectionKind) -> u64 {
        self.count(End::Rejected(kind))
    }

    fn count(&self, end: End) -> u64 {
        self.counts.get(end.slot()).copied().unwrap_or_default()
    }

    fn kinds(&self) -> impl Iterator<Item = (RejectionKind, u64)> {
        // A delivery is parsed after it is verified, so no request ends with this kind.
        let kinds = RejectionKind::ALL.iter().copied();
        let kinds = kinds.filter(|kind| *kind != RejectionKind::JsonMismatch);
        kinds.map(|kind| (kind, self.rejected_as(kind)))
    }
}

impl fmt::Display for HealthReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem() {
            None => f.write_str("healthy: ")?,
            Some(problem) => write!(f, "unhealthy ({}): ", problem.as_str())?,
        }
        write!(f, "{} verified", self.verified())?;
        if let Some(silence) = self.silent_for.as_ref().map(Duration::as_secs) {
            match self.verified() {
                0 => write!(f, " in {silence} s")?,
                _ => write!(f, ", last {silence} s ago")?,
            }
        }
        match self.duplicates() {
            0 => {}
            1 => f.write_str("; 1 duplicate")?,
            duplicates => write!(f, "; {duplicates} duplicates")?,
        }
        write!(f, "; {} rejected", self.rejected())?;
        let mut separator = " (";
        for (kind, count) in self.kinds().filter(|(_, count)| *count > 0) {
            write!(f, "{separator}{} {count}", kind.as_str())?;
            separator = ", ";
        }
        if separator == ", " {
            f.write_str(")")?;
        }
        let (handshakes, abandoned) = (self.handshakes(), self.abandoned());
        let plural = if handshakes == 1 { "" } else { "s" };
        write!(f, "; {handshakes} handshake{plural}; {abandoned} abandoned")
    }
}

/// Prints the same line as `Display`.
impl fmt::Debug for HealthReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HealthReport({self})")
    }
}

#[cfg(feature = "json")]
mod json {
    use core::time::Duration;
    use std::time::SystemTime;

    use serde::{Serialize, Serializer, ser::SerializeStruct};

    use super::{HealthProblem, HealthReport};

    impl Serialize for HealthReport {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let last_verified = self.last_verified.and_then(|time| {
                let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).ok();
                since_1970.as_ref().map(Duration::as_secs)
            });
            let silent = self.silent_for.as_ref().map(Duration::as_secs);
            let mut report = serializer.serialize_struct("HealthReport", 6)?;
            report.serialize_field("healthy", &self.is_healthy())?;
            report.serialize_field("problem", &self.problem().map(HealthProblem::as_str))?;
            report.serialize_field("last_verified_unix_seconds", &last_verified)?;
            report.serialize_field("silent_seconds", &silent)?;
            report.serialize_field("counts", &Counts(self))?;
            report.serialize_field("rejected", &Rejected(self))?;
            report.end()
        }
    }

    struct Counts<'a>(&'a HealthReport);

    impl Serialize for Counts<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let Self(report) = self;
            let mut counts = serializer.serialize_struct("Counts", 5)?;
            counts.serialize_field("verified", &report.verified())?;
            counts.serialize_field("duplicate", &report.duplicates())?;
            counts.serialize_field("handshake", &report.handshakes())?;
            counts.serialize_field("rejected", &report.rejected())?;
            counts.serialize_field("abandoned", &report.abandoned())?;
            counts.end()
        }
    }

    struct Rejected<'a>(&'a HealthReport);

    impl Serialize for Rejected<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.kinds().map(|(kind, count)| (kind.as_str(), count)))
        }
    }
}
