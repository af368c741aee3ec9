//! The kinds of rejections and their HTTP statuses.

/// The status for seven kinds of rejections: a missing, repeated, malformed or wrong signature, the signature of
/// an expired key, and a signed timestamp that is too old or in the future.
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
    /// 401, the default.
    #[default]
    Unauthorized,
    /// 432, which WhatsApp requires of a Flows data endpoint.
    ///
    /// Source: Meta, *Flows: Implementing endpoints*.
    Flows,
}

/// The reason why a request was rejected.
///
/// `Display` prints a sentence for the log, [`as_str`](Self::as_str) returns a name for metrics.
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
    /// The request has no signature header, or another header of the scheme is missing. 401.
    #[error("request has no signature header")]
    SignatureMissing,
    /// The request has a header of the scheme more than once, even if they are equal. 401.
    #[error("request has more than one signature header")]
    SignatureRepeated,
    /// A header of the scheme is malformed. With Meta and GitHub, it is not `sha256=` and 64 hexadecimal digits.
    /// 401.
    #[error("signature header, signed timestamp or id is not in the format of the scheme")]
    SignatureMalformed,
    /// The signature matches no configured key. 401.
    ///
    /// The app secret is wrong, the body was changed in transit, or the request is forged.
    #[error("signature matches no configured key")]
    SignatureMismatch,
    /// The signature matches a key past its deadline: see `KeyRing::with_deadline`. 401.
    ///
    /// The delivery is genuine but late, or the old secret is in use somewhere, or it has leaked.
    #[error("signature matches a key past its deadline")]
    KeyExpired,
    /// The signed timestamp is older than the tolerance of the scheme: see `Scheme::tolerance`. 401.
    ///
    /// The clock is fast, the delivery was delayed in transit, or an old delivery was sent again by somebody else.
    /// It is checked before the signature, which may be forged.
    #[error("signed timestamp is too old")]
    TimestampTooOld,
    /// The signed timestamp is further in the future than the tolerance of the scheme. 401.
    ///
    /// The clock is slow, the unit is not seconds, or the request is forged.
    #[error("signed timestamp is in the future")]
    TimestampInFuture,
    /// The allow-list does not contain the source. 403.
    ///
    /// The list is stale, or the request does not come from the platform.
    #[error("allow-list does not contain the source")]
    SourceNotAllowed,
    /// The address of the client is unknown. 403.
    ///
    /// A trusted proxy sent no header with it, the header is malformed, or it names trusted proxies only.
    #[error("address of the client is missing or malformed in the header of a trusted proxy")]
    SourceUnknown,
    /// The source has sent too many failed requests. 429.
    #[error("source has reached the limit for failed requests")]
    TooManyFailures,
    /// A handshake parameter is missing, repeated or malformed. 403.
    #[error("handshake parameter is missing, repeated or malformed")]
    HandshakeMalformed,
    /// The handshake has another mode than `subscribe`, or an unknown verify token. 403.
    #[error("handshake mode is not `subscribe`, or the verify token is unknown")]
    HandshakeRejected,
    /// The `Content-Length` is malformed, repeated, or differs from the length of the body. 400.
    #[error("Content-Length is malformed, repeated, or differs from the length of the body")]
    LengthMismatch,
    /// Reading the body failed, or the body is not valid base64. 400.
    #[error("body could not be read or decoded")]
    BodyUnreadable,
    /// The method is neither `GET` nor `POST`. 405.
    #[error("method is neither GET nor POST")]
    MethodNotAllowed,
    /// The body did not arrive within the read deadline. 408.
    #[error("body did not arrive within the read deadline")]
    DeadlinePassed,
    /// The declared or counted length of the body exceeds the payload limit. 413.
    #[error("body is larger than the payload limit")]
    PayloadTooLarge,
    /// The body has a content coding other than `identity`, but the platform signs plain bytes. 415.
    #[error("body has a Content-Encoding, but the signature covers the plain body")]
    ContentEncoded,
    /// The verified body is not JSON of the handler's type. 422.
    #[error("verified body is not JSON of the expected type")]
    JsonMismatch,
    /// The application is not set up to verify the request. 500.
    ///
    /// - A scheme that signs more than the body needs `Verifier::verify_headers`, and a signed timestamp needs a
    ///   clock: see `KeyRing::with_clock`.
    ///
    /// With actix-web, and for a gate without a peer, the error log names the problem and the remedy. A mistake that an adapter finds at
    /// the first request, such as a runtime without a timer, panics instead, and is reported with this kind.
    #[error(
        "no single endpoint is registered, other code has read the body, a gate gets no peer address, the scheme \
         needs more than a signature, or there is no clock"
    )]
    NotConfigured,
    /// The same delivery is being handled at this moment. 503.
    ///
    /// Only with a replay guard. It is verified, and whether its handler succeeds is still open.
    #[error("the same delivery is being handled at this moment")]
    DeliveryInProgress,
    /// The store of the replay guard is unavailable. 503.
    ///
    /// The delivery is verified. [`source`](core::error::Error::source) is the error of the store.
    #[error("replay store is unavailable")]
    ReplayStoreUnavailable,
    /// The memory budget for unverified bytes is used up. 503.
    ///
    /// Raise the budget, or put a proxy that buffers requests in front.
    #[error("memory budget for unverified bytes is used up")]
    BudgetExhausted,
}

impl RejectionKind {
    /// All kinds, in ascending order of status.
    pub const ALL: &'static [Self] = &[
        Self::LengthMismatch,
        Self::BodyUnreadable,
        Self::SignatureMissing,
        Self::SignatureRepeated,
        Self::SignatureMalformed,
        Self::SignatureMismatch,
        Self::KeyExpired,
        Self::TimestampTooOld,
        Self::TimestampInFuture,
        Self::SourceNotAllowed,
        Self::SourceUnknown,
        Self::HandshakeMalformed,
        Self::HandshakeRejected,
        Self::MethodNotAllowed,
        Self::DeadlinePassed,
        Self::PayloadTooLarge,
        Self::ContentEncoded,
        Self::JsonMismatch,
        Self::TooManyFailures,
        Self::NotConfigured,
        Self::DeliveryInProgress,
        Self::ReplayStoreUnavailable,
        Self::BudgetExhausted,
    ];

    /// Returns a name for metrics and logs, in `snake_case`.
    ///
    /// The name does not change between versions.
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
            Self::KeyExpired => "key_expired",
            Self::TimestampTooOld => "timestamp_too_old",
            Self::TimestampInFuture => "timestamp_in_future",
            Self::SourceNotAllowed => "source_not_allowed",
            Self::SourceUnknown => "source_unknown",
            Self::TooManyFailures => "too_many_failures",
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
            Self::DeliveryInProgress => "delivery_in_progress",
            Self::ReplayStoreUnavailable => "replay_store_unavailable",
            Self::BudgetExhausted => "budget_exhausted",
        }
    }

    /// Returns the HTTP status of the kind.
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
            | Self::SignatureMismatch
            | Self::KeyExpired
            | Self::TimestampTooOld
            | Self::TimestampInFuture => 401,
            Self::SourceNotAllowed
            | Self::SourceUnknown
            | Self::HandshakeMalformed
            | Self::HandshakeRejected => 403,
            Self::MethodNotAllowed => 405,
            Self::DeadlinePassed => 408,
            Self::PayloadTooLarge => 413,
            Self::ContentEncoded => 415,
            Self::JsonMismatch => 422,
            Self::TooManyFailures => 429,
            Self::NotConfigured => 500,
            Self::DeliveryInProgress | Self::ReplayStoreUnavailable | Self::BudgetExhausted => 503,
        }
    }

    pub(super) const fn is_signature(self) -> bool {
        self.status() == 401
    }
}
