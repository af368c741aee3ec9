//! The address of the client, behind trusted proxies.

use core::net::IpAddr;

use super::{NetworksError, networks::Networks};
use crate::endpoint::HeaderLookup;

/// Finds the address of the client of a request that came through trusted proxies.
#[derive(Clone, Debug)]
pub struct ClientAddress {
    proxies: alloc::sync::Arc<Networks>,
}

impl ClientAddress {
    /// Trusts the proxies in these networks, and reads `X-Forwarded-For`.
    pub fn behind_proxies(_networks: &str) -> Result<Self, NetworksError> {
        unimplemented!()
    }

    /// Reads `Forwarded` (RFC 7239) instead.
    #[must_use]
    pub fn with_forwarded_header(self) -> Self {
        unimplemented!()
    }

    /// Returns the address of the client.
    pub fn find<H: HeaderLookup + ?Sized>(
        &self,
        peer: IpAddr,
        _headers: &H,
    ) -> Result<IpAddr, ClientAddressError> {
        let _ = self.proxies.contains(peer);
        unimplemented!()
    }
}

/// Why the address of the client is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientAddressError {
    /// A trusted proxy sent no header with the address.
    #[error("a trusted proxy sent no header with the address of the client")]
    HeaderMissing,
    /// A hop that had to be read is malformed.
    #[error("a hop in the header is malformed")]
    Malformed,
    /// All hops are trusted proxies.
    #[error("all hops are trusted proxies")]
    OnlyProxies,
}
