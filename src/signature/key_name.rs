//! The names of keys in a key ring.

use core::fmt;

/// The name of a key: 1 to 32 characters of `A`–`Z`, `a`–`z`, `0`–`9`, `-`, `_` and `.`.
///
/// It needs no escaping in a log line, a metric label or a JSON string.
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
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyName {
    // Inline, so that verification allocates nothing.
    bytes: [u8; Self::MAX_BYTES],
    length: u8,
}

impl KeyName {
    /// The maximum length of a name, in bytes.
    pub const MAX_BYTES: usize = 32;

    pub(crate) const CURRENT: Self = Self {
        bytes: *b"current\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        length: 7,
    };

    #[cfg(feature = "std")]
    pub(super) const PREVIOUS: Self = Self {
        bytes: *b"previous\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        length: 8,
    };

    /// Returns whether the name keeps the rules, which also hold for the names of endpoints.
    pub(crate) fn is_valid(name: &str) -> bool {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=Self::MAX_BYTES).contains(&name.len()) && name.bytes().all(allowed)
    }

    /// Returns `None` if the name breaks the rules.
    pub(super) fn new(name: &str) -> Option<Self> {
        let mut bytes = [0; Self::MAX_BYTES];
        match (bytes.get_mut(..name.len()), u8::try_from(name.len())) {
            (Some(start), Ok(length)) if Self::is_valid(name) => {
                start.copy_from_slice(name.as_bytes());
                Some(Self { bytes, length })
            }
            _ => None,
        }
    }

    /// Returns the name as text.
    ///
    /// # Examples
    /// ```
    /// let ring = hubseal::KeyRing::from(hubseal::AppSecret::new("0f1e2d3c4b5a6978")?);
    /// assert!(ring.names().all(|name| name.as_str() == "current"));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        let name = self.bytes.get(..usize::from(self.length));
        name.and_then(|name| core::str::from_utf8(name).ok())
            .unwrap_or_default()
    }
}

impl AsRef<str> for KeyName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
