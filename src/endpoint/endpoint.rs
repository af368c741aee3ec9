//! The policy of one webhook URL.

use core::{fmt, time::Duration};

use super::{
    BodyVerifier, Challenge, HeaderLookup, MemoryBudget, PayloadLimit, RequestHead, policy::Policy,
};
use crate::{
    rejection::{Rejection, RejectionKind},
    signature::Verifier,
    sync::Arc,
};

/// The policy of one webhook URL: who may sign, how much may arrive, in what time, and how the
/// URL is registered. Cheap to clone; clones are the same endpoint.
///
/// It decides everything and does no I/O. Without an adapter, pass the head of a request to
/// [`admit`](Self::admit), push each chunk of the body into the [`BodyVerifier`] of [`Admitted::Delivery`],
/// call `finish`, and send the response. The second example is the whole loop.
///
/// # Order
/// The head is judged before a byte of the body is read. The first check that fails ends the request:
/// method (405), signature header (401), content coding (415), declared length (400, 413). Then the
/// body: its length (400, 413), the memory budget (503), the read deadline (408), and the signature
/// (401), which is checked as soon as a declared length is complete.
///
/// # Examples
/// ```
/// use hubseal::{Admitted, AppSecret, Endpoint, RequestHead, VerifyToken};
///
/// let endpoint = Endpoint::builder(AppSecret::new("It's a Secret to Everybody")?)
///     .verify_token(VerifyToken::new("correct-horse")?)
///     .build()?;
///
/// let headers = [
///     ("content-length", "13"),
///     (
///         "x-hub-signature-256",
///         "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
///     ),
/// ];
/// let reply = match endpoint.admit(&RequestHead::new("POST", &headers)) {
///     Ok(Admitted::Handshake(challenge)) => challenge.reply(),
///     Ok(Admitted::Delivery(mut body_verifier)) => {
///         body_verifier.push("Hello, ")?;
///         body_verifier.push("World!")?;
///         let verified = body_verifier.finish()?;
///         assert_eq!(verified.into_inner(), "Hello, World!");
///         return Ok(()); // handle it, and answer 200
///     }
///     Err(rejection) => rejection.reply(),
/// };
/// # unreachable!("{}", reply.status());
/// # #[allow(unreachable_code)]
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The loop for a framework without an adapter:
/// ```
/// use hubseal::{Admitted, Endpoint, RequestHead, HeaderLookup, Reply, Verified};
/// use bytes::Bytes;
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
/// # let secret = hubseal::AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// # let endpoint = Endpoint::builder(secret).build()?;
///
/// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
/// let chunks = ["{", "}"].map(|chunk| Ok(Bytes::from(chunk))).into_iter();
/// let body = receive(&endpoint, &RequestHead::new("POST", &headers), chunks);
/// assert_eq!(body.unwrap().into_inner(), "{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Endpoint(pub(super) Arc<Policy>);

impl Endpoint {
    /// The read deadline of an endpoint that was given none: 10 seconds.
    pub const DEFAULT_READ_DEADLINE: Duration = Duration::from_secs(10);

    /// Judges a head by its method: a `GET` is a handshake, a `POST` a delivery.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`MethodNotAllowed`](RejectionKind::MethodNotAllowed), and those of
    /// [`handshake`](Self::handshake) and [`receive`](Self::receive).
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
            b"GET" => self.handshake(head.query).map(Admitted::Handshake),
            _ => self.receive(head).map(Admitted::Delivery),
        }
    }

    /// Judges the head of a delivery, before a byte of its body is read.
    ///
    /// # Errors
    /// A [`Rejection`] where the method is not `POST`, the signature header is missing, repeated
    /// or malformed, the body is compressed, or its declared length is malformed or too large.
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
        self.judge(head)
            .map_err(|rejection| self.0.answer(rejection))
    }

    fn judge<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
    ) -> Result<BodyVerifier, Rejection> {
        if head.method != b"POST" {
            return Err(Rejection::new(RejectionKind::MethodNotAllowed));
        }
        let scheme = self.0.verifier.scheme();
        let signature = scheme.find(head.headers.values(scheme.header()))?;
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
        let policy = Arc::clone(&self.0);
        Ok(BodyVerifier::new(policy, signature, declared, announced))
    }

    /// Answers the handshake by which the platform registers the URL, from its raw query.
    ///
    /// # Errors
    /// Those of [`Handshake::answer`].
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
        self.0.handshake.answer(query)
    }

    /// The verifier, whose keys can be replaced while requests are under way.
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

    /// Returns the largest body that is accepted.
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

    /// Returns the budget that unverified bodies are charged to, for example to publish what is
    /// left of it as a metric.
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

    /// Returns the time that a body may take, counted from the head.
    ///
    /// Without an adapter, measure it yourself and call [`BodyVerifier::deadline_passed`].
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

    /// Runs `check`, which panics if the application is set up wrongly, until it succeeds once.
    #[cfg(feature = "_adapter")]
    pub(crate) fn check_once(&self, check: impl FnOnce()) {
        use core::sync::atomic::Ordering;

        if !self.0.checked.load(Ordering::Relaxed) {
            check();
            self.0.checked.store(true, Ordering::Relaxed);
        }
    }

    /// Whether two handles are clones of one endpoint.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The limits and the names of the keys.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("keys", &self.0.verifier.keys())
            .field("handshake", &self.0.handshake)
            .field("payload_limit", &self.0.payload_limit)
            .field("memory_budget", &self.0.memory_budget)
            .field("read_deadline", &self.0.read_deadline)
            .field("signature_failure_status", &self.0.signature_failure_status)
            .finish_non_exhaustive()
    }
}

/// What a head was admitted as.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint, RequestHead, VerifyToken};
/// use hubseal::Admitted;
///
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?)
/// #     .verify_token(VerifyToken::new("correct-horse")?)
/// #     .build()?;
/// # let headers: [(&str, &str); 0] = [];
/// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
/// let head = RequestHead::new("GET", &headers).query(query);
/// assert!(matches!(endpoint.admit(&head)?, Admitted::Handshake(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub enum Admitted {
    /// The registration of the URL, with the answer ready.
    Handshake(Challenge),
    /// A delivery, whose body is to be fed in.
    Delivery(BodyVerifier),
}
