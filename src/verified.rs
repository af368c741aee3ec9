//! The proof that bytes are genuine.

use core::{fmt, ops::Deref};

use crate::KeyName;

/// A value that the platform signed: the proof, and the only way to it.
///
/// Only verification makes one, so a function that takes a `Verified<T>` cannot be reached with
/// forged bytes. It holds what was signed and the name of the key, and nothing of the head:
/// headers are not signed.
///
/// # Security
/// The fields are private, and there is no constructor:
/// ```compile_fail,E0451
/// fn forge(key: hubseal::KeyName) -> hubseal::Verified<&'static [u8]> {
///     hubseal::Verified { value: b"{}", key }
/// }
/// ```
/// `Debug` shows the key's name and not the value, which is customers' data.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verified, Verifier};
///
/// fn handle(update: Verified<&str>) -> usize {
///     update.len()
/// }
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let header = verifier.sign("{}").to_string();
/// let verified = verifier.verify(header, "{}")?;
/// assert_eq!(format!("{verified:?}"), r#"Verified { key: "current", .. }"#);
/// assert_eq!(handle(verified), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verified<T> {
    value: T,
    key: KeyName,
}

impl<T> Verified<T> {
    pub(crate) const fn new(value: T, key: KeyName) -> Self {
        Self { value, key }
    }

    /// The name of the key whose signature it is.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let verified = verifier.verify(verifier.sign("{}").to_string(), "{}")?;
    /// assert_eq!(verified.key().as_str(), "current");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn key(&self) -> KeyName {
        self.key
    }

    /// The value alone. The proof ends here.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let verified = verifier.verify(verifier.sign("{}").to_string(), "{}")?;
    /// assert_eq!(verified.into_inner(), "{}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The proof of what a parser makes of the value.
    ///
    /// # Errors
    /// The parser's.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let verified = verifier.verify(verifier.sign("42").to_string(), "42")?;
    /// let number = verified.try_map(str::parse::<u8>)?;
    /// assert_eq!(*number, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_map<U, E>(self, parse: impl FnOnce(T) -> Result<U, E>) -> Result<Verified<U>, E> {
        Ok(Verified::new(parse(self.value)?, self.key))
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
