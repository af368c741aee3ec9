//! The error of the secret types.

use alloc::borrow::Cow;
#[cfg(feature = "std")]
use alloc::boxed::Box;
use core::{error::Error, fmt};

/// The error of a refused secret. The message names the secret, the problem and the remedy.
///
/// `Debug` prints the same sentence as `Display`, so `main` can return this error. The
/// [`source`](core::error::Error::source) is the `std::io::Error` of a file that cannot be read, or the
/// error of the redactor.
///
/// # Security
/// The message names the variable or the file. It never contains any part of the value.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, SecretErrorKind};
///
/// let refused = AppSecret::new("'0f1e2d3c4b5a69788796a5b4c3d2e1f0'").unwrap_err();
/// assert_eq!(refused.kind(), SecretErrorKind::Quoted);
/// assert_eq!(
///     refused.to_string(),
///     "the app secret is wrapped in quotes; remove them",
/// );
/// ```
pub struct SecretError {
    subject: Cow<'static, str>,
    kind: SecretErrorKind,
    #[cfg(feature = "std")]
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl SecretError {
    pub(crate) fn new(subject: impl Into<Cow<'static, str>>, kind: SecretErrorKind) -> Self {
        Self {
            subject: subject.into(),
            kind,
            #[cfg(feature = "std")]
            cause: None,
        }
    }

    #[cfg(feature = "std")]
    pub(crate) fn caused_by(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// Returns the kind of the error.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{SecretErrorKind, VerifyToken};
    ///
    /// let refused = VerifyToken::new("").unwrap_err();
    /// assert_eq!(refused.kind(), SecretErrorKind::Empty);
    /// ```
    #[must_use]
    pub fn kind(&self) -> SecretErrorKind {
        self.kind
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.subject, self.kind)?;
        #[cfg(feature = "std")]
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

/// Prints the same sentence as `Display`.
impl fmt::Debug for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for SecretError {
    #[cfg(feature = "std")]
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// The reason why a secret was refused.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, SecretErrorKind};
///
/// let kind = |text: &str| AppSecret::new(text).map_err(|refused| refused.kind()).err();
/// assert_eq!(kind("<your app secret>"), Some(SecretErrorKind::Placeholder));
/// assert_eq!(kind("$(APP_SECRET)"), Some(SecretErrorKind::UnresolvedReference));
/// assert_eq!(kind("too short"), Some(SecretErrorKind::TooShort));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretErrorKind {
    /// The text is empty, or a file contains only a newline.
    #[error("is empty; set it to the real value")]
    Empty,
    /// The text starts or ends with white space, so it cannot match the platform's value.
    #[error("starts or ends with white space; remove it")]
    SurroundingWhitespace,
    /// The text contains a control or invisible character, or U+FFFD, which wrong decoding inserts.
    #[error("contains a control or invisible character; copy it again as plain text")]
    ControlCharacter,
    /// The text is wrapped in quotes. `docker run --env-file` keeps the quotes of the file.
    #[error("is wrapped in quotes; remove them")]
    Quoted,
    /// The text is `NAME=value`.
    #[error("starts with a variable name; remove the name and the equals sign")]
    NamePrefix,
    /// The text refers to a secret elsewhere: `$(NAME)`, `{{ name }}`, `op://vault/item`.
    #[error("is an unresolved reference; set it to the secret itself")]
    UnresolvedReference,
    /// The text comes from a template, a sample or a tutorial.
    #[error("is a placeholder; replace it with the real value")]
    Placeholder,
    /// The app secret has fewer than 16 bytes, or those of a decoded key.
    #[error("is shorter than 16 bytes; copy all of it, or choose a longer one")]
    TooShort,
    /// The text has more than 16,384 bytes.
    #[error("is longer than 16384 bytes; set it to the secret alone")]
    TooLong,
    /// The Meta app secret is not 32 lower-case hexadecimal digits.
    #[error(
        "is not 32 lower-case hexadecimal digits, as Meta app secrets are; \
         copy it from App Dashboard > App settings > Basic"
    )]
    NotMetaForm,
    /// The secret is not base64 after `whsec_`: see `AppSecret::decode_whsec`.
    #[error("is not base64, with or without whsec_ before it; copy the signing secret again")]
    NotWhsec,
    /// The value is not valid Unicode (UTF-8 in a file).
    #[error("is not valid Unicode; store it as plain UTF-8 text")]
    NotUnicode,
    /// The environment variable is not set.
    #[error("is not set; set this environment variable")]
    NotSet,
    /// The file does not exist.
    #[error("does not exist; check the path")]
    FileNotFound,
    /// The path leads to a directory, named pipe, socket or device.
    #[error("is not a regular file; store the secret in a regular file")]
    NotAFile,
    /// The file exists but cannot be read.
    #[error("cannot be read; check its permissions")]
    FileUnreadable,
    /// The redactor refuses the value, for example because it occurs in a marker.
    #[error("cannot be redacted from logs; choose another value")]
    NotRedactable,
}
