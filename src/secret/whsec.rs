//! Secrets in the format of Standard Webhooks.

use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::path::Path;

use base64::{Engine, decoded_len_estimate, prelude::BASE64_STANDARD};
use zeroize::Zeroizing;

use super::{AppSecret, SecretError, SecretErrorKind, text::MIN_KEY_BYTES};

impl AppSecret {
    /// Decodes the key of a Standard Webhooks or Svix secret: `whsec_`, then base64. The prefix may be missing.
    ///
    /// The decoded bytes become the key of signatures. [`expose_secret`](Self::expose_secret) still returns
    /// the text. Call it after any constructor, such as
    /// `AppSecret::from_env("WEBHOOK_SECRET")?.decode_whsec()?`. To rotate secrets in files, use
    /// `SecretsBuilder::whsec`.
    ///
    /// Do not call it for Stripe: its secrets also start with `whsec_`, but the key is the whole text.
    ///
    /// # Errors
    /// Returns a [`SecretError`] of kind
    /// - [`NotWhsec`](SecretErrorKind::NotWhsec) if the text is not standard base64 with padding (RFC 4648,
    ///   section 4), with or without `whsec_`,
    /// - [`TooShort`](SecretErrorKind::TooShort) if the key is shorter than 16 bytes. Standard Webhooks requires
    ///   24.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, SecretErrorKind};
    ///
    /// let secret = AppSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
    /// assert!(secret.decode_whsec().is_ok());
    ///
    /// let refused = AppSecret::new("the secret of another scheme")?.decode_whsec().unwrap_err();
    /// assert_eq!(refused.kind(), SecretErrorKind::NotWhsec);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn decode_whsec(self) -> Result<Self, SecretError> {
        self.decoded(|kind| SecretError::new("the app secret", kind))
    }

    /// Reads and decodes a secret. The error names the file.
    #[cfg(feature = "std")]
    #[expect(clippy::unnecessary_debug_formatting, reason = "escapes the path")]
    pub(crate) fn whsec_from_file(path: &Path) -> Result<Self, SecretError> {
        let subject = || alloc::format!("the app secret file {path:?}");
        Self::from_file(path)?.decoded(|kind| SecretError::new(subject(), kind))
    }

    fn decoded(
        mut self,
        refused: impl Fn(SecretErrorKind) -> SecretError,
    ) -> Result<Self, SecretError> {
        match decode(self.expose_secret()) {
            None => Err(refused(SecretErrorKind::NotWhsec)),
            Some(key) if key.len() < MIN_KEY_BYTES => Err(refused(SecretErrorKind::TooShort)),
            Some(_) => {
                self.0.is_whsec = true;
                Ok(self)
            }
        }
    }

    /// Calls `use_key` with the key of signatures. A decoded key is wiped afterwards.
    pub(crate) fn with_key<T>(&self, use_key: impl FnOnce(&[u8]) -> T) -> T {
        let text = self.expose_secret();
        let decoded = self.0.is_whsec.then(|| decode(text)).flatten();
        use_key(decoded.as_ref().map_or(text.as_bytes(), |key| key))
    }
}

/// Decodes into a buffer that is wiped, even if decoding fails.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.strip_prefix("whsec_").unwrap_or(text);
    let mut key = Zeroizing::new(alloc::vec![0; decoded_len_estimate(text.len())]);
    let length = BASE64_STANDARD.decode_slice(text, &mut key).ok()?;
    key.truncate(length);
    Some(key)
}
