//! The memory budget for unverified bodies.

use core::{fmt, sync::atomic::Ordering};

use crate::sync::{Arc, AtomicUsize};

/// Limits the memory of all unverified bodies of an endpoint, over all connections and HTTP/2 streams.
///
/// While requests wait for more bytes, their unverified bodies never use more than
/// [`capacity`](Self::capacity) bytes. Clones share one budget. To bound several endpoints together, give
/// each a clone of one budget.
///
/// - Half of the budget is a reserve for buffers of up to 16 KiB
///   ([`SMALL_BODY_BYTES`](Self::SMALL_BODY_BYTES)). The other half is shared. Larger buffers are charged
///   in full to the shared half. Small deliveries are still accepted when large uploads fill it.
/// - A body that arrives in one chunk is verified at once and not charged, even if the budget is used up.
///   Its length must be declared, or the body must end with that chunk: see
///   [`BodyVerifier::finish_with`](crate::BodyVerifier::finish_with).
/// - Every other body is charged for its whole buffer, before the buffer is allocated. The bytes are
///   released when the body is verified, rejected or dropped.
/// - A buffer has at most twice the bytes that arrived. Once 32 KiB have arrived, it can have the
///   declared length, if half of the shared half stays free.
/// - A body that does not fit is rejected with 503 and `Retry-After`. Meta then sends the delivery again,
///   GitHub does not.
///
/// The budget does not cover the server's own memory for connections, streams and read buffers. See
/// [docs/performance/memory.md](https://docs.rs/crate/hubseal/latest/source/docs/performance/memory.md)
/// for measurements.
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

/// The available bytes of both halves.
pub(super) struct Pools {
    capacity: usize,
    pub(super) reserve: AtomicUsize,
    pub(super) shared: AtomicUsize,
}

impl MemoryBudget {
    /// The largest buffer that can be charged to the reserve: 16 KiB.
    pub const SMALL_BODY_BYTES: usize = 16 * 1024;

    /// The capacity of the default budget: 64 MiB.
    pub const DEFAULT_BYTES: usize = 64 * 1024 * 1024;

    /// Creates a budget of `bytes`. Half of it is reserved for small bodies.
    ///
    /// For `n` large deliveries at a time, set the budget to `2 * n` times the payload limit. `n` stalled
    /// uploads can still fill the shared half until the read deadline. A proxy that buffers requests
    /// prevents this.
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

    /// Returns the number of bytes that are not in use now, including the reserve.
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

    /// Returns the shared half in bytes, rounded up.
    pub(super) fn shared(&self) -> usize {
        self.0.capacity.div_ceil(2)
    }
}

/// Creates a budget of [`DEFAULT_BYTES`](Self::DEFAULT_BYTES).
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
