//! The report of one request.

use super::{gates::Source, policy::Policy};
use crate::{
    observe::{End, Outcome, Start},
    rejection::Rejection,
    signature::KeyName,
    sync::Arc,
};

/// Reports the outcome of one request to the observers exactly once, at the latest when it is dropped.
pub(crate) struct Report {
    policy: Arc<Policy>,
    source: Source,
    start: Option<Start>,
    body_bytes: u64,
    /// Whether the body is verified, so that no end is a failure of the sender.
    #[cfg(feature = "edge")]
    is_verified: bool,
    /// The end to report on a drop. `None` after the report.
    unfinished: Option<End>,
}

impl Report {
    pub(crate) fn new(policy: &Arc<Policy>, source: Source) -> Self {
        Self {
            policy: Arc::clone(policy),
            source,
            start: policy.observers.start(),
            body_bytes: 0,
            #[cfg(feature = "edge")]
            is_verified: false,
            unfinished: Some(End::Abandoned),
        }
    }

    /// Runs a check of the application's setup. If it panics, reports `NotConfigured`.
    #[cfg(feature = "_adapter")]
    pub(crate) fn check_setup(policy: &Arc<Policy>, check: impl FnOnce()) {
        use crate::rejection::RejectionKind;

        let mut report = Self::new(policy, Source::default());
        report.unfinished = Some(End::Rejected(RejectionKind::NotConfigured));
        check();
        report.unfinished = None;
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Counts a chunk of the body.
    pub(crate) fn received(&mut self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.body_bytes = self.body_bytes.saturating_add(bytes);
    }

    /// Ends the count of failures, because the body is verified. A claim may still be dropped or rejected.
    #[cfg(feature = "edge")]
    pub(crate) const fn body_verified(&mut self) {
        self.is_verified = true;
    }

    pub(crate) fn verified(&mut self, key: KeyName) {
        self.end(End::Verified {
            key,
            replay_unchecked: false,
        });
    }

    /// Reports a delivery that is handled although the replay store is unavailable.
    #[cfg(all(feature = "replay", feature = "_adapter"))]
    pub(crate) fn replay_unchecked(&mut self, key: KeyName) {
        self.end(End::Verified {
            key,
            replay_unchecked: true,
        });
    }

    #[cfg(all(feature = "replay", feature = "_adapter"))]
    pub(crate) fn duplicate(&mut self, key: KeyName) {
        self.end(End::Duplicate { key });
    }

    pub(crate) fn handshake(&mut self) {
        self.end(End::Handshake);
    }

    /// Reports a rejection, and applies the endpoint's settings to it.
    pub(crate) fn rejected(&mut self, rejection: Rejection) -> Rejection {
        self.end(End::Rejected(rejection.kind()));
        self.policy.answer(rejection)
    }

    fn end(&mut self, end: End) {
        if self.unfinished.take().is_some() {
            #[cfg(feature = "edge")]
            if !self.is_verified {
                let gates = &self.policy.gates;
                gates.count(end, self.source.address, self.start);
            }
            self.policy.observers.tell(&Outcome {
                endpoint: &self.policy.observers.name,
                end,
                body_bytes: self.body_bytes,
                start: self.start,
                source: self.source.address,
                report_only: self.source.report_only,
                #[cfg(feature = "metrics")]
                memory_available: self.policy.memory_budget.available(),
            });
        }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(end) = self.unfinished {
            self.end(end);
        }
    }
}
