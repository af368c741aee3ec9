//! A limit for the failed requests of a source.

use core::{net::IpAddr, time::Duration};

/// A limit for the failed requests of each source. Clones share their counts.
#[derive(Clone, Debug)]
pub struct FailureLimit {
    per_minute: u16,
}

impl FailureLimit {
    /// Creates a limit.
    #[must_use]
    pub fn per_minute(failures: u16) -> Self {
        Self {
            per_minute: failures,
        }
    }

    /// Returns the time until the source may send again, if it has reached the limit.
    pub fn retry_after(&self, _source: IpAddr) -> Option<Duration> {
        unimplemented!()
    }

    /// Counts a failed request of the source.
    pub fn count(&self, _source: IpAddr) {
        unimplemented!()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.per_minute == 0
    }
}
