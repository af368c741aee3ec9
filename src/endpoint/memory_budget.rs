//! The bound for unverified bytes.

use core::{fmt, sync::atomic::Ordering};

use crate::sync::{Arc, AtomicUsize};

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
pub struct MemoryBudget(pub(super) Arc<Pools>);

/// What is left of the two parts of a budget, in bytes.
pub(super) struct Pools {
    capacity: usize,
    pub(super) reserve: AtomicUsize,
    pub(super) shared: AtomicUsize,
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
    pub(super) fn largest_body(&self) -> usize {
        let reserve = self.0.capacity / 2;
        self.shared().max(reserve.min(Self::SMALL_BODY_BYTES))
    }

    /// The part that large bodies share, in bytes: half, rounded up.
    pub(super) fn shared(&self) -> usize {
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
