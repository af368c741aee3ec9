//! The guards of size and memory.

use core::{fmt, sync::atomic::Ordering};

use crate::{
    Kind, Rejection,
    sync::{Arc, AtomicUsize},
};

/// The largest body of one request, in bytes, inclusive.
///
/// The endpoint compares it with the `Content-Length` before it reads a byte, and with the bytes that
/// arrive.
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

    /// Creates a limit. A body of exactly this size passes.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::PayloadLimit::new(700).bytes(), 700);
    /// ```
    #[must_use]
    pub const fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Returns the limit in bytes.
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
            .ok_or_else(|| Rejection::new(Kind::PayloadTooLarge))
    }

    /// The new count, where `more` bytes on top of `counted` stay within the limit.
    pub(crate) fn count(self, counted: usize, more: usize) -> Result<usize, Rejection> {
        counted
            .checked_add(more)
            .filter(|total| *total <= self.0)
            .ok_or_else(|| Rejection::new(Kind::PayloadTooLarge))
    }
}

/// [`PayloadLimit::META`].
impl Default for PayloadLimit {
    fn default() -> Self {
        Self::META
    }
}

/// A bound for all unverified bytes that are held while requests wait for more.
///
/// The bound covers every connection and every HTTP/2 stream of all endpoints that share the budget.
/// While requests wait for more bytes, their unverified bodies never hold more than
/// [`capacity`](Self::capacity) bytes.
///
/// - A body that arrives in one chunk is verified at once and never charged, if its length is declared
///   or its end arrives with it.
/// - Any other body is charged for its whole buffer, before the buffer is allocated. It gives the
///   bytes back at the verdict, or when it is dropped.
/// - A buffer is at most twice the bytes that arrived. Once 32 KiB have arrived, it may have the
///   declared length, if half of the shared part stays free.
/// - Half of the budget is a reserve for bodies of at most
///   [`SMALL_BODY_BYTES`](Self::SMALL_BODY_BYTES) so far. A body that outgrows them moves to the other
///   half. So ordinary deliveries are served while large uploads have filled the rest.
/// - A body that does not fit is rejected with 503 and `Retry-After`. Meta then sends the delivery
///   again; GitHub does not. If stalled small bodies fill the reserve too, bodies that arrive in one
///   chunk are still verified.
///
/// The server's own memory comes on top: its connections, streams and read buffers. See
/// [docs/performance/memory.md](https://docs.rs/crate/hubseal/latest/source/docs/performance/memory.md)
/// for what each server takes.
///
/// Clones share one budget. Every endpoint has its own unless it is given one. Give all endpoints of
/// a process the same budget to bound them together.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, MemoryBudget};
///
/// let budget = MemoryBudget::new(16 * 1024 * 1024);
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .memory_budget(budget.clone())
///     .build()?;
/// assert_eq!(endpoint.memory_budget().capacity(), 16 * 1024 * 1024);
/// assert_eq!(budget.available(), budget.capacity());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct MemoryBudget(Arc<Pools>);

/// What is left of the two parts of a budget, in bytes.
struct Pools {
    capacity: usize,
    reserve: AtomicUsize,
    shared: AtomicUsize,
}

impl MemoryBudget {
    /// The largest buffer that may be charged to the reserve: 16 KiB.
    pub const SMALL_BODY_BYTES: usize = 16 * 1024;

    /// The capacity of the default budget: 64 MiB.
    pub const DEFAULT_BYTES: usize = 64 * 1024 * 1024;

    /// Creates a budget of `bytes`, half of it reserved for small bodies.
    ///
    /// Large bodies share the other half. For `n` large deliveries at a time, set the budget to `2 * n`
    /// times the payload limit. `n` stalled senders can fill it until the read deadline. Use a proxy
    /// that buffers requests to prevent this.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::MemoryBudget::new(32 * 1024 * 1024).capacity(), 33_554_432);
    /// ```
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Pools {
            capacity: bytes,
            reserve: AtomicUsize::new(bytes / 2),
            shared: AtomicUsize::new(bytes.div_ceil(2)),
        }))
    }

    /// Returns the size of the whole budget, in bytes.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::MemoryBudget::default().capacity(), 64 * 1024 * 1024);
    /// ```
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.capacity
    }

    /// Returns how many bytes are not in use now, the reserve included.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::MemoryBudget::new(4_096).available(), 4_096);
    /// ```
    #[must_use]
    pub fn available(&self) -> usize {
        let left = |pool: &AtomicUsize| pool.load(Ordering::Relaxed);
        left(&self.0.reserve).saturating_add(left(&self.0.shared))
    }

    /// The largest body that the budget can hold when nothing of it is in use.
    pub(crate) fn largest_body(&self) -> usize {
        let reserve = self.0.capacity / 2;
        self.shared().max(reserve.min(Self::SMALL_BODY_BYTES))
    }

    /// The part that large bodies share, in bytes: half, rounded up.
    fn shared(&self) -> usize {
        self.0.capacity.div_ceil(2)
    }
}

/// A budget of [`DEFAULT_BYTES`](Self::DEFAULT_BYTES).
impl Default for MemoryBudget {
    fn default() -> Self {
        Self::new(Self::DEFAULT_BYTES)
    }
}

impl fmt::Debug for MemoryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryBudget")
            .field("capacity", &self.capacity())
            .field("available", &self.available())
            .finish()
    }
}

/// The bytes that one body has taken from the budget. Dropping it gives them back.
pub(crate) struct Reservation {
    budget: MemoryBudget,
    /// Whether the bytes are from the reserve.
    small: bool,
    bytes: usize,
}

impl Reservation {
    pub(crate) fn new(budget: MemoryBudget) -> Self {
        Self {
            budget,
            small: true,
            bytes: 0,
        }
    }

    /// Raises the reservation to `bytes`, or leaves it as it is if they are not available.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Rejection> {
        if self.grow_leaving(0, bytes) {
            return Ok(());
        }
        Err(Rejection::new(Kind::BudgetExhausted))
    }

    /// Raises the reservation to `bytes` if half of what large bodies share stays free.
    pub(crate) fn grow_while_free(&mut self, bytes: usize) -> bool {
        self.grow_leaving(self.budget.shared() / 2, bytes)
    }

    fn grow_leaving(&mut self, free: usize, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.bytes);
        let fits_pool = !self.small || bytes <= MemoryBudget::SMALL_BODY_BYTES;
        if more == 0 || (fits_pool && take(self.pool(), more, free)) {
            self.bytes = self.bytes.max(bytes);
            return true;
        }
        // Too large for the reserve, or the reserve is empty: the body moves to the other part.
        if !self.small || !take(&self.budget.0.shared, bytes, free) {
            return false;
        }
        self.pool().fetch_add(self.bytes, Ordering::Relaxed);
        self.small = false;
        self.bytes = bytes;
        true
    }

    /// The part of the budget that the bytes are from.
    fn pool(&self) -> &AtomicUsize {
        let Pools {
            reserve, shared, ..
        } = &*self.budget.0;
        if self.small { reserve } else { shared }
    }
}

/// Takes bytes from a pool if so many stay free. Relaxed: the count guards no other memory.
fn take(pool: &AtomicUsize, bytes: usize, free: usize) -> bool {
    pool.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(bytes).filter(|left| *left >= free)
    })
    .is_ok()
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.pool().fetch_add(self.bytes, Ordering::Relaxed);
    }
}
