//! `appsecret_proof`, which binds Graph API calls to the app.

use alloc::string::{String, ToString};
use core::fmt;

use hmac::Mac;
use zeroize::Zeroizing;

use crate::{
    secret::{AccessToken, AppSecret},
    signature::new_mac,
};

/// The `appsecret_proof` parameter of a Graph API call: proof that the caller of an access token
/// also holds the app's secret.
///
/// It is the hexadecimal HMAC-SHA256 of the token, keyed with the secret; in its timed form, of
/// `<token>|<unix seconds>`, sent beside `appsecret_time` and valid for five minutes.
///
/// # Security
/// The plain form lives as long as the token and opens the same data, so it is treated as a secret. It
/// has no `Display` and no `PartialEq`, `Debug` prints `[redacted]`, and it is wiped on drop. A proof is
/// also a valid webhook signature of the token's text, because the key and the MAC are the same.
///
/// Source: Meta, *Graph API: Securing requests*.
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
    /// The plain proof, valid as long as the token is.
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

    /// The timed proof, valid for five minutes around `unix_seconds`, the time now in seconds
    /// since 1970-01-01 UTC. The time is the caller's to give, so that no clock is needed here.
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

    #[expect(clippy::disallowed_methods, reason = "a proof that is sent")]
    fn of(secret: &AppSecret, token: &AccessToken, time: Option<u64>) -> Self {
        let mut mac = new_mac(secret.expose_secret().as_bytes());
        mac.update(token.expose_secret().as_bytes());
        if let Some(time) = time {
            mac.update(b"|");
            mac.update(time.to_string().as_bytes());
        }
        let tag = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        // No table of digits: where in a table the processor looks would depend on the tag.
        let digits = Zeroizing::new(base16ct::lower::encode_string(tag.as_slice()));
        Self { digits, time }
    }

    /// The value of `appsecret_proof`: 64 lower-case hexadecimal digits.
    ///
    /// # Security
    /// Send it in the body of a `POST` where you can: a URL ends in access logs.
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

    /// The value of `appsecret_time` to send beside a timed proof, in unix seconds.
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

/// Prints the type's name only.
impl fmt::Debug for AppSecretProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecretProof([redacted])")
    }
}
