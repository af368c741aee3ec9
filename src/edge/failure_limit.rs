//! A limit for the failed requests of a source.

use alloc::sync::Arc;
use core::{fmt, net::IpAddr, time::Duration};

use super::failure_table::FailureTable;
use crate::observe::Start;

/// A limit for the failed requests of each source. Clones share the counts.
///
/// A source may fail as often as the limit at once. After that, one failure is forgiven in each interval of 60
/// seconds divided by the limit, rounded up to whole milliseconds. A request that is in progress when the source
/// reaches the limit can still fail. Each such failure lengthens the wait by one interval, up to 5 minutes.
///
/// - An IPv6 source is counted by its /64 network. An IPv4-mapped address counts as the IPv4 address.
/// - The memory is 512 KiB for any number of sources, allocated by [`per_minute`](Self::per_minute). Requests
///   take no lock and allocate nothing.
/// - The table holds 65,536 sources. In a full table, a new source replaces one with few failures.
/// - Without a clock, as on `wasm32-unknown-unknown`, no source is limited.
///
/// # Security
/// - Behind a proxy, find the source with a [`ClientAddress`](super::ClientAddress). Otherwise all senders have
///   the address of the proxy, and a stranger can lock out Meta.
/// - Over TCP, nobody can forge the address of another host. But others can make the platform's servers send
///   requests that fail. They can set your URL as the data deletion callback of an app of theirs. So the limit can
///   lock out genuine deliveries for minutes. Alert on `too_many_failures` without verified deliveries.
/// - Hosts behind one NAT share an address and a limit.
/// - A sender with many addresses has a limit for each of them. Use at least 3 failures: a flood of sources
///   that each fail once can displace a source with one or two failures.
///
/// # Examples
/// ```
/// use std::net::IpAddr;
///
/// use hubseal::edge::FailureLimit;
///
/// let limit = FailureLimit::per_minute(10);
/// let source: IpAddr = "192.0.2.7".parse()?;
/// for _ in 0..10 {
///     assert_eq!(limit.retry_after(source), None);
///     limit.count(source);
/// }
/// let wait = limit.retry_after(source).unwrap();
/// assert!(wait.as_secs() <= 6); // 60 seconds divided by 10
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct FailureLimit {
    per_minute: u16,
    shared: Arc<Shared>,
}

struct Shared {
    table: FailureTable,
    created: Start,
}

impl FailureLimit {
    /// Creates a limit, and allocates its memory.
    ///
    /// A limit of 0 rejects every request. `build` refuses it.
    ///
    /// # Examples
    /// ```
    /// use hubseal::edge::FailureLimit;
    ///
    /// let limit = FailureLimit::per_minute(60);
    /// assert_eq!(limit.retry_after([192, 0, 2, 7].into()), None);
    /// ```
    #[must_use]
    pub fn per_minute(failures: u16) -> Self {
        Self {
            per_minute: failures,
            shared: Arc::new(Shared {
                table: FailureTable::new(failures),
                created: Start::now(),
            }),
        }
    }

    /// Returns the time until the source may send again, or `None` if it has not reached the limit.
    ///
    /// Does not count anything. A limit of 0 always returns one minute.
    ///
    /// # Examples
    /// ```
    /// use hubseal::edge::FailureLimit;
    ///
    /// let limit = FailureLimit::per_minute(1);
    /// limit.count([192, 0, 2, 7].into());
    /// assert!(limit.retry_after([192, 0, 2, 7].into()).is_some());
    /// assert!(limit.retry_after([192, 0, 2, 8].into()).is_none());
    /// ```
    #[must_use]
    pub fn retry_after(&self, source: IpAddr) -> Option<Duration> {
        if self.is_zero() {
            return Some(Duration::from_secs(60));
        }
        let now = || self.shared.now().unwrap_or(u64::MAX);
        let wait = self.shared.table.retry_after(source, now)?;
        Some(Duration::from_millis(wait))
    }

    /// Counts a failed request of the source.
    ///
    /// A failure above the limit lengthens the wait by one interval, up to 5 minutes.
    ///
    /// # Examples
    /// ```
    /// use std::net::IpAddr;
    ///
    /// use hubseal::edge::FailureLimit;
    ///
    /// let limit = FailureLimit::per_minute(1);
    /// let (source, neighbour): (IpAddr, IpAddr) = ("2001:db8::7".parse()?, "2001:db8::8".parse()?);
    /// limit.count(source);
    /// assert!(limit.retry_after(neighbour).is_some()); // the same /64 network
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count(&self, source: IpAddr) {
        if let Some(now) = self.shared.now() {
            self.shared.table.count(source, now);
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.per_minute == 0
    }
}

impl Shared {
    /// Returns the time since the creation in milliseconds, where the platform has a clock.
    fn now(&self) -> Option<u64> {
        u64::try_from(self.created.elapsed()?.as_millis()).ok()
    }
}

/// Prints the limit, and no source.
impl fmt::Debug for FailureLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailureLimit")
            .field("per_minute", &self.per_minute)
            .finish_non_exhaustive()
    }
}
