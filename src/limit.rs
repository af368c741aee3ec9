//! The guards of size and memory.

use core::sync::atomic::Ordering;

use crate::{
    Kind, Rejection,
    sync::{Arc, AtomicUsize},
};

/// The largest body of one request, in bytes, inclusive.
///
/// It is held against the `Content-Length` before the first byte is read, and against the count
/// of what arrives. Nothing is ever allocated by what a sender declares.
///
/// # Examples
/// ```
/// use hubseal::PayloadLimit;
///
/// assert_eq!(PayloadLimit::default().bytes(), 4_194_304);
/// assert_eq!(PayloadLimit::new(1_024).bytes(), 1_024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayloadLimit(usize);

impl PayloadLimit {
    /// 4 MiB: Meta sends up to 3 MB, which leaves room for either reading of "MB".
    ///
    /// Source: Meta, *WhatsApp Cloud API: Webhooks*, "payloads can be up to 3 MB".
    pub const META: Self = Self(4 * 1024 * 1024);

    /// A limit of so many bytes; a body of exactly this size passes.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::PayloadLimit::new(700).bytes(), 700);
    /// ```
    #[must_use]
    pub const fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// The limit in bytes.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::PayloadLimit::META.bytes(), 4 * 1024 * 1024);
    /// ```
    #[must_use]
    pub const fn bytes(self) -> usize {
        self.0
    }

    /// The declared length, where it is within the limit.
    pub(crate) fn admit(self, declared: u64) -> Result<usize, Rejection> {
        usize::try_from(declared)
            .ok()
            .filter(|declared| *declared <= self.0)
            .ok_or(Rejection::new(Kind::PayloadTooLarge))
    }

    /// The new count, where `more` bytes on top of `counted` stay within the limit.
    pub(crate) fn count(self, counted: usize, more: usize) -> Result<usize, Rejection> {
        counted
            .checked_add(more)
            .filter(|total| *total <= self.0)
            .ok_or(Rejection::new(Kind::PayloadTooLarge))
    }
}

/// [`PayloadLimit::META`].
impl Default for PayloadLimit {
    fn default() -> Self {
        Self::META
    }
}

/// The memory that unverified bytes of all requests together may take.
///
/// A request is free up to [`FREE_PER_REQUEST`](Self::FREE_PER_REQUEST) bytes, so an ordinary
/// delivery of some hundred bytes is served even while large uploads have used the budget up.
/// One that grows beyond that takes all that it holds from the budget, from then on as it arrives,
/// and gives it back when it is verified, refused or dropped. Where nothing is left, the request
/// is refused with 503 and `Retry-After`, and the platform comes again.
///
/// So unverified bodies never hold more than the budget and 64 KiB for each connection; and one
/// that has outgrown its 64 KiB leaves them to what its connection costs the server.
///
/// Clones share one budget. Every endpoint has one of its own unless it is given one; give the
/// same to all endpoints of a process to bound them together.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, MemoryBudget};
///
/// let budget = MemoryBudget::new(16 * 1024 * 1024);
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .memory_budget(budget.clone())
///     .build();
/// # drop(endpoint);
/// assert_eq!(budget.available(), 16 * 1024 * 1024);
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Debug, Clone)]
pub struct MemoryBudget(Arc<AtomicUsize>);

impl MemoryBudget {
    /// Up to what size a request takes nothing from the budget: 64 KiB.
    pub const FREE_PER_REQUEST: usize = 64 * 1024;

    /// The budget of an endpoint that was given none: 64 MiB.
    pub const DEFAULT_BYTES: usize = 64 * 1024 * 1024;

    /// A budget of so many bytes. With 64 KiB or less, no request can be larger than what is free.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::MemoryBudget::new(4_096).available(), 4_096);
    /// ```
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(bytes)))
    }

    /// What is left of it now, in bytes.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::MemoryBudget::default().available(), 64 * 1024 * 1024);
    /// ```
    #[must_use]
    pub fn available(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A budget of [`DEFAULT_BYTES`](Self::DEFAULT_BYTES).
impl Default for MemoryBudget {
    fn default() -> Self {
        Self::new(Self::DEFAULT_BYTES)
    }
}

/// What one request has taken from the budget; dropping it gives that back.
pub(crate) struct Share {
    budget: MemoryBudget,
    taken: usize,
}

impl Share {
    pub(crate) fn new(budget: MemoryBudget) -> Self {
        Self { budget, taken: 0 }
    }

    /// Makes room for a request of `total` bytes in all.
    pub(crate) fn cover(&mut self, total: usize) -> Result<(), Rejection> {
        let more = total.saturating_sub(self.taken);
        if total <= MemoryBudget::FREE_PER_REQUEST || more == 0 {
            return Ok(());
        }
        // Relaxed: the number guards no other memory, only its own sum.
        self.budget
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(more)
            })
            .map_err(|_| Rejection::new(Kind::BudgetExhausted))?;
        self.taken = total;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.0.fetch_add(self.taken, Ordering::Relaxed);
    }
}
