//! The outcome of a request.

use core::{fmt, net::IpAddr, time::Duration};

use super::clock::Start;
use crate::{rejection::RejectionKind, signature::KeyName};

/// Receives the outcome of each request.
///
/// Every closure that takes a `&Outcome` is an observer. Add observers with
/// [`EndpointBuilder::add_observer`](crate::EndpointBuilder::add_observer). To add one that is behind an
/// `Arc`, add a closure that calls it.
///
/// - An endpoint calls each observer exactly once for each request that it receives, on the thread that
///   serves the request. Return quickly, and do not block.
/// - With `std` and unwinding, a panic of an observer is caught. The request and the other observers go on.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, End, Endpoint, Observer, Outcome, RejectionKind, RequestHead};
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
///
/// #[derive(Clone, Default)]
/// struct CountForgeries(Arc<AtomicU64>);
///
/// impl Observer for CountForgeries {
///     fn observe(&self, outcome: &Outcome<'_>) {
///         if outcome.end() == End::Rejected(RejectionKind::SignatureMismatch) {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// let forgeries = CountForgeries::default();
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .add_observer(forgeries.clone())
///     .add_observer(|outcome: &Outcome<'_>| println!("{}: {}", outcome.endpoint(), outcome.end()))
///     .build()?;
///
/// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
/// let verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
/// assert!(verifier.finish_with("{ }").is_err());
/// assert_eq!(forgeries.0.load(Ordering::Relaxed), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Observer: Send + Sync {
    /// Receives the outcome of one request.
    fn observe(&self, outcome: &Outcome<'_>);
}

impl<F: Fn(&Outcome<'_>) + Send + Sync> Observer for F {
    fn observe(&self, outcome: &Outcome<'_>) {
        self(outcome);
    }
}

/// The outcome of one request, for an [`Observer`].
///
/// # Security
/// It contains no byte of the request's headers, query and body.
///
/// # Examples
/// ```
/// use hubseal::Outcome;
///
/// fn observe(outcome: &Outcome<'_>) {
///     println!("{} ended as {} after {:?}", outcome.endpoint(), outcome.end(), outcome.elapsed());
/// }
/// # let _ = observe;
/// ```
pub struct Outcome<'a> {
    pub(crate) endpoint: &'a str,
    pub(crate) end: End,
    pub(crate) body_bytes: u64,
    pub(crate) start: Option<Start>,
    pub(crate) source: Option<IpAddr>,
    pub(crate) report_only: Option<RejectionKind>,
    /// The bytes that are left of the memory budget.
    #[cfg(feature = "metrics")]
    pub(crate) memory_available: usize,
}

impl<'a> Outcome<'a> {
    /// Returns the name of the endpoint: see [`EndpointBuilder::name`](crate::EndpointBuilder::name).
    ///
    /// # Examples
    /// ```
    /// fn is_of_whatsapp(outcome: &hubseal::Outcome<'_>) -> bool {
    ///     outcome.endpoint() == "whatsapp"
    /// }
    /// # let _ = is_of_whatsapp;
    /// ```
    #[must_use]
    pub const fn endpoint(&self) -> &'a str {
        self.endpoint
    }

    /// Returns how the request ended.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{End, Outcome};
    ///
    /// fn is_verified(outcome: &Outcome<'_>) -> bool {
    ///     matches!(outcome.end(), End::Verified { .. })
    /// }
    /// # let _ = is_verified;
    /// ```
    #[must_use]
    pub const fn end(&self) -> End {
        self.end
    }

    /// Returns the number of body bytes that were received.
    ///
    /// It is 0 for a request that is rejected at its head. For a body that is too large, it includes the
    /// chunk that exceeded the limit.
    ///
    /// # Examples
    /// ```
    /// fn is_large(outcome: &hubseal::Outcome<'_>) -> bool {
    ///     outcome.body_bytes() > 1024 * 1024
    /// }
    /// # let _ = is_large;
    /// ```
    #[must_use]
    pub const fn body_bytes(&self) -> u64 {
        self.body_bytes
    }

    /// Returns the time since the head of the request. Returns `None` if the platform has no clock.
    ///
    /// It is measured when it is called, so it differs slightly from one observer to the next. It does not
    /// include the handler, which runs later.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    ///
    /// fn is_slow(outcome: &hubseal::Outcome<'_>) -> bool {
    ///     outcome.elapsed().is_some_and(|elapsed| elapsed > Duration::from_secs(1))
    /// }
    /// # let _ = is_slow;
    /// ```
    #[must_use]
    pub fn elapsed(&self) -> Option<Duration> {
        // Read only if asked, because the clock takes longer than an observer.
        self.start.and_then(Start::elapsed)
    }

    /// Returns [`elapsed`](Self::elapsed) in whole microseconds, as logs print it.
    #[cfg(feature = "tracing")]
    pub(super) fn elapsed_us(&self) -> Option<u64> {
        u64::try_from(self.elapsed()?.as_micros()).ok()
    }

    /// Returns the address of the sender: of the client if the endpoint has a
    /// [`client_address`](crate::EndpointBuilder#method.client_address), else of the peer.
    ///
    /// It is `None` if the adapter does not know the peer, or if the address of the client is unknown. Without
    /// `client_address`, it is the address of the proxy behind a proxy.
    ///
    /// # Examples
    /// ```
    /// fn is_local(outcome: &hubseal::Outcome<'_>) -> bool {
    ///     outcome.source().is_some_and(|address| address.is_loopback())
    /// }
    /// # let _ = is_local;
    /// ```
    #[must_use]
    pub const fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// Returns the kind with which a gate in report-only mode would have rejected the request, or `None`. See
    /// `edge::AllowList::report_only`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{End, Outcome};
    ///
    /// // The allow-list would drop a genuine delivery.
    /// fn is_lost(outcome: &Outcome<'_>) -> bool {
    ///     matches!(outcome.end(), End::Verified { .. }) && outcome.report_only().is_some()
    /// }
    /// # let _ = is_lost;
    /// ```
    #[must_use]
    pub const fn report_only(&self) -> Option<RejectionKind> {
        self.report_only
    }
}

/// Prints everything but the source, which is personal data.
impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("endpoint", &self.endpoint)
            .field("end", &self.end)
            .field("body_bytes", &self.body_bytes)
            .field("elapsed", &self.elapsed())
            .field("report_only", &self.report_only)
            .finish_non_exhaustive()
    }
}

/// How a request ended.
///
/// `Display` prints a sentence for the log, without the key. [`as_str`](Self::as_str) returns a name for
/// metrics.
///
/// # Examples
/// ```
/// use hubseal::{End, RejectionKind};
///
/// let end = End::Rejected(RejectionKind::SignatureMismatch);
/// assert_eq!(end.as_str(), "rejected");
/// assert_eq!(end.to_string(), "rejected: signature matches no configured key");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// The delivery is verified. The handler may still answer any status.
    Verified {
        /// The name of the key that matched.
        key: KeyName,
        /// Whether the delivery is handled without a check for duplicates, because the replay store is
        /// unavailable. Only with `OutagePolicy::Accept`.
        replay_unchecked: bool,
    },
    /// The delivery is verified and was handled before. The handler does not run. Only with a replay guard.
    Duplicate {
        /// The name of the key that matched.
        key: KeyName,
    },
    /// The registration handshake is answered.
    Handshake,
    /// The request is rejected.
    Rejected(RejectionKind),
    /// The request was dropped before the result: the client went away, or the server stopped or panicked.
    ///
    /// If the server reports a read error instead, the request is rejected as
    /// [`BodyUnreadable`](RejectionKind::BodyUnreadable).
    Abandoned,
}

impl End {
    /// The number of slots.
    #[cfg(feature = "std")]
    pub(super) const SLOTS: usize = 5 + RejectionKind::ALL.len();

    /// Returns the position in a table of ends. The kinds of rejections follow the other ends, in the order of
    /// [`RejectionKind::ALL`].
    #[cfg(feature = "std")]
    pub(super) fn slot(self) -> usize {
        match self {
            Self::Verified {
                replay_unchecked: false,
                ..
            } => 0,
            Self::Verified { .. } => 1,
            Self::Duplicate { .. } => 2,
            Self::Handshake => 3,
            Self::Abandoned => 4,
            Self::Rejected(kind) => RejectionKind::ALL
                .iter()
                .position(|other| *other == kind)
                .map_or(usize::MAX, |position| position.saturating_add(5)),
        }
    }

    /// Returns a name for metrics and logs, in `snake_case`.
    ///
    /// The name does not change between versions.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::End::Abandoned.as_str(), "abandoned");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified { .. } => "verified",
            Self::Duplicate { .. } => "duplicate",
            Self::Handshake => "handshake",
            Self::Rejected(_) => "rejected",
            Self::Abandoned => "abandoned",
        }
    }

    /// Returns the reason of a rejection, or `None` for every other end.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{End, RejectionKind};
    ///
    /// let kind = RejectionKind::SignatureMismatch;
    /// assert_eq!(End::Rejected(kind).rejection_kind(), Some(kind));
    /// assert_eq!(End::Handshake.rejection_kind(), None);
    /// ```
    #[must_use]
    pub const fn rejection_kind(self) -> Option<RejectionKind> {
        match self {
            Self::Rejected(kind) => Some(kind),
            _ => None,
        }
    }

    /// Returns the name of the key that matched.
    #[cfg(feature = "tracing")]
    pub(super) const fn key(self) -> Option<KeyName> {
        match self {
            Self::Verified { key, .. } | Self::Duplicate { key } => Some(key),
            _ => None,
        }
    }

    /// Returns the reason for metrics and logs: the name of the rejection's kind, or that of the missing
    /// check for duplicates.
    #[cfg(feature = "tracing")]
    pub(super) const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Rejected(kind) => Some(kind.as_str()),
            Self::Verified {
                replay_unchecked: true,
                ..
            } => Some(RejectionKind::ReplayStoreUnavailable.as_str()),
            _ => None,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verified {
                replay_unchecked: false,
                ..
            } => f.write_str("verified"),
            Self::Verified { .. } => f.write_str("verified, but not checked for duplicates"),
            Self::Duplicate { .. } => f.write_str("duplicate of a handled delivery"),
            Self::Handshake => f.write_str("handshake answered"),
            Self::Rejected(kind) => write!(f, "rejected: {kind}"),
            Self::Abandoned => f.write_str("abandoned before the result"),
        }
    }
}
