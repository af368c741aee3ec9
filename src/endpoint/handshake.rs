//! The registration handshake of a callback URL.

#[cfg(feature = "std")]
use alloc::boxed::Box;
use alloc::{borrow::Cow, vec::Vec};
use core::fmt;
#[cfg(feature = "std")]
use std::time::SystemTime;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

#[cfg(feature = "std")]
use crate::signature::Clock;
use crate::{
    rejection::{Rejection, RejectionKind, Reply},
    secret::VerifyToken,
};

/// Answers the `GET` handshake with which Meta registers a callback URL.
///
/// Accept several tokens to rotate a token, or for override URLs that have a token each.
/// Without a token, every handshake is rejected.
///
/// # Rules
/// 1. The query has at most 4,096 bytes.
/// 2. `hub.mode`, `hub.verify_token` and `hub.challenge` occur exactly once each, and percent-decode to
///    valid UTF-8. Other parameters are ignored.
/// 3. The mode is `subscribe`, and the token is an accepted one.
/// 4. The challenge is 1 to 256 ASCII letters, digits and `-._~+/=:`.
///
/// Source: Meta, *Webhooks: Getting started, Verification requests*.
///
/// # Security
/// The SHA-256 of the token is compared with that of every accepted token in constant time. The time
/// does not depend on the contents, the length or the position of the accepted tokens. There is no
/// `PartialEq`:
/// ```compile_fail,E0369
/// let handshake = hubseal::Handshake::new([]);
/// let _ = handshake == handshake;
/// ```
///
/// # Examples
/// ```
/// use hubseal::{Handshake, VerifyToken};
///
/// let handshake = Handshake::new([VerifyToken::new("correct-horse")?]);
/// let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=correct%2Dhorse";
/// assert_eq!(handshake.answer(query)?.as_str(), "1158201444");
///
/// assert!(handshake.answer(query.replace("horse", "mule")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Handshake {
    tokens: Vec<Fingerprint>,
    #[cfg(feature = "std")]
    replaced: Option<Box<Replaced>>,
}

/// Tokens that are accepted before a deadline only.
#[cfg(feature = "std")]
#[derive(Clone)]
struct Replaced {
    tokens: Vec<Fingerprint>,
    deadline: SystemTime,
    clock: Clock,
}

/// The SHA-256 of a token. No `PartialEq`, because `==` takes variable time.
#[derive(Clone)]
struct Fingerprint([u8; 32]);

const MAX_QUERY: usize = 4_096;
const MAX_CHALLENGE: usize = 256;

impl Handshake {
    /// Creates a handshake that accepts these tokens.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Handshake, VerifyToken};
    ///
    /// let rotating = Handshake::new([VerifyToken::new("new-one")?, VerifyToken::new("old-one")?]);
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=old-one";
    /// assert!(rotating.answer(query).is_ok());
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn new(tokens: impl IntoIterator<Item = VerifyToken>) -> Self {
        Self::of(tokens.into_iter().map(|token| Fingerprint::of(&token)))
    }

    fn of(tokens: impl Iterator<Item = Fingerprint>) -> Self {
        Self {
            tokens: tokens.collect(),
            #[cfg(feature = "std")]
            replaced: None,
        }
    }

    /// Like [`new`](Self::new), and leaves the tokens usable.
    #[cfg(feature = "std")]
    pub(crate) fn of_tokens<'t>(tokens: impl IntoIterator<Item = &'t VerifyToken>) -> Self {
        Self::of(tokens.into_iter().map(Fingerprint::of))
    }

    /// Also accepts these tokens, before the deadline.
    #[cfg(feature = "std")]
    pub(crate) fn with_replaced<'t>(
        mut self,
        tokens: impl IntoIterator<Item = &'t VerifyToken>,
        deadline: SystemTime,
        clock: Clock,
    ) -> Self {
        self.replaced = Some(Box::new(Replaced {
            tokens: tokens.into_iter().map(Fingerprint::of).collect(),
            deadline,
            clock,
        }));
        self
    }

    /// Checks the query of a `GET` and returns its challenge. `query` is the raw text after `?`.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`HandshakeMalformed`](RejectionKind::HandshakeMalformed) if the query breaks rule 1, 2 or 4,
    /// - [`HandshakeRejected`](RejectionKind::HandshakeRejected) if it breaks rule 3.
    ///
    /// The sender gets the same response for both.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Handshake, RejectionKind, VerifyToken};
    ///
    /// let handshake = Handshake::new([VerifyToken::new("correct-horse")?]);
    /// let kind = |query| handshake.answer(query).err().map(|rejection| rejection.kind());
    ///
    /// assert_eq!(kind("hub.mode=subscribe"), Some(RejectionKind::HandshakeMalformed));
    /// let other = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=battery";
    /// assert_eq!(kind(other), Some(RejectionKind::HandshakeRejected));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn answer(&self, query: impl AsRef<[u8]>) -> Result<Challenge, Rejection> {
        let parameters = Parameters::parse(query.as_ref())
            .ok_or_else(|| Rejection::new(RejectionKind::HandshakeMalformed))?;
        let presented = Fingerprint::of_text(&parameters.verify_token);
        let is_known = presented.is_among(&self.tokens);
        #[cfg(feature = "std")]
        let is_known = is_known
            || (self.replaced.as_ref()).is_some_and(|replaced| {
                presented.is_among(&replaced.tokens)
                    && !replaced.clock.has_passed(replaced.deadline)
            });
        if parameters.mode == "subscribe" && is_known {
            Ok(Challenge(Bytes::from(parameters.challenge.into_owned())))
        } else {
            Err(Rejection::new(RejectionKind::HandshakeRejected))
        }
    }
}

/// Prints the number of tokens only.
#[allow(
    clippy::missing_fields_in_debug,
    reason = "replaced tokens are not those of the settings"
)]
impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handshake")
            .field("tokens", &self.tokens.len())
            .finish()
    }
}

impl Fingerprint {
    fn of(token: &VerifyToken) -> Self {
        Self::of_text(token.expose_secret())
    }

    fn of_text(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Compares with all tokens, in constant time. Only the result is public.
    fn is_among(&self, tokens: &[Self]) -> bool {
        let compared = tokens.iter().map(|token| token.0.ct_eq(&self.0));
        compared
            .fold(Choice::from(0), |known, equal| known | equal)
            .into()
    }
}

struct Parameters<'a> {
    mode: Cow<'a, str>,
    verify_token: Cow<'a, str>,
    challenge: Cow<'a, str>,
}

impl<'a> Parameters<'a> {
    fn parse(query: &'a [u8]) -> Option<Self> {
        if query.len() > MAX_QUERY {
            return None;
        }
        let (mut mode, mut verify_token, mut challenge) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query) {
            let parameter = match name.as_ref() {
                "hub.mode" => &mut mode,
                "hub.verify_token" => &mut verify_token,
                "hub.challenge" => &mut challenge,
                _ => continue,
            };
            // The decoder replaces invalid UTF-8 with U+FFFD, which no secret contains.
            if value.contains('\u{fffd}') || parameter.replace(value).is_some() {
                return None;
            }
        }
        let challenge = challenge.filter(|challenge| is_challenge(challenge))?;
        Some(Self {
            mode: mode?,
            verify_token: verify_token?,
            challenge,
        })
    }
}

fn is_challenge(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=:".contains(&byte);
    (1..=MAX_CHALLENGE).contains(&text.len()) && text.bytes().all(allowed)
}

/// The challenge of an accepted handshake: 1 to 256 ASCII letters, digits and `-._~+/=:`.
///
/// # Examples
/// ```
/// use hubseal::{Handshake, VerifyToken};
///
/// let handshake = Handshake::new([VerifyToken::new("correct-horse")?]);
/// let challenge = handshake
///     .answer("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=correct-horse")?;
///
/// let reply = challenge.reply();
/// assert_eq!((reply.status(), reply.body().as_ref()), (200, b"1158201444".as_slice()));
/// assert!(reply.headers().any(|header| header == ("content-type", "text/plain; charset=utf-8")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge(Bytes);

impl Challenge {
    /// Returns the challenge as text.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{Handshake, VerifyToken};
    /// # let handshake = Handshake::new([VerifyToken::new("correct-horse")?]);
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
    /// assert_eq!(handshake.answer(query)?.as_str(), "7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the response to send: 200 and the challenge as plain text.
    ///
    /// `x-content-type-options: nosniff` prevents browsers from interpreting it as HTML.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{Handshake, VerifyToken};
    /// # let handshake = Handshake::new([VerifyToken::new("correct-horse")?]);
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
    /// let reply = handshake.answer(query)?.reply();
    /// assert!(reply.headers().any(|header| header == ("x-content-type-options", "nosniff")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reply(&self) -> Reply {
        Reply::with_body(200, self.0.clone())
            .with_header("content-type", "text/plain; charset=utf-8")
            .with_header("x-content-type-options", "nosniff")
    }
}
