//! The result of a claim, and the right to handle something until it is committed or released.

use alloc::sync::Arc;
use core::{
    fmt,
    future::Future,
    task::{Context, Waker},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    time::{Instant, sleep},
};

use super::{
    shared::Shared,
    store::{ClaimId, StoreError, StoreFuture},
};
use crate::{observe::catch, signature::Fingerprint};

/// The result of [`ReplayGuard::claim`](super::ReplayGuard::claim).
///
/// # Examples
/// ```
/// use hubseal::replay::Claim;
///
/// fn is_to_be_handled(claim: &Claim) -> bool {
///     matches!(claim, Claim::Fresh(_))
/// }
/// # let _ = is_to_be_handled;
/// ```
#[derive(Debug)]
#[must_use = "a dropped ticket releases the claim"]
pub enum Claim {
    /// Handle it now, and then [`commit`](Ticket::commit) the ticket.
    Fresh(Ticket),
    /// It is being handled at this moment. Whether that succeeds is open, so do not confirm it.
    InProgress,
    /// It was handled before. Do not handle it again.
    Duplicate,
}

/// The right to handle a delivery or an update. [`ReplayGuard::claim`](super::ReplayGuard::claim) returns
/// it.
///
/// - After success, [`commit`](Self::commit) it.
/// - Dropping it [releases](Self::release) the claim, also if the handler panics or is cancelled. Without a
///   Tokio runtime, a store that needs one keeps the claim until its lease ends.
///
/// # Examples
/// ```
/// use hubseal::replay::Ticket;
///
/// /// Returns whether the work is done.
/// async fn handle(ticket: Ticket) -> bool {
///     let result = work();
///     let settled = if result.is_ok() { ticket.commit().await } else { ticket.release().await };
///     if let Err(error) = settled {
///         eprintln!("{error}"); // changes nothing about the work
///     }
///     result.is_ok()
/// }
/// # fn work() -> Result<(), ()> { Ok(()) }
/// # let _ = handle;
/// ```
#[must_use = "a dropped ticket releases the claim"]
pub struct Ticket {
    shared: Arc<Shared>,
    fingerprint: Fingerprint,
    claim: ClaimId,
    lease: Duration,
    time_to_live: Duration,
    /// For the work that is left when the ticket is dropped.
    runtime: Option<Handle>,
    on_drop: OnDrop,
}

/// The work that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnDrop {
    Release,
    Commit,
    Nothing,
}

/// The first delay between two attempts to commit. It doubles up to the last one.
const FIRST_DELAY: Duration = Duration::from_millis(50);
const LAST_DELAY: Duration = Duration::from_secs(1);

impl Ticket {
    pub(super) fn new(
        shared: Arc<Shared>,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
        time_to_live: Duration,
    ) -> Self {
        Self {
            shared,
            fingerprint,
            claim,
            lease,
            time_to_live,
            runtime: Handle::try_current().ok(),
            on_drop: OnDrop::Release,
        }
    }

    /// Drops the ticket of a claim that failed.
    pub(super) fn forget(mut self) {
        self.on_drop = OnDrop::Nothing;
    }

    /// Returns the fingerprint that is claimed.
    ///
    /// # Examples
    /// ```
    /// fn log(ticket: &hubseal::replay::Ticket) {
    ///     println!("handling {}", ticket.fingerprint());
    /// }
    /// # let _ = log;
    /// ```
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Remembers that the work is done. Every later claim is a duplicate for the time to live.
    ///
    /// If the commit fails, or if its future is dropped, a background task tries again. It stops after a
    /// success, or after as much time as the lease. It needs a Tokio runtime with a timer, and ends with the
    /// runtime. If it gives up, it writes an event.
    ///
    /// # Errors
    /// Returns a [`StoreError`] if the first attempt fails. The work is done, so answer as after a success.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{Fingerprint, replay::{Claim, ReplayGuard}};
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// # let (guard, order) = (ReplayGuard::in_memory(), Fingerprint::new(["order", "4711"]));
    /// if let Claim::Fresh(ticket) = guard.claim(order).await? {
    ///     ticket.commit().await?;
    /// }
    /// assert!(matches!(guard.claim(order).await?, Claim::Duplicate));
    /// # Ok::<(), hubseal::replay::StoreError>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.on_drop = OnDrop::Commit;
        let store = &self.shared.store;
        store.commit(self.fingerprint, self.time_to_live).await?;
        self.on_drop = OnDrop::Nothing;
        Ok(())
    }

    /// Ends the claim after a failure, so that the next claim is fresh.
    ///
    /// # Errors
    /// Returns a [`StoreError`] if the store is unavailable. The claim then ends with its lease.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{Fingerprint, replay::{Claim, ReplayGuard}};
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// # let (guard, order) = (ReplayGuard::in_memory(), Fingerprint::new(["order", "4711"]));
    /// if let Claim::Fresh(ticket) = guard.claim(order).await? {
    ///     ticket.release().await?;
    /// }
    /// assert!(matches!(guard.claim(order).await?, Claim::Fresh(_)));
    /// # Ok::<(), hubseal::replay::StoreError>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn release(mut self) -> Result<(), StoreError> {
        let store = &self.shared.store;
        store.release(self.fingerprint, self.claim).await?;
        self.on_drop = OnDrop::Nothing;
        Ok(())
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let (shared, fingerprint) = (Arc::clone(&self.shared), self.fingerprint);
        match self.on_drop {
            OnDrop::Nothing => {}
            OnDrop::Release => {
                let claim = self.claim;
                self.finish(async move {
                    // If it fails, the claim ends with its lease.
                    drop(shared.store.release(fingerprint, claim).await);
                });
            }
            OnDrop::Commit => {
                let (time_to_live, patience) = (self.time_to_live, self.lease);
                self.finish(async move {
                    let commit = || shared.store.commit(fingerprint, time_to_live);
                    commit_again(fingerprint, commit, patience).await;
                });
            }
        }
    }
}

impl Ticket {
    /// Runs the work that is left, at once if it does not have to wait, or else in the background.
    fn finish(&self, work: impl Future<Output = ()> + Send + 'static) {
        // The store may panic, and the ticket may be dropped by a panic.
        catch(|| {
            let mut work = alloc::boxed::Box::pin(work);
            let entered = self.runtime.as_ref().map(Handle::enter);
            let poll = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            drop(entered);
            if let (true, Some(runtime)) = (poll.is_pending(), &self.runtime) {
                runtime.spawn(work);
            }
        });
    }
}

/// Commits until it succeeds or the time is over.
async fn commit_again<'a>(
    fingerprint: Fingerprint,
    commit: impl Fn() -> StoreFuture<'a, ()>,
    patience: Duration,
) {
    let start = Instant::now();
    let mut delay = FIRST_DELAY;
    let mut missing = NotCommitted {
        fingerprint,
        error: Some(StoreError::new("no answer to a commit")),
    };
    while let Err(error) = commit().await {
        missing.error = Some(error);
        if start.elapsed() >= patience || Handle::try_current().is_err() {
            return;
        }
        sleep(delay).await;
        delay = delay.saturating_mul(2).min(LAST_DELAY);
    }
    missing.error = None;
}

/// Logs on a drop that a commit is given up: after its time, after a panic, or with its runtime.
struct NotCommitted {
    fingerprint: Fingerprint,
    error: Option<StoreError>,
}

impl Drop for NotCommitted {
    fn drop(&mut self) {
        if let Some(error) = &self.error {
            // A subscriber may panic, and this may be dropped by a panic.
            catch(|| crate::observe::replay_not_committed(self.fingerprint, error));
        }
    }
}

/// Prints the fingerprint.
impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}
