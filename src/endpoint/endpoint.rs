//! The endpoint of one webhook URL.

use core::{fmt, time::Duration};

#[cfg(feature = "std")]
use super::Handshake;
use super::{
    Admitted, BodyVerifier, Challenge, MemoryBudget, PayloadLimit, RequestHead, policy::Policy,
    report::Report,
};
#[cfg(feature = "std")]
use crate::secret::VerifyToken;
use crate::{
    header_lookup::HeaderLookup,
    rejection::{Rejection, RejectionKind},
    signature::{Presented, Verifier},
    sync::Arc,
};

/// The checks for one webhook URL, with its keys, limits and verify tokens. Clones are cheap and share
/// them.
///
/// It does no I/O. Adapters pass it bytes and send its responses. Without an adapter:
/// 1. Pass the head of a request to [`admit`](Self::admit).
/// 2. For [`Admitted::Delivery`], push each chunk of the body into the [`BodyVerifier`].
/// 3. Call [`finish`](BodyVerifier::finish), handle the verified body, and send a response.
///
/// # Order of checks
/// The first check that fails ends the request. Its status is in parentheses.
///
/// 1. Source: allow-list (403), failure limit (429). Only with the feature `edge`, and off by default.
/// 2. Head: method (405), headers of the signature and their timestamp (401), content coding (415), declared length (400,
///    413). The body is not read until all of these pass.
/// 3. Body, while it arrives: length (400, 413), memory budget (503), read deadline (408).
/// 4. Complete body: signature (401). If the length is declared, this check does not wait for the end of
///    the request.
///
/// A `GET` has only the checks of the source and of the handshake (403).
///
/// # Examples
/// The loop for a server without an adapter:
/// ```
/// use bytes::Bytes;
/// use hubseal::{Admitted, AppSecret, Endpoint, HeaderLookup, Reply, RequestHead, Verified, VerifyToken};
/// use std::{io, time::Instant};
///
/// fn receive<H: HeaderLookup + ?Sized>(
///     endpoint: &Endpoint,
///     head: &RequestHead<'_, H>,
///     chunks: impl Iterator<Item = io::Result<Bytes>>,
/// ) -> Result<Verified<Bytes>, Reply> {
///     let mut body_verifier = match endpoint.admit(head) {
///         Ok(Admitted::Delivery(body_verifier)) => body_verifier,
///         Ok(Admitted::Handshake(challenge)) => return Err(challenge.reply()),
///         Err(rejection) => return Err(rejection.reply()),
///     };
///     let deadline = Instant::now() + endpoint.read_deadline();
///     for chunk in chunks {
///         // Also stop waiting for a chunk at the deadline.
///         if Instant::now() >= deadline {
///             return Err(body_verifier.deadline_passed().reply());
///         }
///         match chunk {
///             Ok(chunk) => body_verifier.push(chunk).map_err(|rejection| rejection.reply())?,
///             Err(error) => return Err(body_verifier.body_failed(error).reply()),
///         }
///         if body_verifier.is_complete() {
///             break;
///         }
///     }
///     body_verifier.finish().map_err(|rejection| rejection.reply())
/// }
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .verify_token(VerifyToken::new("correct-horse")?)
///     .build()?;
/// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
/// let chunks = ["{", "}"].map(|chunk| Ok(Bytes::from(chunk))).into_iter();
/// let body = receive(&endpoint, &RequestHead::new("POST", &headers), chunks);
/// assert_eq!(body.unwrap().into_inner(), "{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Endpoint(pub(super) Arc<Policy>);

impl Endpoint {
    /// The default read deadline: 10 seconds.
    pub const DEFAULT_READ_DEADLINE: Duration = Duration::from_secs(10);

    /// The default name: `webhook`.
    pub const DEFAULT_NAME: &'static str = "webhook";

    /// Checks the head of a request. A `GET` is a handshake, a `POST` is a delivery.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`MethodNotAllowed`](RejectionKind::MethodNotAllowed) for other
    /// methods, or the errors of [`handshake`](Self::handshake) and [`receive`](Self::receive).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// use hubseal::{RequestHead, RejectionKind};
    ///
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let headers: [(&str, &str); 0] = [];
    /// let kind = |method| endpoint.admit(&RequestHead::new(method, &headers)).err().map(|r| r.kind());
    /// assert_eq!(kind("POST"), Some(RejectionKind::SignatureMissing));
    /// assert_eq!(kind("HEAD"), Some(RejectionKind::MethodNotAllowed));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn admit<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> Result<Admitted, Rejection> {
        match head.method {
            b"GET" => self.answer(head).map(Admitted::Handshake),
            _ => self.receive(head).map(Admitted::Delivery),
        }
    }

    /// Checks the head of a delivery, before its body is read.
    ///
    /// # Errors
    /// Returns a [`Rejection`] if
    /// - a gate rejects the source, or has no peer to judge,
    /// - the method is not `POST`,
    /// - a header of the [scheme](crate::Scheme) is missing, repeated or malformed,
    /// - the signed timestamp is too old or in the future, if the scheme has one,
    /// - the body has a content coding other than `identity`,
    /// - the declared length is malformed, repeated or too large.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// use hubseal::{RequestHead, RejectionKind};
    ///
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let signature = endpoint.verifier().sign("{}").to_string();
    /// let headers = [("x-hub-signature-256", &*signature), ("content-length", "1073741824")];
    /// let rejection = endpoint.receive(&RequestHead::new("POST", &headers)).err().unwrap();
    /// assert_eq!(rejection.kind(), RejectionKind::PayloadTooLarge);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn receive<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> Result<BodyVerifier, Rejection> {
        let (mut report, judged) = self.judge(head);
        match judged.and_then(|()| self.check(head)) {
            Ok((presented, declared, announced)) => {
                Ok(BodyVerifier::new(report, presented, declared, announced))
            }
            Err(rejection) => Err(report.rejected(rejection)),
        }
    }

    /// Begins the report of a request, and judges its source.
    fn judge<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> (Report, Result<(), Rejection>) {
        let (source, judged) = self.0.gates.judge(head);
        (Report::new(&self.0, source), judged)
    }

    /// Returns the signature, the declared length, and whether the head announces a non-empty body.
    fn check<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> Result<(Presented, Option<usize>, bool), Rejection> {
        if head.method != b"POST" {
            return Err(Rejection::new(RejectionKind::MethodNotAllowed));
        }
        let presented = self.0.verifier.present(head.headers)?;
        if head.has_content_coding() {
            return Err(Rejection::new(RejectionKind::ContentEncoded));
        }
        let declared = head
            .declared_length()?
            .map(|declared| self.0.payload_limit.admit(declared))
            .transpose()?;
        let announced = match declared {
            Some(declared) => declared > 0,
            None => head.has_transfer_coding(),
        };
        Ok((presented, declared, announced))
    }

    /// Answers the registration handshake. `query` is the raw text after `?`.
    ///
    /// Its outcome has no source. [`admit`](Self::admit) answers the handshake too, and takes the peer.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`NotConfigured`](RejectionKind::NotConfigured) if the endpoint has an
    /// allow-list or a failure limit, because there is no peer to judge. Otherwise returns the errors of [`Handshake::answer`](crate::Handshake::answer).
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Endpoint, VerifyToken};
    ///
    /// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
    ///     .verify_token(VerifyToken::new("correct-horse")?)
    ///     .build()?;
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
    /// assert_eq!(endpoint.handshake(query)?.as_str(), "7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn handshake(&self, query: impl AsRef<[u8]>) -> Result<Challenge, Rejection> {
        const NO_HEADERS: [(&str, &str); 0] = [];
        self.answer(&RequestHead::new("GET", &NO_HEADERS).query(&query))
    }

    fn answer<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> Result<Challenge, Rejection> {
        let (mut report, judged) = self.judge(head);
        match judged.and_then(|()| self.0.handshake.get().answer(head.query)) {
            Ok(challenge) => {
                report.handshake();
                Ok(challenge)
            }
            Err(rejection) => Err(report.rejected(rejection)),
        }
    }

    /// Replaces the verify tokens of this endpoint and its clones.
    ///
    /// - Without a token, every handshake is rejected.
    /// - If the tokens are those of [`Secrets`](crate::Secrets), this replaces them for all its endpoints, until
    ///   its next change. Change the token file in that case.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Endpoint, VerifyToken};
    ///
    /// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
    ///     .verify_token(VerifyToken::new("the-old-one")?)
    ///     .build()?;
    /// endpoint.replace_verify_tokens([VerifyToken::new("the-new-one")?]);
    ///
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=the-new-one";
    /// assert!(endpoint.handshake(query).is_ok());
    /// assert!(endpoint.handshake(query.replace("new", "old")).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn replace_verify_tokens(&self, tokens: impl IntoIterator<Item = VerifyToken>) {
        self.0.handshake.replace(Handshake::new(tokens), |_, _| {});
    }

    /// Returns the name of the endpoint.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// assert_eq!(endpoint.name(), Endpoint::DEFAULT_NAME);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.observers.name
    }

    /// Returns the verifier, for example to replace its keys while the server runs.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// assert_eq!(endpoint.verifier().scheme().header(), "x-hub-signature-256");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    /// Returns the payload limit.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, PayloadLimit};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// assert_eq!(endpoint.payload_limit(), PayloadLimit::META);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn payload_limit(&self) -> PayloadLimit {
        self.0.payload_limit
    }

    /// Returns the memory budget, for example to export its available bytes as a metric.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// assert_eq!(endpoint.memory_budget().available(), 64 * 1024 * 1024);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn memory_budget(&self) -> &MemoryBudget {
        &self.0.memory_budget
    }

    /// Returns the time that the whole body may take after the head.
    ///
    /// Without an adapter, enforce it with a timer and [`BodyVerifier::deadline_passed`].
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// assert_eq!(endpoint.read_deadline(), Endpoint::DEFAULT_READ_DEADLINE);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn read_deadline(&self) -> Duration {
        self.0.read_deadline
    }

    /// Runs `check` until it returns once. It panics if the application is set up wrongly.
    #[cfg(feature = "_adapter")]
    pub(crate) fn check_once(&self, check: impl FnOnce()) {
        use core::sync::atomic::Ordering;

        if !self.0.checked.load(Ordering::Relaxed) {
            Report::check_setup(&self.0, check);
            self.0.checked.store(true, Ordering::Relaxed);
        }
    }

    /// Reports a request that the application is not set up to verify.
    #[cfg(feature = "actix")]
    pub(crate) fn not_configured<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> Rejection {
        let (mut report, _) = self.judge(head);
        report.rejected(Rejection::new(RejectionKind::NotConfigured))
    }

    /// Returns whether two values are clones of one endpoint.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Prints the limits and the names of the keys.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("name", &self.name())
            .field("keys", &self.0.verifier.keys())
            .field("handshake", &self.0.handshake)
            .field("payload_limit", &self.0.payload_limit)
            .field("memory_budget", &self.0.memory_budget)
            .field("read_deadline", &self.0.read_deadline)
            .field("signature_failure_status", &self.0.signature_failure_status)
            .finish_non_exhaustive()
    }
}
