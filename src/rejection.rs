//! What went wrong, and the one table of what the sender is told about it.

use core::fmt;

use crate::Reply;

/// Why a request was refused: everything to the operator, nothing to the sender.
///
/// The [`kind`](Self::kind) is for metrics, `Display` gives a sentence for the log, and
/// [`reply`](Self::reply) is what goes on the wire: a status and an empty body, the same for
/// every reason that shares the status.
///
/// # Security
/// It holds no byte of the request and none of a computed signature, so printing it is safe.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Kind, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let rejection = verifier.verify(format!("sha256={:064}", 0), "{}").err().unwrap();
/// assert_eq!(rejection.kind(), Kind::SignatureMismatch);
/// assert_eq!(rejection.status(), 401);
/// assert_eq!(rejection.to_string(), "the signature is not of this body under any of the keys");
/// assert!(rejection.reply().body().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    kind: Kind,
    signature_status: SignatureStatus,
    position: Option<Position>,
}

impl Rejection {
    pub(crate) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            signature_status: SignatureStatus::Unauthorized,
            position: None,
        }
    }

    /// The same, with this status where the signature is at fault. Any other reason has one status,
    /// so that its rejections are equal wherever they come from.
    pub(crate) const fn answered(self, signature_status: SignatureStatus) -> Self {
        if !self.kind.is_signature() {
            return self;
        }
        Self {
            signature_status,
            ..self
        }
    }

    #[cfg(feature = "json")]
    pub(crate) const fn at(self, line: usize, column: usize) -> Self {
        Self {
            position: Some(Position { line, column }),
            ..self
        }
    }

    /// The reason, for metrics and for a program to act on.
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

    /// The HTTP status of the answer: the kind's, or what the endpoint was told to answer where
    /// the signature is at fault.
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

    /// The answer to send: the status, the headers that belong to it, and an empty body.
    ///
    /// # Examples
    /// ```
    /// let reply = hubseal::Signature::parse("").err().unwrap().reply();
    /// assert_eq!(reply.status(), 401);
    /// assert!(reply.headers().is_empty() && reply.body().is_empty());
    /// ```
    #[must_use]
    pub const fn reply(&self) -> Reply {
        Reply::empty(self.status(), self.kind.headers())
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.position {
            Some(Position { line, column }) => write!(f, ", at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Rejection {}

/// Where in the body parsing stopped: two numbers, and none of the text found there.
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
    #[error("the signature is not of this body under any of the keys")]
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
    /// The service is not set up to answer: a programming error, explained in the log. 500.
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

    const fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::MethodNotAllowed => &[("allow", "GET, POST")],
            // The default read deadline: by then whatever holds the budget now has let go of it.
            Self::BudgetExhausted => &[("retry-after", "10")],
            _ => &[],
        }
    }

    const fn is_signature(self) -> bool {
        self.status() == 401
    }
}
