//! The `appsecret_proof` parameter of Graph API calls.

use alloc::string::{String, ToString};
use core::fmt;

use hmac::Mac;
use zeroize::Zeroizing;

use crate::{
    secret::{AccessToken, AppSecret},
    signature::new_mac,
};

/// The `appsecret_proof` parameter of a Graph API call. It proves that the caller holds the app secret.
///
/// | form | HMAC-SHA256 of | send | valid |
/// |---|---|---|---|
/// | [`new`](Self::new) | the access token | `appsecret_proof` | as long as the token |
/// | [`at`](Self::at) | `<token>\|<unix seconds>` | `appsecret_proof` and `appsecret_time` | five minutes |
///
/// The key is the app secret. The result is 64 lower-case hexadecimal digits.
///
/// Source: Meta, *Graph API: Securing requests*.
///
/// # Security
/// - Treat a proof as a secret. It has no `Display` and no `PartialEq`, `Debug` prints `[redacted]`, and
///   it is wiped on drop.
/// - A proof without a time is valid as long as its token.
/// - A proof is also a valid webhook signature of the token's text, because the key and the MAC are the
///   same.
///
/// # Examples
/// ```
/// use hubseal::{AccessToken, AppSecret, AppSecretProof};
///
/// let secret = AppSecret::new("app-secret-0123456789abcdef")?;
/// let token = AccessToken::new("EAATESTTOKEN")?;
/// assert_eq!(
///     AppSecretProof::new(&secret, &token).expose_secret(),
///     "a199ca5614ecbbd9fab10ad4ef4667b3c98264eb8c5885797b58dff1e301395e",
/// );
/// # Ok::<(), hubseal::SecretError>(())
/// ```
/// ```compile_fail,E0277
/// # use hubseal::{AccessToken, AppSecret, AppSecretProof};
/// # let secret = AppSecret::new("app-secret-0123456789abcdef").unwrap();
/// # let token = AccessToken::new("EAATESTTOKEN").unwrap();
/// println!("{}", AppSecretProof::new(&secret, &token));
/// ```
/// ```compile_fail,E0369
/// # use hubseal::{AccessToken, AppSecret, AppSecretProof};
/// # let secret = AppSecret::new("app-secret-0123456789abcdef").unwrap();
/// # let token = AccessToken::new("EAATESTTOKEN").unwrap();
/// let _ = AppSecretProof::new(&secret, &token) == AppSecretProof::new(&secret, &token);
/// ```
pub struct AppSecretProof {
    digits: Zeroizing<String>,
    time: Option<u64>,
}

impl AppSecretProof {
    /// Creates a proof without a time. It is valid as long as the token.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AccessToken, AppSecret, AppSecretProof};
    /// # let secret = AppSecret::new("app-secret-0123456789abcdef")?;
    /// # let token = AccessToken::new("EAATESTTOKEN")?;
    /// let proof = AppSecretProof::new(&secret, &token);
    /// assert!(proof.expose_secret().starts_with("a199ca5614ecbbd9"));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn new(secret: &AppSecret, token: &AccessToken) -> Self {
        Self::of(secret, token, None)
    }

    /// Creates a proof with a time. It is valid for five minutes around `unix_seconds`.
    ///
    /// Pass the current time in seconds since 1970-01-01 UTC. This crate reads no clock.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AccessToken, AppSecret, AppSecretProof};
    /// # let secret = AppSecret::new("app-secret-0123456789abcdef")?;
    /// # let token = AccessToken::new("EAATESTTOKEN")?;
    /// let proof = AppSecretProof::at(&secret, &token, 1_700_000_000);
    /// assert_eq!(
    ///     proof.expose_secret(),
    ///     "515a7dae08c4153ec5972dbb11b813db4249876e6cbe984bc6a0b7b11f8d481a",
    /// );
    /// assert_eq!(proof.time(), Some(1_700_000_000));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn at(secret: &AppSecret, token: &AccessToken, unix_seconds: u64) -> Self {
        Self::of(secret, token, Some(unix_seconds))
    }

    #[expect(clippy::disallowed_methods, reason = "the proof is sent")]
    fn of(secret: &AppSecret, token: &AccessToken, time: Option<u64>) -> Self {
        let mut mac = new_mac(secret.expose_secret().as_bytes());
        mac.update(token.expose_secret().as_bytes());
        if let Some(time) = time {
            mac.update(b"|");
            mac.update(time.to_string().as_bytes());
        }
        let tag = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        // Constant-time encoding: a lookup table would leak the tag through the cache.
        let digits = Zeroizing::new(base16ct::lower::encode_string(tag.as_slice()));
        Self { digits, time }
    }

    /// Returns the value of `appsecret_proof`: 64 lower-case hexadecimal digits.
    ///
    /// # Security
    /// Send it in the body of a `POST` if you can. URLs are written to access logs.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AccessToken, AppSecret, AppSecretProof};
    /// # let secret = AppSecret::new("app-secret-0123456789abcdef")?;
    /// # let token = AccessToken::new("EAATESTTOKEN")?;
    /// assert_eq!(AppSecretProof::new(&secret, &token).expose_secret().len(), 64);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.digits
    }

    /// Returns the value of `appsecret_time` in unix seconds, or `None` for a proof without a time.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AccessToken, AppSecret, AppSecretProof};
    /// # let secret = AppSecret::new("app-secret-0123456789abcdef")?;
    /// # let token = AccessToken::new("EAATESTTOKEN")?;
    /// assert_eq!(AppSecretProof::new(&secret, &token).time(), None);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub const fn time(&self) -> Option<u64> {
        self.time
    }
}

/// Prints `AppSecretProof([redacted])`.
impl fmt::Debug for AppSecretProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecretProof([redacted])")
    }
}
