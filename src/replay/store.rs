//! The store of a replay guard.

use alloc::{boxed::Box, sync::Arc};
use core::{error::Error, fmt, future::Future, pin::Pin, time::Duration};

use crate::signature::Fingerprint;

/// Remembers which fingerprints are claimed and which are committed, for a
/// [`ReplayGuard`](super::ReplayGuard).
///
/// [`MemoryStore`](super::MemoryStore) is for one process. `RedisStore` is for several. Implement the
/// trait for another database, and check it with `hubseal::testing::check_replay_store`.
///
/// # Rules for implementations
/// 1. [`claim`](Self::claim) is atomic: of concurrent claims of one fingerprint, exactly one is
///    [`ClaimStatus::Fresh`].
/// 2. A claim ends with its lease. Without a commit, the next claim is then fresh. A claim that is refused
///    does not extend the lease.
/// 3. [`commit`](Self::commit) succeeds while the store works, even without a claim and after the lease. The
///    work is done by then. A commit ends with its time to live, and a second commit starts a new one.
/// 4. [`release`](Self::release) changes nothing if another claim holds the fingerprint, or if it is
///    committed.
/// 5. Fingerprints are independent of each other.
/// 6. Every future ends within seconds, even if the database does not answer. Requests wait for it.
/// 7. If the future of a claim is dropped, the claim ends with its lease at the latest.
///
/// # Examples
/// A store in PostgreSQL needs one table and these statements:
/// ```sql
/// CREATE TABLE replay (fingerprint bytea PRIMARY KEY, claim text, until timestamptz NOT NULL);
/// CREATE INDEX ON replay (until);
///
/// -- claim (fingerprint, claim, lease as an interval): a returned row is Fresh.
/// INSERT INTO replay VALUES ($1, $2, now() + $3)
/// ON CONFLICT (fingerprint) DO UPDATE SET claim = excluded.claim, until = excluded.until
/// WHERE replay.until <= now() RETURNING 1;
/// -- Otherwise: a row with NULL is Duplicate. A row with a text, or no row, is InProgress.
/// SELECT claim FROM replay WHERE fingerprint = $1;
///
/// -- commit (fingerprint, time to live as an interval)
/// INSERT INTO replay VALUES ($1, NULL, now() + $2)
/// ON CONFLICT (fingerprint) DO UPDATE SET claim = NULL, until = excluded.until;
///
/// -- release (fingerprint, claim)
/// DELETE FROM replay WHERE fingerprint = $1 AND claim = $2;
///
/// -- Now and then:
/// DELETE FROM replay WHERE until <= now();
/// ```
///
/// A store in a map:
/// ```
/// use std::{collections::HashMap, sync::Mutex, time::{Duration, Instant}};
///
/// use hubseal::{
///     Fingerprint,
///     replay::{ClaimId, ClaimStatus, ReplayStore, StoreFuture},
/// };
///
/// /// The claim, or `None` for a commit, and the time at which it ends.
/// type Entry = (Option<ClaimId>, Instant);
///
/// #[derive(Default)]
/// struct MapStore(Mutex<HashMap<Fingerprint, Entry>>);
///
/// impl ReplayStore for MapStore {
///     fn claim(
///         &self,
///         fingerprint: Fingerprint,
///         claim: ClaimId,
///         lease: Duration,
///     ) -> StoreFuture<'_, ClaimStatus> {
///         Box::pin(async move {
///             let (mut map, now) = (self.0.lock().unwrap(), Instant::now());
///             match map.get(&fingerprint) {
///                 Some((None, until)) if now < *until => return Ok(ClaimStatus::Duplicate),
///                 Some((Some(_), until)) if now < *until => return Ok(ClaimStatus::InProgress),
///                 _ => map.insert(fingerprint, (Some(claim), now + lease)),
///             };
///             Ok(ClaimStatus::Fresh)
///         })
///     }
///
///     fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
///         Box::pin(async move {
///             let entry = (None, Instant::now() + time_to_live);
///             self.0.lock().unwrap().insert(fingerprint, entry);
///             Ok(())
///         })
///     }
///
///     fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
///         Box::pin(async move {
///             let mut map = self.0.lock().unwrap();
///             if map.get(&fingerprint).is_some_and(|entry| entry.0 == Some(claim)) {
///                 map.remove(&fingerprint);
///             }
///             Ok(())
///         })
///     }
/// }
/// # let _ = MapStore::default();
/// ```
pub trait ReplayStore: Send + Sync {
    /// Claims a fingerprint until the lease ends, unless it is claimed or committed.
    ///
    /// # Errors
    /// The future resolves to a [`StoreError`] if the store is unavailable.
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus>;

    /// Marks a fingerprint as handled for the time to live. It does not need a claim.
    ///
    /// # Errors
    /// The future resolves to a [`StoreError`] if the store is unavailable.
    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()>;

    /// Ends a claim, so that the next claim is fresh.
    ///
    /// # Errors
    /// The future resolves to a [`StoreError`] if the store is unavailable. The claim then ends with its
    /// lease.
    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()>;
}

/// Shares a store, for example to keep a handle to it beside the guard.
impl<S: ReplayStore + ?Sized> ReplayStore for Arc<S> {
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus> {
        (**self).claim(fingerprint, claim, lease)
    }

    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
        (**self).commit(fingerprint, time_to_live)
    }

    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
        (**self).release(fingerprint, claim)
    }
}

/// The future of a [`ReplayStore`].
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The result of [`ReplayStore::claim`].
///
/// # Examples
/// ```
/// use hubseal::replay::ClaimStatus;
///
/// assert_ne!(ClaimStatus::Fresh, ClaimStatus::Duplicate);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimStatus {
    /// The fingerprint was free and is claimed now.
    Fresh,
    /// Another claim holds the fingerprint.
    InProgress,
    /// The fingerprint is committed.
    Duplicate,
}

/// Identifies one claim, so that nobody else releases it. No two claims have the same id, on any machine.
///
/// `Display` prints 32 hexadecimal digits.
///
/// # Examples
/// ```
/// fn text(claim: hubseal::replay::ClaimId) -> String {
///     claim.to_string()
/// }
/// # let _ = text;
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClaimId {
    /// Drawn at random for each guard.
    source: u64,
    number: u64,
}

impl ClaimId {
    pub(super) const fn new(source: u64, number: u64) -> Self {
        Self { source, number }
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.source, self.number)
    }
}

impl fmt::Debug for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimId({self})")
    }
}

/// The error of a [`ReplayStore`] that is unavailable.
///
/// [`source`](Error::source) is the error of the database.
///
/// # Examples
/// ```
/// use hubseal::replay::StoreError;
///
/// let error = StoreError::new("connection refused");
/// assert_eq!(error.to_string(), "replay store is unavailable: connection refused");
/// ```
#[derive(Debug)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// Creates an error from the error of the database.
    ///
    /// # Security
    /// Its text is logged, so it must not contain a password.
    ///
    /// # Examples
    /// ```
    /// let _ = hubseal::replay::StoreError::new(std::io::Error::other("no route to host"));
    /// ```
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replay store is unavailable: {}", self.0)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
