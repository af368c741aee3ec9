//! The attack battery: what has been tried on receivers of webhooks, as data.

mod body;
mod handshake;
mod head;
mod signature;

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::time::Duration;

use super::{Request, Verdict, sample};
use crate::{AppSecret, Kind, PayloadLimit, VerifyToken};

/// The size of a genuine body that arrives in many chunks, in bytes.
const CHUNKED_BYTES: usize = 128 * 1024;

/// One labelled request, and the verdict that it must get.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, VerifyToken, testing::{Target, Verdict, battery}};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let token = VerifyToken::new("correct-horse")?;
/// let cases = battery(&Target::new("/webhook", &secret, &token));
/// assert_eq!((cases[0].label, &cases[0].verdict), ("genuine text message", &Verdict::Verified));
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What it is, in a few words; no two cases share a label.
    pub label: &'static str,
    /// What is sent.
    pub request: Request,
    /// What must come of it.
    pub verdict: Verdict,
}

impl Case {
    fn genuine(label: &'static str, request: Request) -> Self {
        Self {
            label,
            request,
            verdict: Verdict::Verified,
        }
    }

    fn refused(label: &'static str, kind: Kind, request: Request) -> Self {
        Self {
            label,
            request,
            verdict: Verdict::Refused(kind),
        }
    }
}

/// The endpoint that a battery is aimed at: it must accept this secret and this token.
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
    path: String,
    secret: &'a AppSecret,
    verify_token: &'a VerifyToken,
    payload_limit: usize,
    read_deadline: Duration,
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
            read_deadline: crate::Endpoint::DEFAULT_READ_DEADLINE,
        }
    }

    /// The endpoint's payload limit, where it is not the default; 128 KiB at the least, for the
    /// battery sends genuine bodies of that size.
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

    fn genuine(&self) -> Request {
        self.signed(sample::text_message())
    }

    fn signed(&self, body: impl Into<bytes::Bytes>) -> Request {
        Request::signed(&self.path, self.secret, body)
    }

    fn unsigned(&self) -> Request {
        Request::post(&self.path, sample::text_message())
    }

    fn with_signature(&self, value: impl Into<Vec<u8>>) -> Request {
        self.unsigned().header("x-hub-signature-256", value)
    }
}

/// The attack battery, and genuine requests among it: a receiver that refuses everything must
/// not pass.
///
/// In order of groups: signatures, heads, bodies, handshakes. No case depends on another.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, VerifyToken, testing::{Target, Verdict, battery}};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let token = VerifyToken::new("correct-horse")?;
/// let cases = battery(&Target::new("/webhook", &secret, &token));
/// let refused = cases.iter().filter(|case| matches!(case.verdict, Verdict::Refused(_)));
/// assert!(refused.count() >= 60);
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[must_use]
pub fn battery(target: &Target<'_>) -> Vec<Case> {
    let mut cases = signature::cases(target);
    cases.extend(head::cases(target));
    cases.extend(body::cases(target));
    cases.extend(handshake::cases(target));
    cases
}
