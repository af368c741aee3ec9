//! What went wrong, and the one table of what the sender is told about it.

use alloc::{boxed::Box, string::ToString, sync::Arc};
use core::{error::Error, fmt, time::Duration};

use crate::Reply;

/// Why a request was rejected. The operator gets the reason, the sender a status and an empty body.
///
/// - [`kind`](Self::kind) is for metrics and for code that decides by it.
/// - `Display` is a sentence for the log. [`source`](core::error::Error::source) is the server's error,
///   if reading the body failed.
/// - [`reply`](Self::reply) is the response: a status and an empty body, the same for every kind that
///   shares the status.
///
/// # Security
/// `Display` and `Debug` hold no byte of the request and none of a computed signature. The error
/// behind `source` is the server's own, and so is its text.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Kind, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let rejection = verifier.verify(format!("sha256={:064}", 0), "{}").err().unwrap();
/// assert_eq!(rejection.kind(), Kind::SignatureMismatch);
/// assert_eq!(rejection.status(), 401);
/// assert_eq!(rejection.to_string(), "signature matches no configured key");
/// assert!(rejection.reply().body().is_empty());
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rejection {
    kind: Kind,
    signature_status: SignatureStatus,
    retry_after: u64,
    position: Option<Position>,
    cause: Option<Cause>,
}

impl Rejection {
    pub(crate) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            signature_status: SignatureStatus::Unauthorized,
            retry_after: 0,
            position: None,
            cause: None,
        }
    }

    /// Applies an endpoint's settings to a rejection of a kind that they matter to.
    ///
    /// When the read deadline has passed, the bodies that fill the budget now have let go of it, if all
    /// endpoints of the budget have the same deadline.
    pub(crate) fn with_settings(mut self, status: SignatureStatus, deadline: Duration) -> Self {
        match self.kind {
            kind if kind.is_signature() => self.signature_status = status,
            Kind::BudgetExhausted => {
                let started = u64::from(deadline.subsec_nanos() > 0);
                self.retry_after = deadline.as_secs().saturating_add(started);
            }
            _ => {}
        }
        self
    }

    #[cfg(feature = "json")]
    pub(crate) fn with_position(mut self, line: usize, column: usize) -> Self {
        self.position = Some(Position { line, column });
        self
    }

    pub(crate) fn with_cause(mut self, cause: Box<dyn Error + Send + Sync>) -> Self {
        self.cause = Some(Cause(cause.into()));
        self
    }

    /// Returns the kind of the rejection.
    ///
    /// # Examples
    /// ```
    /// let rejection = hubseal::Signature::parse("").err().unwrap();
    /// assert_eq!(rejection.kind(), hubseal::Kind::SignatureMalformed);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the HTTP status of the response: that of the kind, or the one that the endpoint sets
    /// for a bad signature.
    ///
    /// # Examples
    /// ```
    /// let rejection = hubseal::Signature::parse("").err().unwrap();
    /// assert_eq!(rejection.status(), 401);
    /// ```
    #[must_use]
    pub const fn status(&self) -> u16 {
        match (self.kind.is_signature(), self.signature_status) {
            (true, SignatureStatus::Flows) => 432,
            _ => self.kind.status(),
        }
    }

    /// Returns the response to send: the status, its headers, and an empty body.
    ///
    /// # Examples
    /// ```
    /// let reply = hubseal::Signature::parse("").err().unwrap().reply();
    /// assert_eq!(reply.status(), 401);
    /// assert!(reply.headers().eq([("content-length", "0")]));
    /// assert!(reply.body().is_empty());
    /// ```
    #[must_use]
    pub fn reply(&self) -> Reply {
        let reply = Reply::empty(self.status());
        match self.kind {
            Kind::MethodNotAllowed => reply.with_header("allow", "GET, POST"),
            Kind::BudgetExhausted => reply.with_header("retry-after", self.retry_after.to_string()),
            _ => reply,
        }
    }
}

/// Compares everything but the causes.
impl PartialEq for Rejection {
    fn eq(&self, other: &Self) -> bool {
        let compared = |rejection: &Self| {
            let status = rejection.signature_status;
            (
                rejection.kind,
                status,
                rejection.retry_after,
                rejection.position,
            )
        };
        compared(self) == compared(other)
    }
}

impl Eq for Rejection {}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.position {
            Some(Position { line, column }) => write!(f, ", at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl Error for Rejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let Cause(error) = self.cause.as_ref()?;
        Some(&**error)
    }
}

/// The error with which a server broke a body off.
#[derive(Clone)]
struct Cause(Arc<dyn Error + Send + Sync>);

/// Prints nothing of the error: its text is not this crate's.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

/// Where in the body parsing stopped: two numbers, and no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    line: usize,
    column: usize,
}

/// What an endpoint answers where the signature is missing, repeated, malformed or wrong: the
/// same for all four.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, Head, SignatureStatus};
///
/// let flows = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .signature_status(SignatureStatus::Flows)
///     .build()?;
/// let unsigned: [(&str, &str); 0] = [];
/// assert_eq!(flows.receive(&Head::new("POST", &unsigned)).err().unwrap().status(), 432);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SignatureStatus {
    /// 401, for every webhook.
    #[default]
    Unauthorized,
    /// 432, which WhatsApp demands of a Flows endpoint.
    ///
    /// Source: Meta, *Flows: Implementing endpoints*.
    Flows,
}

/// The reasons for which a request is refused, and the table of their statuses.
///
/// # Examples
/// ```
/// use hubseal::Kind;
///
/// assert_eq!(Kind::PayloadTooLarge.status(), 413);
/// assert_eq!(Kind::PayloadTooLarge.as_str(), "payload_too_large");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Kind {
    /// The request has no signature header. 401.
    #[error("the request has no signature")]
    SignatureMissing,
    /// The request has more than one signature header, be they equal or not. 401.
    #[error("the request has more than one signature")]
    SignatureRepeated,
    /// The signature header is not `sha256=` and 64 hexadecimal digits. 401.
    #[error("the signature is not of the expected form")]
    SignatureMalformed,
    /// The signature is not that of the body under any key of the ring. 401.
    #[error("signature matches no configured key")]
    SignatureMismatch,
    /// A handshake that lacks a parameter, repeats one, or has one outside its bounds. 403.
    #[error("the handshake is not of the expected form")]
    HandshakeMalformed,
    /// A handshake with another mode or another verify token. 403.
    #[error("the handshake's mode or verify token is not accepted here")]
    HandshakeRefused,
    /// A `Content-Length` that is no number, is repeated, or is not what arrived. 400.
    #[error("the body is not of the length that its head declared")]
    LengthMismatch,
    /// The body ended in an error, or was not the text of the encoding it came in. 400.
    #[error("the body could not be read to its end")]
    BodyUnreadable,
    /// A method other than `GET` and `POST`. 405.
    #[error("the method is neither GET nor POST")]
    MethodNotAllowed,
    /// The body did not arrive within the read deadline. 408.
    #[error("the body did not arrive in time")]
    DeadlinePassed,
    /// The body is larger than the payload limit, as declared or as counted. 413.
    #[error("the body is larger than the payload limit")]
    PayloadTooLarge,
    /// The body is compressed, so its bytes are not those that were signed. 415.
    #[error("the body has a content coding, and only its plain bytes are signed")]
    ContentEncoded,
    /// The body is genuine, and is not what the handler's type describes. 422.
    #[error("the verified body is not JSON of the expected shape")]
    JsonMismatch,
    /// The application is not set up to verify the request. With actix-web, the log explains it. 500.
    #[error("the service is not set up to verify this request")]
    Misuse,
    /// The memory budget for unverified bytes is used up. 503.
    #[error("the memory budget for unverified bytes is used up")]
    BudgetExhausted,
}

impl Kind {
    /// Every kind, in the order of its status.
    pub const ALL: &'static [Self] = &[
        Self::LengthMismatch,
        Self::BodyUnreadable,
        Self::SignatureMissing,
        Self::SignatureRepeated,
        Self::SignatureMalformed,
        Self::SignatureMismatch,
        Self::HandshakeMalformed,
        Self::HandshakeRefused,
        Self::MethodNotAllowed,
        Self::DeadlinePassed,
        Self::PayloadTooLarge,
        Self::ContentEncoded,
        Self::JsonMismatch,
        Self::Misuse,
        Self::BudgetExhausted,
    ];

    /// A name for metrics and logs, in `snake_case`; it does not change between versions.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Kind::SignatureMissing.as_str(), "signature_missing");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignatureMissing => "signature_missing",
            Self::SignatureRepeated => "signature_repeated",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureMismatch => "signature_mismatch",
            Self::HandshakeMalformed => "handshake_malformed",
            Self::HandshakeRefused => "handshake_refused",
            Self::LengthMismatch => "length_mismatch",
            Self::BodyUnreadable => "body_unreadable",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::DeadlinePassed => "deadline_passed",
            Self::PayloadTooLarge => "payload_too_large",
            Self::ContentEncoded => "content_encoded",
            Self::JsonMismatch => "json_mismatch",
            Self::Misuse => "misuse",
            Self::BudgetExhausted => "budget_exhausted",
        }
    }

    /// The HTTP status that goes with the kind.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Kind::HandshakeRefused.status(), 403);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::LengthMismatch | Self::BodyUnreadable => 400,
            Self::SignatureMissing
            | Self::SignatureRepeated
            | Self::SignatureMalformed
            | Self::SignatureMismatch => 401,
            Self::HandshakeMalformed | Self::HandshakeRefused => 403,
            Self::MethodNotAllowed => 405,
            Self::DeadlinePassed => 408,
            Self::PayloadTooLarge => 413,
            Self::ContentEncoded => 415,
            Self::JsonMismatch => 422,
            Self::Misuse => 500,
            Self::BudgetExhausted => 503,
        }
    }

    const fn is_signature(self) -> bool {
        self.status() == 401
    }
}
