//! A list of the networks that may send requests.

use core::{net::IpAddr, time::Duration};

use super::NetworksError;

/// A list of the networks that may send requests. Clones share it.
#[derive(Clone, Debug)]
pub struct AllowList {
    report_only: bool,
}

impl AllowList {
    /// Parses a list.
    pub fn parse(_text: &str) -> Result<Self, NetworksError> {
        unimplemented!()
    }

    /// Replaces the networks of this list and its clones.
    pub fn replace(&self, _text: &str) -> Result<(), NetworksError> {
        unimplemented!()
    }

    /// Reports requests from other sources, and accepts them.
    #[must_use]
    pub fn report_only(self) -> Self {
        Self { report_only: true }
    }

    /// Sets the age from which on a warning is logged once a day.
    #[must_use]
    pub fn with_max_age(self, _age: Duration) -> Self {
        unimplemented!()
    }

    /// Returns whether the list contains the address.
    pub fn contains(&self, _source: IpAddr) -> bool {
        unimplemented!()
    }

    /// Returns the time since the list was parsed or replaced.
    pub fn age(&self) -> Duration {
        unimplemented!()
    }

    pub(crate) fn is_report_only(&self) -> bool {
        self.report_only
    }

    /// Returns the age if the list is too old and no warning was logged in the last 24 hours.
    pub(crate) fn overdue(&self) -> Option<Duration> {
        unimplemented!()
    }
}
