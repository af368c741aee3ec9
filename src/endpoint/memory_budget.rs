//! The memory budget for unverified bodies.

use core::{fmt, sync::atomic::Ordering};

use crate::sync::{Arc, AtomicUsize};

/// Limits the memory of all unverified bodies of an endpoint, over all connections and HTTP/2 streams.
///
/// While requests wait for more bytes, their unverified bodies never use more than
/// [`capacity`](Self::capacity) bytes. Clones share one budget. Give all endpoints of a process clones of
/// one budget to bound them together.
///
/// - A body in one chunk is verified at once and never charged. Its length must be declared, or its end
///   must arrive with it.
/// - Any other body is charged for its whole buffer, before the buffer is allocated. The bytes are
///   released when the body is verified, rejected or dropped.
/// - A buffer has at most twice the bytes that arrived. Once 32 KiB have arrived, it can have the
///   declared length, if half of the shared part stays free.
/// - Half of the budget is a reserve for buffers of up to
///   [`SMALL_BODY_BYTES`](Self::SMALL_BODY_BYTES). Larger buffers are charged in full to the other half,
///   which is shared. Small deliveries are still accepted when large uploads fill the shared half.
/// - A body that does not fit is rejected with 503 and `Retry-After`. Meta then sends the delivery again,
///   GitHub does not. Bodies in one chunk are verified even if the whole budget is used up.
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
    /// senders can then fill the shared half until the read deadline. A proxy that buffers requests
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

    /// Returns the largest body that an unused budget can hold.
    pub(super) fn largest_body(&self) -> usize {
        let reserve = self.0.capacity / 2;
        self.shared().max(reserve.min(Self::SMALL_BODY_BYTES))
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
