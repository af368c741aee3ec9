//! The description of the receiver for the attack suite.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;
use std::time::SystemTime;

use super::case::Case;
use crate::{
    endpoint::{Endpoint, PayloadLimit},
    secret::{AppSecret, VerifyToken},
    signature::{Clock, Fingerprint, KeyRing, Scheme, Verifier},
    testing::{request::Request, sample},
};

/// The size of the genuine body that is sent in many chunks, in bytes.
pub(super) const CHUNKED_BYTES: usize = 128 * 1024;

/// The receiver that an attack suite is made for: its path, its secrets and its limits.
///
/// The receiver must accept this secret and this verify token.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, PayloadLimit, VerifyToken, testing::Target};
/// use std::time::Duration;
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let token = VerifyToken::new("correct-horse")?;
/// let _target = Target::new("/webhook", &secret, &token)
///     .payload_limit(PayloadLimit::new(1024 * 1024))
///     .read_deadline(Duration::from_millis(500));
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Debug)]
pub struct Target<'a> {
    pub(super) path: String,
    pub(super) secret: &'a AppSecret,
    pub(super) verify_token: &'a VerifyToken,
    pub(super) payload_limit: usize,
    pub(in crate::testing) read_deadline: Duration,
    pub(super) updates_only: bool,
    pub(super) only: Option<fn(&Case) -> bool>,
    pub(super) scheme: Scheme,
    /// In seconds since 1970.
    pub(super) time: u64,
}

impl<'a> Target<'a> {
    /// Creates a target with the default limits.
    ///
    /// The receiver must answer every verified delivery at this path with 200, even a body that is
    /// empty or not JSON: see [`updates_only`](Self::updates_only).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, VerifyToken, testing::Target};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// let _target = Target::new("/webhook", &secret, &token);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn new(path: &str, secret: &'a AppSecret, verify_token: &'a VerifyToken) -> Self {
        Self {
            path: path.to_owned(),
            secret,
            verify_token,
            payload_limit: PayloadLimit::META.bytes(),
            read_deadline: Endpoint::DEFAULT_READ_DEADLINE,
            updates_only: false,
            only: None,
            scheme: Scheme::META,
            time: Clock::default().now().map_or(0, seconds),
        }
    }

    /// Sets the scheme of the receiver. Defaults to [`Scheme::META`].
    ///
    /// A scheme with timestamps signs the time at which the target was created. The attack suite still
    /// contains Meta's handshake. For a receiver without one, keep the `POST` requests with
    /// [`only`](Self::only).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, VerifyToken, testing::{Target, attack_suite}};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// let cases = attack_suite(&Target::new("/webhook", &secret, &token).scheme(hubseal::Scheme::STRIPE));
    /// assert!(cases.iter().any(|case| case.label == "timestamp too old"));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    /// Sets the signed timestamp, for a receiver with [its own clock](KeyRing::with_clock).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, VerifyToken, testing::Target};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// let _target = Target::new("/webhook", &secret, &token)
    ///     .scheme(hubseal::Scheme::SLACK)
    ///     .time(std::time::SystemTime::UNIX_EPOCH);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn time(self, time: SystemTime) -> Self {
        let time = seconds(time);
        Self { time, ..self }
    }

    /// Sets the payload limit of the receiver. Defaults to [`PayloadLimit::META`].
    ///
    /// A limit below 128 KiB counts as 128 KiB, because the attack suite sends genuine bodies of that
    /// size.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, VerifyToken, testing::Target};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// let _target = Target::new("/webhook", &secret, &token)
    ///     .payload_limit(hubseal::PayloadLimit::new(1024 * 1024));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn payload_limit(self, limit: PayloadLimit) -> Self {
        let payload_limit = limit.bytes().max(CHUNKED_BYTES);
        Self {
            payload_limit,
            ..self
        }
    }

    /// Sets the read deadline of the receiver. Defaults to [`Endpoint::DEFAULT_READ_DEADLINE`].
    ///
    /// Some cases wait until it has passed, so set a short one on the receiver under test.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, VerifyToken, testing::Target};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// let _target = Target::new("/webhook", &secret, &token)
    ///     .read_deadline(std::time::Duration::from_secs(1));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn read_deadline(self, read_deadline: Duration) -> Self {
        Self {
            read_deadline,
            ..self
        }
    }

    /// Makes every genuine body a realistic WhatsApp update: JSON with one text message.
    ///
    /// Use it for a handler that takes `Verified<Json<T>>`. By default, some genuine bodies are empty, not
    /// text, or other JSON. Such a handler rejects them with 422.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, VerifyToken, testing::Target};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// let _target = Target::new("/webhook", &secret, &token).updates_only();
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn updates_only(self) -> Self {
        Self {
            updates_only: true,
            ..self
        }
    }

    /// Keeps only the cases for which a function returns true.
    ///
    /// Use it for a receiver without a handshake, or with a proxy that answers some requests itself. A second
    /// call replaces the function.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, VerifyToken, testing::{Target, attack_suite}};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// let deliveries = Target::new("/webhook", &secret, &token).only(|case| case.request.method == "POST");
    /// assert!(attack_suite(&deliveries).len() > 80);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn only(self, keep: fn(&Case) -> bool) -> Self {
        Self {
            only: Some(keep),
            ..self
        }
    }

    pub(super) fn genuine(&self) -> Request {
        self.signed(sample::text_message())
    }

    pub(super) fn signed(&self, body: impl Into<bytes::Bytes>) -> Request {
        let body = body.into();
        let id = id(&body);
        self.sent(self.time, &id, body)
    }

    /// Returns a delivery that is signed with this time and this valid id.
    pub(super) fn sent(&self, time: u64, id: &str, body: impl Into<bytes::Bytes>) -> Request {
        let unsigned = Request::post(&self.path, body);
        let verifier = Verifier::new(self.secret).with_scheme(self.scheme);
        unsigned
            .clone()
            .sign(&verifier, id, time)
            .unwrap_or(unsigned)
    }

    /// Returns the value of the signature header of the genuine text message, under another key.
    pub(super) fn signature_under(&self, key: &[u8]) -> String {
        let body = sample::text_message();
        let verifier = Verifier::new(KeyRing::of_bytes(key)).with_scheme(self.scheme);
        let headers = verifier.sign_headers(&id(&body), self.time, body);
        let (_, value) = headers
            .unwrap_or_default()
            .into_iter()
            .next()
            .unwrap_or_default();
        value
    }

    pub(super) fn unsigned(&self) -> Request {
        Request::post(&self.path, sample::text_message())
    }

    pub(super) fn with_signature(&self, value: impl Into<Vec<u8>>) -> Request {
        self.with(self.scheme.header(), value)
    }

    /// Returns the genuine text message with another value of a header.
    pub(super) fn with(&self, header: &str, value: impl Into<Vec<u8>>) -> Request {
        self.genuine().without(header).header(header, value)
    }
}

/// Returns an id that differs for each body.
pub(super) fn id(body: &[u8]) -> String {
    Fingerprint::new([body]).to_string()
}

fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
