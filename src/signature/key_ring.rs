//! The named keys that an endpoint accepts.

use alloc::vec::Vec;
use core::{fmt, sync::atomic::Ordering};

use hmac::Mac;

use super::{
    KeyName, Signature,
    hmac_state::{HmacSha256, HmacState},
};
use crate::{secret::AppSecret, sync::AtomicUsize};

/// One to eight named secrets, each prepared for HMAC once.
///
/// Several at once serve two needs: rotating a secret without downtime, and two apps that post
/// to one URL. The order matters for cost only: a body is hashed with the first key, and with
/// the others where that one does not match. So put the key that signs most first.
///
/// To rotate without losing a request, add the new secret beside the old one. Change the secret at the
/// platform. Remove the old secret when its [`match_count`](Self::match_count) no longer grows.
///
/// # Security
/// What is kept is the state that HMAC derives from a secret, which signs as well as the secret
/// does; it is wiped when the ring is dropped. The ring neither prints nor compares it:
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
    /// The most keys that a ring holds. A forged request costs one hash of its body for each.
    pub const MAX_KEYS: usize = 8;

    /// Makes a ring of named secrets, the most used first.
    ///
    /// # Errors
    /// A [`KeyRingError`] where there is no key, there are more than eight, two have the same
    /// name, or a name is not 1 to 32 characters of `A`–`Z`, `a`–`z`, `0`–`9`, `-`, `_` and `.`.
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

    /// A ring of one key, named `current`, that is any bytes. The caller rules out an empty key.
    pub(crate) fn of_bytes(key: &[u8]) -> Self {
        Self {
            first: Key::of_bytes(KeyName::CURRENT, key),
            others: Vec::new(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        core::iter::once(&self.first).chain(&self.others)
    }

    /// The names of the keys, in the order in which they are tried.
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

    /// How many deliveries the key of this name has verified since the ring was made, or `None`
    /// where the ring has no such key. Counting starts over with each ring, and wraps at
    /// `usize::MAX`.
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

    /// A computation under the first key.
    pub(crate) fn start_first(&self) -> HmacSha256 {
        self.first.prepared.copy()
    }

    /// A computation under each key but the first, in order.
    pub(crate) fn start_others(&self) -> impl Iterator<Item = HmacSha256> {
        self.others.iter().map(|key| key.prepared.copy())
    }

    /// Checks finished computations, the first key's and then the others', and stops at the
    /// first that matches: an iterator that computes as it goes does no more than it must.
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

    /// In constant time: `verify` compares all 32 bytes whatever they are.
    fn matches(&self, signature: &Signature, mac: HmacSha256) -> bool {
        let matches = mac.verify(signature.as_bytes().into()).is_ok();
        if matches {
            self.matches.fetch_add(1, Ordering::Relaxed);
        }
        matches
    }
}

/// A ring of one key, named `current`.
impl From<AppSecret> for KeyRing {
    fn from(secret: AppSecret) -> Self {
        Self::from(&secret)
    }
}

/// A ring of one key, named `current`, where the secret is needed further on.
impl From<&AppSecret> for KeyRing {
    fn from(secret: &AppSecret) -> Self {
        Self::of_bytes(secret.expose_secret().as_bytes())
    }
}

/// The names only.
impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyRing(")?;
        f.debug_list().entries(self.names()).finish()?;
        f.write_str(")")
    }
}

/// Why a [`KeyRing`] was refused.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, KeyRing, KeyRingError};
///
/// let secret = || AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
/// let refused = |ring: Result<KeyRing, KeyRingError>| ring.err().unwrap().to_string();
///
/// let ring = KeyRing::new([("a b", secret()?)]);
/// assert!(refused(ring).starts_with("the name of a key is 1 to 32 characters"));
/// let ring = KeyRing::new([("app", secret()?), ("app", secret()?)]);
/// assert_eq!(refused(ring), "two keys are named app: give each a name of its own");
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// No key at all, under which nothing could be verified.
    #[error("a key ring needs at least one key")]
    Empty,
    /// More than [`KeyRing::MAX_KEYS`], each of which makes a forgery cost more.
    #[error("a key ring holds at most 8 keys: leave out those that are no longer used")]
    TooMany,
    /// Two keys that a verdict could not tell apart.
    #[error("two keys are named {0}: give each a name of its own")]
    DuplicateName(KeyName),
    /// A key of no bytes, with which anybody can sign. An [`AppSecret`] is never empty.
    #[error("the key is empty; use a key of at least one byte")]
    EmptyKey,
    /// A name that is empty, too long, or not safe to print as it is.
    #[error("the name of a key is 1 to 32 characters of A-Z, a-z, 0-9, '-', '_' and '.'")]
    BadName,
}
