//! A test for implementations of `ReplayStore`.

mod check;
mod claims;
mod endings;
mod races;

use alloc::string::String;
use core::{error::Error, fmt};

use check::Check;

use crate::replay::{ReplayStore, StoreError};

/// Checks that a replay store keeps the [rules for implementations](ReplayStore#rules-for-implementations).
///
/// It takes about a second: it claims for short leases, waits for their end, and sends claims at the same
/// time from several threads.
///
/// - The fingerprints are drawn at random, so a database that others use is not disturbed.
/// - The store still has about 150 of them afterwards. They end within a minute.
/// - Call it in a Tokio runtime with a timer. Do not pause its clock.
/// - No test finds every race. Run it several times for a store that is not atomic by design.
///
/// # Errors
/// Returns a [`BrokenRule`] for the first rule that is broken.
///
/// # Panics
/// Panics outside of a Tokio runtime with a timer, and if the store panics.
///
/// # Examples
/// ```
/// use hubseal::{replay::MemoryStore, testing::check_replay_store};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// check_replay_store(&MemoryStore::default()).await?;
/// # Ok::<(), hubseal::testing::BrokenRule>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn check_replay_store(store: &dyn ReplayStore) -> Result<(), BrokenRule> {
    let check = Check::new(store);
    let lasting = endings::Lasting::begin(&check).await?;
    claims::one_after_another(&check).await?;
    claims::similar_fingerprints(&check).await?;
    races::check(&check).await?;
    claims::dropped_commit(&check).await?;
    endings::check(&check).await?;
    lasting.end(&check).await
}

/// A rule for implementations of [`ReplayStore`]. `Display` prints it as a sentence.
///
/// # Examples
/// ```
/// use hubseal::testing::ReplayRule;
///
/// assert_eq!(ReplayRule::LeaseEnds.to_string(), "a claim ends with its lease");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayRule {
    /// Every operation succeeds while the store works.
    #[error("every operation succeeds while the store works")]
    Works,
    /// Every future ends within seconds.
    #[error("every future ends within seconds")]
    EndsInTime,
    /// The first claim of a fingerprint is fresh.
    #[error("the first claim of a fingerprint is fresh")]
    FirstIsFresh,
    /// Fingerprints do not affect one another, however similar they are.
    #[error("fingerprints do not affect one another")]
    Independent,
    /// A claim is in progress until it is committed, released, or its lease ends.
    #[error("a claim is in progress until it is committed or released, or its lease ends")]
    ClaimHolds,
    /// Of several claims at a time, exactly one is fresh.
    #[error("of several claims at a time, one is fresh")]
    ClaimIsAtomic,
    /// A claim ends with its lease, and later claims do not extend it.
    #[error("a claim ends with its lease")]
    LeaseEnds,
    /// A claim whose future is dropped ends with its lease, or was never made.
    #[error("a claim whose future is dropped ends with its lease")]
    DroppedClaimEnds,
    /// A committed fingerprint is a duplicate for the time to live of the last commit, whatever preceded
    /// the commit.
    #[error("a committed fingerprint is a duplicate for its time to live")]
    CommitHolds,
    /// A commit ends with its time to live.
    #[error("a commit ends with its time to live")]
    TimeToLiveEnds,
    /// A release by the holder of the claim ends the claim.
    #[error("a release ends the claim of its holder")]
    ReleaseEndsClaim,
    /// A release by the holder of another claim changes nothing.
    #[error("a release by another claim changes nothing")]
    ReleaseIsForHolder,
    /// A release after the commit changes nothing.
    #[error("a release after the commit changes nothing")]
    ReleaseKeepsCommit,
}

/// The error of a replay store that breaks a rule.
///
/// `Display` prints the rule and the operations that broke it. [`source`](Error::source) is the
/// [`StoreError`] if an operation failed.
///
/// # Examples
/// ```
/// # use std::time::Duration;
/// use hubseal::{
///     Fingerprint,
///     replay::{ClaimId, ClaimStatus, ReplayStore, StoreFuture},
///     testing::{ReplayRule, check_replay_store},
/// };
///
/// struct Forgetful;
///
/// impl ReplayStore for Forgetful {
///     fn claim(&self, _: Fingerprint, _: ClaimId, _: Duration) -> StoreFuture<'_, ClaimStatus> {
///         Box::pin(async { Ok(ClaimStatus::Fresh) })
///     }
///     // …
/// #     fn commit(&self, _: Fingerprint, _: Duration) -> StoreFuture<'_, ()> {
/// #         Box::pin(async { Ok(()) })
/// #     }
/// #     fn release(&self, _: Fingerprint, _: ClaimId) -> StoreFuture<'_, ()> {
/// #         Box::pin(async { Ok(()) })
/// #     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let broken = check_replay_store(&Forgetful).await.unwrap_err();
/// assert_eq!(broken.rule, ReplayRule::ClaimHolds);
/// assert_eq!(
///     broken.to_string(),
///     "a claim is in progress until it is committed or released, or its lease ends: \
///      expected InProgress for a second claim, got Fresh"
/// );
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct BrokenRule {
    /// The rule.
    pub rule: ReplayRule,
    problem: String,
    cause: Option<StoreError>,
}

impl fmt::Display for BrokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.problem)
    }
}

impl Error for BrokenRule {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
