//! The error of a key ring.

use super::KeyName;
#[cfg(doc)]
use super::KeyRing;
#[cfg(doc)]
use crate::secret::AppSecret;

/// The error of a refused [`KeyRing`].
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, KeyRing, KeyRingError};
///
/// let secret = || AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
/// let refused = |ring: Result<KeyRing, KeyRingError>| ring.err().unwrap().to_string();
///
/// let ring = KeyRing::new([("a b", secret()?)]);
/// assert!(refused(ring).starts_with("a key name is invalid; use 1 to 32 characters"));
/// let ring = KeyRing::new([("app", secret()?), ("app", secret()?)]);
/// assert_eq!(refused(ring), "two keys are named app; give each key a unique name");
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// The ring has no key.
    #[error("the key ring is empty; add at least one key")]
    Empty,
    /// The ring has more than [`KeyRing::MAX_KEYS`] keys.
    #[error(
        "the key ring has more than 8 keys; remove those that are no longer used, or give each app its own \
         endpoint"
    )]
    TooMany,
    /// Two keys have the same name.
    #[error("two keys are named {0}; give each key a unique name")]
    DuplicateName(KeyName),
    /// The key has no bytes, so that anybody could sign with it. An [`AppSecret`] is never empty.
    #[error("the key is empty; use a key of at least one byte")]
    EmptyKey,
    /// The ring has no key of the name that [`KeyRing::with_deadline`](KeyRing#method.with_deadline) got.
    #[error("the key ring has no key of this name; use a name of the ring")]
    UnknownName,
    /// A name breaks the rules of [`KeyName`].
    #[error("a key name is invalid; use 1 to 32 characters of A-Z, a-z, 0-9, '-', '_' and '.'")]
    BadName,
}
