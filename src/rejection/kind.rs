//! The kinds of rejections and the table of their HTTP statuses.

/// What an endpoint answers where the signature is missing, repeated, malformed or wrong: the
/// same for all four.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, RequestHead, SignatureFailureStatus};
///
/// let flows = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .signature_failure_status(SignatureFailureStatus::Flows)
///     .build()?;
/// let unsigned: [(&str, &str); 0] = [];
/// assert_eq!(flows.receive(&RequestHead::new("POST", &unsigned)).err().unwrap().status(), 432);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SignatureFailureStatus {
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
/// use hubseal::RejectionKind;
///
/// assert_eq!(RejectionKind::PayloadTooLarge.status(), 413);
/// assert_eq!(RejectionKind::PayloadTooLarge.as_str(), "payload_too_large");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RejectionKind {
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
    HandshakeRejected,
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
    NotConfigured,
    /// The memory budget for unverified bytes is used up. 503.
    #[error("the memory budget for unverified bytes is used up")]
    BudgetExhausted,
}

impl RejectionKind {
    /// Every kind, in the order of its status.
    pub const ALL: &'static [Self] = &[
        Self::LengthMismatch,
        Self::BodyUnreadable,
        Self::SignatureMissing,
        Self::SignatureRepeated,
        Self::SignatureMalformed,
        Self::SignatureMismatch,
        Self::HandshakeMalformed,
        Self::HandshakeRejected,
        Self::MethodNotAllowed,
        Self::DeadlinePassed,
        Self::PayloadTooLarge,
        Self::ContentEncoded,
        Self::JsonMismatch,
        Self::NotConfigured,
        Self::BudgetExhausted,
    ];

    /// A name for metrics and logs, in `snake_case`; it does not change between versions.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::RejectionKind::SignatureMissing.as_str(), "signature_missing");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignatureMissing => "signature_missing",
            Self::SignatureRepeated => "signature_repeated",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureMismatch => "signature_mismatch",
            Self::HandshakeMalformed => "handshake_malformed",
            Self::HandshakeRejected => "handshake_rejected",
            Self::LengthMismatch => "length_mismatch",
            Self::BodyUnreadable => "body_unreadable",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::DeadlinePassed => "deadline_passed",
            Self::PayloadTooLarge => "payload_too_large",
            Self::ContentEncoded => "content_encoded",
            Self::JsonMismatch => "json_mismatch",
            Self::NotConfigured => "not_configured",
            Self::BudgetExhausted => "budget_exhausted",
        }
    }

    /// The HTTP status that goes with the kind.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::RejectionKind::HandshakeRejected.status(), 403);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::LengthMismatch | Self::BodyUnreadable => 400,
            Self::SignatureMissing
            | Self::SignatureRepeated
            | Self::SignatureMalformed
            | Self::SignatureMismatch => 401,
            Self::HandshakeMalformed | Self::HandshakeRejected => 403,
            Self::MethodNotAllowed => 405,
            Self::DeadlinePassed => 408,
            Self::PayloadTooLarge => 413,
            Self::ContentEncoded => 415,
            Self::JsonMismatch => 422,
            Self::NotConfigured => 500,
            Self::BudgetExhausted => 503,
        }
    }

    pub(super) const fn is_signature(self) -> bool {
        self.status() == 401
    }
}
