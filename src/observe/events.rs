//! Events for `tracing`, and through it for `log`.

#[cfg(feature = "replay")]
use core::fmt::Display;

use tracing::{Level, field::display};

use super::{
    flood::{Flood, Second},
    outcome::{End, Observer, Outcome},
};
#[cfg(any(feature = "axum", feature = "actix"))]
use crate::rejection::Rejection;
use crate::rejection::RejectionKind;
#[cfg(feature = "replay")]
use crate::signature::Fingerprint;

/// The target of every event.
pub(super) const TARGET: &str = "hubseal";

/// Writes an event for each request. A flood is counted instead.
pub(super) struct Events {
    flood: Flood,
}

/// `event!` needs its level at compile time.
macro_rules! event {
    ($level:expr, $($fields:tt)*) => {
        match $level {
            Level::ERROR => tracing::event!(target: TARGET, Level::ERROR, $($fields)*),
            Level::WARN => tracing::event!(target: TARGET, Level::WARN, $($fields)*),
            Level::INFO => tracing::event!(target: TARGET, Level::INFO, $($fields)*),
            _ => tracing::event!(target: TARGET, Level::DEBUG, $($fields)*),
        }
    };
}

impl Events {
    pub(super) fn new() -> Self {
        Self {
            flood: Flood::new(),
        }
    }

    /// Writes the summaries of the current second, before the endpoint goes.
    pub(super) fn finish(&self, endpoint: &str) {
        summarise(endpoint, &self.flood.take());
    }
}

impl Observer for Events {
    fn observe(&self, outcome: &Outcome<'_>) {
        let Outcome {
            endpoint,
            end,
            body_bytes,
            ..
        } = *outcome;
        let key = end.key().map(display);
        let report_only = outcome.report_only().map(RejectionKind::as_str);
        let is_plain = matches!(
            end,
            End::Verified {
                replay_unchecked: false,
                ..
            }
        );
        if is_plain && report_only.is_none() {
            tracing::debug!(target: TARGET, endpoint, key, body_bytes, elapsed_us = outcome.elapsed_us(), "verified");
            return;
        }
        let (line, past) = self.flood.count(end);
        if let Some(past) = past {
            summarise(endpoint, &past);
        }
        if line {
            event!(
                level(end),
                endpoint,
                key,
                reason = end.reason(),
                report_only,
                body_bytes,
                elapsed_us = outcome.elapsed_us(),
                "{end}"
            );
        }
    }
}

fn summarise(endpoint: &str, past: &Second) {
    for (end, count) in past.summaries() {
        event!(
            level(end),
            endpoint,
            reason = end.reason(),
            count,
            "{count} more requests in one second: {end}"
        );
    }
}

fn level(end: End) -> Level {
    match end {
        End::Handshake | End::Duplicate { .. } => Level::INFO,
        End::Rejected(RejectionKind::NotConfigured) => Level::ERROR,
        End::Verified { .. } | End::Rejected(_) | End::Abandoned => Level::WARN,
    }
}

/// Reports a verified delivery that the handler's type does not fit.
#[cfg(any(feature = "axum", feature = "actix"))]
pub(crate) fn json_mismatch(rejection: &Rejection) {
    tracing::warn!(
        target: TARGET,
        reason = rejection.kind().as_str(),
        "verified delivery answered with 422, Meta repeats it: {rejection}"
    );
}

/// Reports a mistake in the application's setup. `route` contains no part of the request.
#[cfg(feature = "actix")]
pub(crate) fn not_configured(route: &str, explanation: &str) {
    tracing::error!(target: TARGET, "cannot verify a delivery at \"{route}\": {explanation}");
}

/// Reports a gate that gets no address to judge.
#[cfg(feature = "edge")]
pub(crate) fn peer_missing() {
    tracing::error!(
        target: TARGET,
        "a gate needs the address of the peer, so every request is rejected with 500; with axum, serve \
         `into_make_service_with_connect_info::<SocketAddr>()`; with hyper or tower, put the `SocketAddr` of the \
         peer into the extensions of each request; elsewhere, call `RequestHead::peer`"
    );
}

/// Reports an allow-list that is older than its maximum age.
#[cfg(feature = "edge")]
pub(crate) fn allow_list_overdue(age: core::time::Duration) {
    let days = age.as_secs() / (24 * 60 * 60);
    tracing::warn!(
        target: TARGET,
        days,
        "the allow-list is {days} days old and may reject genuine deliveries; replace it"
    );
}

/// Reports the beginning of an outage of the replay store.
#[cfg(feature = "replay")]
pub(crate) fn replay_store_away(error: &impl Display) {
    tracing::error!(target: TARGET, "{error}");
}

/// Reports the end of an outage.
#[cfg(feature = "replay")]
pub(crate) fn replay_store_back() {
    tracing::info!(target: TARGET, "replay store is available again");
}

/// Reports a handled delivery that the replay store does not remember.
#[cfg(feature = "replay")]
pub(crate) fn replay_not_committed(fingerprint: Fingerprint, error: &impl Display) {
    tracing::error!(
        target: TARGET,
        %fingerprint,
        "handled, but not remembered; if it is sent again, it is handled again: {error}"
    );
}
