//! The gates of an endpoint, which judge the source of a request before its method and signature.

use core::net::IpAddr;
#[cfg(feature = "edge")]
use core::time::Duration;

use super::RequestHead;
#[cfg(feature = "edge")]
use crate::edge::{AllowList, ClientAddress, FailureLimit};
#[cfg(feature = "edge")]
use crate::header_lookup::HeaderLookup;
#[cfg(feature = "edge")]
use crate::observe::{End, Start};
use crate::rejection::{Rejection, RejectionKind};

/// The source of a request, as far as it is known.
#[derive(Clone, Copy, Default)]
pub(crate) struct Source {
    pub(crate) address: Option<IpAddr>,
    /// The kind with which a gate in report-only mode would have rejected the request.
    pub(crate) report_only: Option<RejectionKind>,
}

/// The gates of an endpoint.
#[derive(Default)]
pub(crate) struct Gates {
    #[cfg(feature = "edge")]
    pub(super) client_address: Option<ClientAddress>,
    #[cfg(feature = "edge")]
    pub(super) allow_list: Option<AllowList>,
    #[cfg(feature = "edge")]
    pub(super) failure_limit: Option<FailureLimit>,
    /// The log explains once that the peer is missing.
    #[cfg(feature = "edge")]
    explanation: std::sync::OnceLock<()>,
}

#[cfg(not(feature = "edge"))]
impl Gates {
    /// Finds the source of a request.
    #[expect(clippy::unused_self, reason = "with `edge`, there are gates")]
    pub(super) fn judge<H: ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> (Source, Result<(), Rejection>) {
        let source = Source {
            address: head.peer,
            ..Source::default()
        };
        (source, Ok(()))
    }
}

#[cfg(feature = "edge")]
impl Gates {
    /// Finds the source of a request and judges it.
    pub(super) fn judge<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> (Source, Result<(), Rejection>) {
        let Some(peer) = head.peer else {
            return (Source::default(), self.judge_without_peer());
        };
        let address = match &self.client_address {
            Some(client_address) => client_address.find(peer, head.headers).ok(),
            None => Some(peer),
        };
        let list = self.allow_list.as_ref();
        let unlisted = list.and_then(|list| check_list(list, address));
        let is_report_only = list.is_some_and(AllowList::is_report_only);
        let source = Source {
            address,
            report_only: unlisted.filter(|_| is_report_only),
        };
        let judged = match unlisted {
            Some(kind) if !is_report_only => Err(Rejection::new(kind)),
            _ => self.check_limit(address),
        };
        (source, judged)
    }

    fn check_limit(&self, address: Option<IpAddr>) -> Result<(), Rejection> {
        let Some(limit) = &self.failure_limit else {
            return Ok(());
        };
        let address = address.ok_or_else(|| Rejection::new(RejectionKind::SourceUnknown))?;
        match limit.retry_after(address) {
            Some(wait) => Err(Rejection::new(RejectionKind::TooManyFailures).retry_after(wait)),
            None => Ok(()),
        }
    }

    /// Judges a request without a peer, which only a mistake in the application's setup can cause.
    fn judge_without_peer(&self) -> Result<(), Rejection> {
        if self.allow_list.is_none() && self.failure_limit.is_none() {
            return Ok(());
        }
        self.explanation.get_or_init(crate::observe::peer_missing);
        Err(Rejection::new(RejectionKind::NotConfigured))
    }

    /// Counts a failed request of the source.
    pub(super) fn count(&self, end: End, source: Option<IpAddr>, start: Option<Start>) {
        let elapsed = || start.and_then(Start::elapsed).unwrap_or_default();
        if let (Some(limit), Some(source)) = (&self.failure_limit, source) {
            if is_failure(end, elapsed) {
                limit.count(source);
            }
        }
    }
}

/// Returns the kind of the rejection if the list does not contain the source.
#[cfg(feature = "edge")]
fn check_list(list: &AllowList, address: Option<IpAddr>) -> Option<RejectionKind> {
    if let Some(age) = list.overdue() {
        crate::observe::allow_list_overdue(age);
    }
    match address {
        Some(address) if list.contains(address) => None,
        Some(_) => Some(RejectionKind::SourceNotAllowed),
        None => Some(RejectionKind::SourceUnknown),
    }
}

/// A body that has used the memory budget for this time is slow.
#[cfg(feature = "edge")]
const SLOW: Duration = Duration::from_secs(1);

/// Returns whether the end is a failure of the sender.
///
/// - Only deliveries count: others can make the platform's servers send a `GET` or a `HEAD`.
/// - A key past its deadline does not count, because the platform repeats old deliveries.
/// - A used-up memory budget counts for a slow body only, which has helped to use it up.
#[cfg(feature = "edge")]
fn is_failure(end: End, elapsed: impl Fn() -> Duration) -> bool {
    match end {
        End::Abandoned
        | End::Rejected(
            RejectionKind::SignatureMissing
            | RejectionKind::SignatureRepeated
            | RejectionKind::SignatureMalformed
            | RejectionKind::SignatureMismatch
            | RejectionKind::TimestampTooOld
            | RejectionKind::TimestampInFuture
            | RejectionKind::LengthMismatch
            | RejectionKind::BodyUnreadable
            | RejectionKind::DeadlinePassed
            | RejectionKind::PayloadTooLarge
            | RejectionKind::ContentEncoded,
        ) => true,
        End::Rejected(RejectionKind::BudgetExhausted) => elapsed() >= SLOW,
        _ => false,
    }
}

#[cfg(all(test, feature = "edge"))]
mod tests {
    use core::net::IpAddr;

    use crate::{
        edge::FailureLimit,
        endpoint::{Endpoint, RequestHead},
        secret::AppSecret,
    };

    /// The client of a delivery can go away while the replay store is asked.
    #[test]
    fn verified_delivery_that_is_dropped_is_not_counted() {
        let secret = AppSecret::new("a key of this test").unwrap();
        let builder = Endpoint::builder(secret).failure_limit(FailureLimit::per_minute(1));
        let endpoint = builder.build().unwrap();
        let signature = alloc::string::ToString::to_string(&endpoint.verifier().sign("{}"));
        let headers = [("x-hub-signature-256", &*signature)];
        let peer = IpAddr::from([192, 0, 2, 7]);
        let receive = || endpoint.receive(&RequestHead::new("POST", &headers).peer(peer));

        drop(receive().unwrap().end_with("{}".into()).unwrap());
        assert!(receive().is_ok(), "the verified one is not counted");
        // That one was dropped before its verification.
        assert!(receive().is_err());
    }
}
