//! The replay guard.

use alloc::sync::Arc;
use core::{fmt, time::Duration};

use super::{
    memory::MemoryStore,
    shared::Shared,
    store::{ClaimStatus, ReplayStore, StoreError},
    ticket::{Claim, Ticket},
};
use crate::signature::Fingerprint;

/// Drops duplicates of handled deliveries.
///
/// With [`EndpointBuilder::replay_guard`](crate::EndpointBuilder::replay_guard), the routes, layers and
/// services of the adapters use it for every verified delivery. Use it by hand for updates by their ids,
/// and without an adapter.
///
/// Clones share the store. The `with_…` methods change only the value on which they are called, so one store
/// can serve claims with different leases.
///
/// # Examples
/// ```
/// use hubseal::{Fingerprint, replay::{Claim, ReplayGuard, StoreError}};
///
/// /// Returns whether the order is sent. If not, try again later.
/// async fn send_once(guard: &ReplayGuard, order: &str) -> Result<bool, StoreError> {
///     match guard.claim(Fingerprint::new(["order", order])).await? {
///         Claim::Fresh(ticket) => {
///             println!("sending {order}");
///             let _ = ticket.commit().await; // tries again in the background after an error
///             Ok(true)
///         }
///         Claim::Duplicate => Ok(true),
///         Claim::InProgress => Ok(false),
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let guard = ReplayGuard::in_memory();
/// assert!(send_once(&guard, "4711").await?);
/// assert!(send_once(&guard, "4711").await?); // prints nothing
/// # Ok::<(), StoreError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ReplayGuard {
    shared: Arc<Shared>,
    time_to_live: Duration,
    lease: Duration,
    outage_policy: OutagePolicy,
}

/// What to do with a verified delivery while the store is unavailable.
///
/// # Examples
/// ```
/// use hubseal::replay::{OutagePolicy, ReplayGuard};
///
/// let _guard = ReplayGuard::in_memory().with_outage_policy(OutagePolicy::Accept);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OutagePolicy {
    /// Answer 503, so that the platform sends it again later. An outage that is longer than its retries loses
    /// deliveries. The default.
    #[default]
    Reject,
    /// Handle it without a check for duplicates.
    Accept,
}

impl ReplayGuard {
    /// The default time to live: 7 days, because WhatsApp repeats a failed delivery for that long.
    ///
    /// Source: Meta, *WhatsApp Cloud API: Webhooks*.
    pub const DEFAULT_TIME_TO_LIVE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    /// The default lease: 30 seconds.
    pub const DEFAULT_LEASE: Duration = Duration::from_secs(30);

    /// Creates a guard with a store.
    ///
    /// # Examples
    /// ```
    /// use hubseal::replay::{MemoryStore, ReplayGuard};
    ///
    /// let _guard = ReplayGuard::new(MemoryStore::with_capacity(1_000_000));
    /// ```
    #[must_use]
    pub fn new(store: impl ReplayStore + 'static) -> Self {
        Self {
            shared: Arc::new(Shared::new(store)),
            time_to_live: Self::DEFAULT_TIME_TO_LIVE,
            lease: Self::DEFAULT_LEASE,
            outage_policy: OutagePolicy::default(),
        }
    }

    /// Creates a guard with a [`MemoryStore`] of the default capacity, for a service of one process.
    ///
    /// # Examples
    /// ```
    /// let _guard = hubseal::replay::ReplayGuard::in_memory();
    /// ```
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(MemoryStore::default())
    }

    /// Sets how long a committed fingerprint is remembered. Defaults to 7 days. Zero remembers nothing.
    ///
    /// # Security
    /// A signature never expires. So an attacker who has captured a delivery can send it again after this
    /// time. Reject old updates by their timestamp if that matters to you.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use hubseal::replay::ReplayGuard;
    ///
    /// let _guard = ReplayGuard::in_memory().with_time_to_live(Duration::from_secs(36 * 60 * 60));
    /// ```
    #[must_use]
    pub fn with_time_to_live(self, time_to_live: Duration) -> Self {
        Self {
            time_to_live,
            ..self
        }
    }

    /// Sets the lease: the time after which another attempt may take over a claim that is neither committed
    /// nor released. Defaults to 30 seconds. With zero, a claim protects nothing.
    ///
    /// Choose a longer time than your slowest handler takes. A delivery that is sent again after the lease
    /// is handled again, even if the first handler still runs. After a crash, it gets 503 until then.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use hubseal::replay::ReplayGuard;
    ///
    /// let _guard = ReplayGuard::in_memory().with_lease(Duration::from_secs(120));
    /// ```
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Sets the policy of the adapters while the store is unavailable. Defaults to [`OutagePolicy::Reject`].
    ///
    /// [`claim`](Self::claim) returns an error in both cases.
    ///
    /// # Examples
    /// ```
    /// use hubseal::replay::{OutagePolicy, ReplayGuard};
    ///
    /// let _guard = ReplayGuard::in_memory().with_outage_policy(OutagePolicy::Accept);
    /// ```
    #[must_use]
    pub fn with_outage_policy(self, outage_policy: OutagePolicy) -> Self {
        Self {
            outage_policy,
            ..self
        }
    }

    /// Claims a fingerprint, so that nobody else handles it at the same time.
    ///
    /// If the future is dropped before it ends, the claim is released.
    ///
    /// # Errors
    /// Returns a [`StoreError`] if the store is unavailable.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Fingerprint, replay::{Claim, ReplayGuard}};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let guard = ReplayGuard::in_memory();
    /// let order = Fingerprint::new(["order", "4711"]);
    /// let ticket = guard.claim(order).await?;
    /// assert!(matches!(ticket, Claim::Fresh(_)));
    /// assert!(matches!(guard.claim(order).await?, Claim::InProgress));
    /// drop(ticket); // releases the claim
    /// assert!(matches!(guard.claim(order).await?, Claim::Fresh(_)));
    /// # Ok::<(), hubseal::replay::StoreError>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn claim(&self, fingerprint: Fingerprint) -> Result<Claim, StoreError> {
        let claim = self.shared.ids.next();
        // Exists before the claim, because a store may claim and then fail to answer.
        let ticket = Ticket::new(
            Arc::clone(&self.shared),
            fingerprint,
            claim,
            self.lease,
            self.time_to_live,
        );
        let status = self
            .shared
            .store
            .claim(fingerprint, claim, self.lease)
            .await;
        self.shared.log_change(status.as_ref().err());
        Ok(match status? {
            ClaimStatus::Fresh => Claim::Fresh(ticket),
            ClaimStatus::InProgress => {
                ticket.forget();
                Claim::InProgress
            }
            ClaimStatus::Duplicate => {
                ticket.forget();
                Claim::Duplicate
            }
        })
    }

    #[cfg(feature = "_adapter")]
    pub(crate) const fn has_zero_duration(&self) -> bool {
        self.lease.is_zero() || self.time_to_live.is_zero()
    }

    /// Returns the policy of the adapters while the store is unavailable.
    ///
    /// # Examples
    /// ```
    /// use hubseal::replay::{OutagePolicy, ReplayGuard};
    ///
    /// assert_eq!(ReplayGuard::in_memory().outage_policy(), OutagePolicy::Reject);
    /// ```
    #[must_use]
    pub const fn outage_policy(&self) -> OutagePolicy {
        self.outage_policy
    }
}

/// Prints the settings.
impl fmt::Debug for ReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayGuard")
            .field("time_to_live", &self.time_to_live)
            .field("lease", &self.lease)
            .field("outage_policy", &self.outage_policy)
            .finish_non_exhaustive()
    }
}
