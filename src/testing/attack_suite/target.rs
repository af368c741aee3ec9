//! The endpoint that the attack suite is sent to.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::time::Duration;

use crate::{
    endpoint::{Endpoint, PayloadLimit},
    secret::{AppSecret, VerifyToken},
    testing::{request::Request, sample},
};

/// The size of a genuine body that arrives in many chunks, in bytes.
pub(super) const CHUNKED_BYTES: usize = 128 * 1024;

/// The endpoint that an attack suite is aimed at: it must accept this secret and this token.
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
    pub(super) read_deadline: Duration,
}

impl<'a> Target<'a> {
    /// An endpoint at this path, with the default limits. It must answer a verified delivery
    /// with 200, whatever the body.
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
        }
    }

    /// The endpoint's payload limit, where it is not the default; 128 KiB at the least, for the
    /// attack suite sends genuine bodies of that size.
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

    /// The endpoint's read deadline, where it is not the default.
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

    pub(super) fn genuine(&self) -> Request {
        self.signed(sample::text_message())
    }

    pub(super) fn signed(&self, body: impl Into<bytes::Bytes>) -> Request {
        Request::signed(&self.path, self.secret, body)
    }

    pub(super) fn unsigned(&self) -> Request {
        Request::post(&self.path, sample::text_message())
    }

    pub(super) fn with_signature(&self, value: impl Into<Vec<u8>>) -> Request {
        self.unsigned().header("x-hub-signature-256", value)
    }
}
