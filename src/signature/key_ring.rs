//! The key ring: the named keys that an endpoint accepts.

use alloc::vec::Vec;
use core::{fmt, sync::atomic::Ordering};

use hmac::Mac;

use super::{
    KeyName, Signature,
    hmac_state::{HmacSha256, HmacState},
};
use crate::{secret::AppSecret, sync::AtomicUsize};

/// One to eight named secrets. Use several to rotate a secret, or for two apps that post to one URL.
///
/// To rotate without downtime:
/// 1. Add the new secret to the ring beside the old one.
/// 2. Change the secret at the platform.
/// 3. Remove the old secret when its [`match_count`](Self::match_count) has not grown for 7 days.
///    WhatsApp repeats failed deliveries for that long.
///
/// Put the key that signs most deliveries first. A body is hashed with the other keys only if the first
/// one does not match.
///
/// # Security
/// The ring stores the HMAC state of each secret, which can sign like the secret itself. It is wiped on
/// drop. `Debug` prints the names only, and rings cannot be compared:
/// ```compile_fail,E0369
/// let ring = hubseal::KeyRing::from(hubseal::AppSecret::new("0f1e2d3c4b5a6978").unwrap());
/// let _ = ring == ring;
/// ```
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, KeyRing};
///
/// let ring = KeyRing::new([
///     ("2026", AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?),
///     ("2025", AppSecret::new("00112233445566778899aabbccddeeff")?),
/// ])?;
/// assert_eq!(ring.names().map(|name| name.to_string()).collect::<Vec<_>>(), ["2026", "2025"]);
/// assert_eq!(format!("{ring:?}"), r#"KeyRing(["2026", "2025"])"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct KeyRing {
    first: Key,
    others: Vec<Key>,
}

struct Key {
    name: KeyName,
    prepared: HmacState,
    matches: AtomicUsize,
}

impl KeyRing {
    /// The maximum number of keys. A forged request costs one hash of its body for each key.
    pub const MAX_KEYS: usize = 8;

    /// Creates a ring of named secrets. Put the most used one first.
    ///
    /// # Errors
    /// Returns a [`KeyRingError`] if there are no keys or more than eight, if two have the same name, or
    /// if a [`KeyName`] is invalid.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, KeyRing, KeyRingError};
    ///
    /// let none: [(&str, AppSecret); 0] = [];
    /// assert_eq!(KeyRing::new(none).err(), Some(KeyRingError::Empty));
    /// ```
    pub fn new<N: AsRef<str>>(
        keys: impl IntoIterator<Item = (N, AppSecret)>,
    ) -> Result<Self, KeyRingError> {
        let mut keys = keys.into_iter();
        let (name, secret) = keys.next().ok_or(KeyRingError::Empty)?;
        let mut ring = Self {
            first: Key::new(named(name.as_ref())?, &secret),
            others: Vec::new(),
        };
        for (name, secret) in keys {
            let name = named(name.as_ref())?;
            if ring.names().any(|known| known == name) {
                return Err(KeyRingError::DuplicateName(name));
            }
            if ring.names().count() >= Self::MAX_KEYS {
                return Err(KeyRingError::TooMany);
            }
            ring.others.push(Key::new(name, &secret));
        }
        Ok(ring)
    }

    /// Creates a ring of one key, named `current`. The caller must refuse an empty key.
    pub(crate) fn of_bytes(key: &[u8]) -> Self {
        Self {
            first: Key::of_bytes(KeyName::CURRENT, key),
            others: Vec::new(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        core::iter::once(&self.first).chain(&self.others)
    }

    /// Returns the names of the keys, in the order in which they are tried.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, KeyRing};
    ///
    /// let ring = KeyRing::from(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// assert_eq!(ring.names().map(|name| name.to_string()).collect::<Vec<_>>(), ["current"]);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn names(&self) -> impl Iterator<Item = KeyName> {
        self.keys().map(|key| key.name)
    }

    /// Returns how many deliveries this key has verified, or `None` if the ring has no such key.
    ///
    /// Each new ring starts at zero. The count wraps at `usize::MAX`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let _ = verifier.verify(verifier.sign("{}").to_string(), "{}")?;
    /// assert_eq!(verifier.keys().match_count("current"), Some(1));
    /// assert_eq!(verifier.keys().match_count("previous"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn match_count(&self, name: &str) -> Option<usize> {
        let key = self.keys().find(|key| key.name.as_str() == name)?;
        Some(key.matches.load(Ordering::Relaxed))
    }

    /// Starts an HMAC with the first key.
    pub(crate) fn start_first(&self) -> HmacSha256 {
        self.first.prepared.copy()
    }

    /// Starts an HMAC with each of the other keys, in order.
    pub(crate) fn start_others(&self) -> impl Iterator<Item = HmacSha256> {
        self.others.iter().map(|key| key.prepared.copy())
    }

    /// Compares finished HMACs with the signature, and returns the name of the first key that matches.
    ///
    /// `others` should be lazy: it is not advanced after a match.
    pub(crate) fn resolve(
        &self,
        signature: &Signature,
        first: HmacSha256,
        others: impl IntoIterator<Item = HmacSha256>,
    ) -> Option<KeyName> {
        if self.first.matches(signature, first) {
            return Some(self.first.name);
        }
        self.others
            .iter()
            .zip(others)
            .find_map(|(key, mac)| key.matches(signature, mac).then_some(key.name))
    }

    pub(crate) fn sign(&self, body: &[u8]) -> Signature {
        self.first.prepared.sign(body)
    }
}

fn named(name: &str) -> Result<KeyName, KeyRingError> {
    KeyName::new(name).ok_or(KeyRingError::BadName)
}

impl Key {
    fn new(name: KeyName, secret: &AppSecret) -> Self {
        Self::of_bytes(name, secret.expose_secret().as_bytes())
    }

    fn of_bytes(name: KeyName, key: &[u8]) -> Self {
        Self {
            name,
            prepared: HmacState::of_key(key),
            matches: AtomicUsize::new(0),
        }
    }

    /// Compares in constant time: `Mac::verify` does.
    fn matches(&self, signature: &Signature, mac: HmacSha256) -> bool {
        let matches = mac.verify(signature.as_bytes().into()).is_ok();
        if matches {
            self.matches.fetch_add(1, Ordering::Relaxed);
        }
        matches
    }
}

/// Creates a ring of one key, named `current`.
impl From<AppSecret> for KeyRing {
    fn from(secret: AppSecret) -> Self {
        Self::from(&secret)
    }
}

/// Creates a ring of one key, named `current`, and leaves the secret usable.
impl From<&AppSecret> for KeyRing {
    fn from(secret: &AppSecret) -> Self {
        Self::of_bytes(secret.expose_secret().as_bytes())
    }
}

/// Prints the names only.
impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyRing(")?;
        f.debug_list().entries(self.names()).finish()?;
        f.write_str(")")
    }
}

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
    #[error("the key ring has more than 8 keys; remove those that are no longer used")]
    TooMany,
    /// Two keys have the same name.
    #[error("two keys are named {0}; give each key a unique name")]
    DuplicateName(KeyName),
    /// The key has no bytes, so that anybody could sign with it. An [`AppSecret`] is never empty.
    #[error("the key is empty; use a key of at least one byte")]
    EmptyKey,
    /// A name breaks the rules of [`KeyName`].
    #[error("a key name is invalid; use 1 to 32 characters of A-Z, a-z, 0-9, '-', '_' and '.'")]
    BadName,
}
