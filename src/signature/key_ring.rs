//! The key ring: the named keys that an endpoint accepts.

use alloc::vec::Vec;
use core::{fmt, sync::atomic::Ordering};
#[cfg(feature = "std")]
use std::time::SystemTime;

#[cfg(feature = "std")]
use super::deadline::Clock;
use super::{KeyName, KeyRingError, Match, Signature, View, hmac_state::HmacSha256, key::Key};
use crate::{
    rejection::{Rejection, RejectionKind},
    secret::AppSecret,
};

/// One to eight named secrets. Use several to rotate a secret, or for two apps that post to one URL.
///
/// To rotate without downtime:
/// 1. Add the new secret to the ring beside the old one. Give the old one a
///    [deadline](Self#method.with_deadline).
/// 2. Change the secret at the platform.
/// 3. Remove the old secret after its deadline, or when its [`match_count`](Self::match_count) has not
///    grown for 7 days. WhatsApp repeats failed deliveries for that long.
///
/// [`Secrets`](https://docs.rs/hubseal/latest/hubseal/struct.Secrets.html) does this with secrets in files.
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
    pub(super) first: Key,
    pub(super) others: Vec<Key>,
    #[cfg(feature = "std")]
    pub(super) clock: Clock,
}

impl KeyRing {
    /// The maximum number of keys of a ring that [`new`](Self::new) creates.
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
        Self::with_at_most(Self::MAX_KEYS, keys)
    }

    /// Creates a ring of any number of named secrets. Put the most used one first.
    ///
    /// Prefer one [`Endpoint`](crate::Endpoint) for each app, chosen by the path of the request. Then a
    /// body is hashed with one key, and an app cannot sign deliveries for another. The guide
    /// [two apps](https://docs.rs/crate/hubseal/latest/source/docs/guide/two-apps.md) shows it.
    ///
    /// # Security
    /// A forged body is hashed once for each key. Each key adds about 0.4 µs for 700 bytes and 2 ms for
    /// 4 MiB, on a processor with SHA extensions. With 100 keys, a forged body of 4 MiB takes 0.2 seconds.
    ///
    /// # Errors
    /// Returns a [`KeyRingError`] if there are no keys, if two have the same name, or if a [`KeyName`] is
    /// invalid. It does not return while the iterator has not ended.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, KeyRing};
    ///
    /// let secrets = (0..20).map(|app| {
    ///     let secret = AppSecret::new(format!("a secret of the app {app}")).unwrap();
    ///     (format!("app-{app}"), secret)
    /// });
    /// assert_eq!(KeyRing::without_limit(secrets)?.names().count(), 20);
    /// # Ok::<(), hubseal::KeyRingError>(())
    /// ```
    pub fn without_limit<N: AsRef<str>>(
        keys: impl IntoIterator<Item = (N, AppSecret)>,
    ) -> Result<Self, KeyRingError> {
        Self::with_at_most(usize::MAX, keys)
    }

    fn with_at_most<N: AsRef<str>>(
        limit: usize,
        keys: impl IntoIterator<Item = (N, AppSecret)>,
    ) -> Result<Self, KeyRingError> {
        let mut keys = keys.into_iter();
        let (name, secret) = keys.next().ok_or(KeyRingError::Empty)?;
        let mut ring = Self::of_key(Key::new(named(name.as_ref())?, &secret));
        for (name, secret) in keys {
            let name = named(name.as_ref())?;
            if ring.names().any(|known| known == name) {
                return Err(KeyRingError::DuplicateName(name));
            }
            if ring.others.len() >= limit.saturating_sub(1) {
                return Err(KeyRingError::TooMany);
            }
            ring.others.push(Key::new(name, &secret));
        }
        Ok(ring)
    }

    /// Creates a ring of one key, named `current`. The caller must refuse an empty key.
    pub(crate) fn of_bytes(key: &[u8]) -> Self {
        Self::of_key(Key::of_bytes(KeyName::CURRENT, key))
    }

    fn of_key(first: Key) -> Self {
        Self {
            first,
            others: Vec::new(),
            #[cfg(feature = "std")]
            clock: Clock::default(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        core::iter::once(&self.first).chain(&self.others)
    }

    #[cfg(feature = "std")]
    pub(super) fn keys_mut(&mut self) -> impl Iterator<Item = &mut Key> {
        core::iter::once(&mut self.first).chain(&mut self.others)
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
    /// - The count goes on over [`replace_keys`](crate::Verifier#method.replace_keys), if both rings have a
    ///   key of this name. Its secret may differ. Requests in progress with the old ring count too.
    /// - Every other new ring starts at zero. The count wraps at `usize::MAX`.
    /// - A match with a key past its deadline does not count.
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

    /// Compares finished HMACs with the signatures. Returns the first key that matches and is not
    /// past its deadline.
    ///
    /// `others` should be lazy: it is not advanced after a match.
    pub(crate) fn resolve(
        &self,
        presented: View<'_>,
        first: HmacSha256,
        others: impl IntoIterator<Item = HmacSha256>,
    ) -> Result<Match, Rejection> {
        let mut rejected = RejectionKind::SignatureMismatch;
        if let Some(place) = presented.matching(first) {
            if !self.is_expired(&self.first) {
                let key = self.first.count();
                return Ok(Match { key, place });
            }
            rejected = RejectionKind::KeyExpired;
        }
        for (key, mac) in self.others.iter().zip(others) {
            if let Some(place) = presented.matching(mac) {
                if !self.is_expired(key) {
                    let key = key.count();
                    return Ok(Match { key, place });
                }
                rejected = RejectionKind::KeyExpired;
            }
        }
        Err(Rejection::new(rejected))
    }

    #[cfg(feature = "std")]
    fn is_expired(&self, key: &Key) -> bool {
        (key.deadline.as_deref()).is_some_and(|deadline| self.clock.has_passed(*deadline))
    }

    #[cfg(not(feature = "std"))]
    #[expect(clippy::unused_self, reason = "with `std`, the ring has a clock")]
    fn is_expired(&self, _: &Key) -> bool {
        false
    }

    /// Returns the seconds since 1970. `None` without a clock, and 0 if it is set to an earlier time.
    #[cfg(feature = "std")]
    pub(super) fn unix_time(&self) -> Option<u64> {
        let since = |now: SystemTime| now.duration_since(SystemTime::UNIX_EPOCH);
        let now = self.clock.now()?;
        Some(since(now).map_or(0, |since| since.as_secs()))
    }

    #[cfg(not(feature = "std"))]
    #[expect(clippy::unused_self, reason = "with `std`, the ring has a clock")]
    pub(super) fn unix_time(&self) -> Option<u64> {
        None
    }

    /// Lets each key share the count of the key of the same name in the ring that this one replaces.
    #[cfg(feature = "std")]
    pub(super) fn continue_counts(&mut self, old: &Self) {
        for key in self.keys_mut() {
            if let Some(known) = old.keys().find(|known| known.name == key.name) {
                key.matches = known.matches.clone();
            }
        }
    }

    pub(crate) fn sign(&self, body: &[u8]) -> Signature {
        self.first.prepared.sign(body)
    }
}

fn named(name: &str) -> Result<KeyName, KeyRingError> {
    KeyName::new(name).ok_or(KeyRingError::BadName)
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
        secret.with_key(Self::of_bytes)
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

#[cfg(all(test, feature = "std", not(hubseal_loom)))]
mod tests {
    use super::*;
    use crate::signature::Verifier;

    #[test]
    fn match_count_wraps() {
        let verifier = Verifier::new(AppSecret::new("a key of this test").unwrap());
        let ring = verifier.keys();
        ring.first.matches.store(usize::MAX, Ordering::Relaxed);
        let signature = verifier.sign("{}");
        assert!(verifier.verify_signature(&signature, "{}").is_ok());
        assert_eq!(ring.match_count("current"), Some(0));
    }
}
