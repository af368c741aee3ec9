//! Why a secret was refused, and what to do about it.

use alloc::boxed::Box;
use core::fmt;

/// Why a secret was refused: which one, where it came from, and what to do.
///
/// # Security
/// The message names the variable or the file, and never any part of the value.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, SecretErrorKind};
///
/// let refused = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0 ").err().unwrap();
/// assert_eq!(refused.kind(), SecretErrorKind::SurroundingWhitespace);
/// assert_eq!(
///     refused.to_string(),
///     "the app secret starts or ends with white space: remove it, it was probably pasted in",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretError {
    what: &'static str,
    origin: Option<Box<str>>,
    kind: SecretErrorKind,
}

impl SecretError {
    pub(super) fn new(what: &'static str, kind: SecretErrorKind) -> Self {
        Self {
            what,
            origin: None,
            kind,
        }
    }

    #[cfg(feature = "std")]
    pub(super) fn from(mut self, origin: impl Into<Box<str>>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// The reason, for a program to act on.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{SecretErrorKind, VerifyToken};
    ///
    /// let kind = VerifyToken::new("").err().map(|refused| refused.kind());
    /// assert_eq!(kind, Some(SecretErrorKind::Empty));
    /// ```
    #[must_use]
    pub fn kind(&self) -> SecretErrorKind {
        self.kind
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        if let Some(origin) = &self.origin {
            write!(f, " (from {origin})")?;
        }
        write!(f, " {}", self.kind)
    }
}

impl core::error::Error for SecretError {}

/// The reasons for which a secret is refused.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, SecretErrorKind};
///
/// let kind = AppSecret::new("<your app secret>").err().map(|refused| refused.kind());
/// assert_eq!(kind, Some(SecretErrorKind::Placeholder));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretErrorKind {
    /// Nothing was given, or only a newline.
    #[error("is empty: without it nothing can be verified, so set it")]
    Empty,
    /// White space before or after the text, which would never match what the platform has.
    #[error("starts or ends with white space: remove it, it was probably pasted in")]
    SurroundingWhitespace,
    /// A control or invisible character, or the mark of text that was decoded wrongly.
    #[error("holds a control or invisible character: copy it again, as plain text")]
    ControlCharacter,
    /// Text that stands for a secret in templates and samples.
    #[error("is a placeholder: replace it with the real value")]
    Placeholder,
    /// More than 16,384 bytes.
    #[error("is longer than 16384 bytes: this is not the secret but something else")]
    TooLong,
    /// Not valid Unicode (UTF-8 in a file).
    #[error("is not valid Unicode text: store it as plain UTF-8")]
    NotUnicode,
    /// The environment variable is not set.
    #[error("is missing: set the environment variable")]
    NotSet,
    /// The file does not exist.
    #[error("is missing: no such file")]
    FileNotFound,
    /// The file is there, but could not be read.
    #[error("could not be read: check the file's type and its permissions")]
    FileUnreadable,
}
