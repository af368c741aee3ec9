//! The address of the client, behind trusted proxies.

use alloc::sync::Arc;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{
    NetworksError, forwarded,
    networks::{self, Networks},
};
use crate::header_lookup::HeaderLookup;

/// Finds the address of the client of a request that came through trusted proxies.
///
/// Reads `X-Forwarded-For`, or `Forwarded` with [`with_forwarded_header`](Self::with_forwarded_header).
/// The hops are read from right to left. The first hop that is not a trusted proxy is the client. Hops
/// further left are not read, because the client can write anything there. Clones share the list.
///
/// # Security
/// - The headers of a peer that is not a trusted proxy are ignored. Such a peer is the client itself.
/// - List only proxies that you run. A machine in a listed network can choose the address of the client.
/// - Each proxy must append the address of its peer, or replace the header. A proxy that passes the
///   header on unchanged lets the client choose its address.
/// - Only one of the two headers is read. Choose the one that your proxies write, because the client can
///   add the other one.
/// - The [`HeaderLookup`] must return all lines of a header, in the order in which they arrived. A hash
///   map with names in different cases loses this order.
///
/// # Examples
/// ```
/// use std::net::IpAddr;
///
/// use hubseal::edge::ClientAddress;
///
/// let client_address = ClientAddress::behind_proxies("10.0.0.0/8, 127.0.0.1")?;
/// // The client wrote 192.0.2.66. The first proxy appended 203.0.113.7, the second 10.0.0.2.
/// let headers = [("x-forwarded-for", "192.0.2.66, 203.0.113.7, 10.0.0.2")];
/// let proxy: IpAddr = "127.0.0.1".parse()?;
/// let client: IpAddr = "203.0.113.7".parse()?;
/// assert_eq!(client_address.find(proxy, &headers), Ok(client));
///
/// // Without a proxy in between, the header is ignored.
/// let stranger: IpAddr = "198.51.100.9".parse()?;
/// assert_eq!(client_address.find(stranger, &headers), Ok(stranger));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientAddress {
    proxies: Arc<Networks>,
    header: Header,
}

#[derive(Clone, Copy, Debug)]
enum Header {
    XForwardedFor,
    Forwarded,
}

impl ClientAddress {
    /// Trusts the proxies in these networks, and reads `X-Forwarded-For`.
    ///
    /// `networks` contains networks and addresses, separated by commas or white space.
    ///
    /// # Errors
    /// Refuses these entries, and a text without an entry:
    ///
    /// - neither a network nor an address, such as `localhost`
    /// - a network with host bits, such as `10.0.0.1/8`
    /// - a network of all addresses, such as `0.0.0.0/0`
    ///
    /// # Examples
    /// ```
    /// use hubseal::edge::ClientAddress;
    ///
    /// assert!(ClientAddress::behind_proxies("10.0.0.0/8, 127.0.0.1\n2001:db8::/32").is_ok());
    /// assert!(ClientAddress::behind_proxies("").is_err());
    /// assert!(ClientAddress::behind_proxies("0.0.0.0/0").is_err());
    /// ```
    pub fn behind_proxies(networks: &str) -> Result<Self, NetworksError> {
        let entries = (1..).zip(networks.lines()).flat_map(|(line, text)| {
            let separated =
                text.split(|separator: char| separator == ',' || separator.is_whitespace());
            let entries = separated.filter(|entry| !entry.is_empty());
            entries.map(move |entry| networks::parse(line, entry))
        });
        Ok(Self {
            proxies: Arc::new(Networks::collect(entries)?),
            header: Header::XForwardedFor,
        })
    }

    /// Reads `Forwarded` ([RFC 7239]) and ignores `X-Forwarded-For`.
    ///
    /// [RFC 7239]: https://www.rfc-editor.org/rfc/rfc7239
    ///
    /// # Examples
    /// ```
    /// use std::net::IpAddr;
    ///
    /// use hubseal::edge::ClientAddress;
    ///
    /// let client_address = ClientAddress::behind_proxies("10.0.0.0/8")?.with_forwarded_header();
    /// let headers = [
    ///     ("forwarded", r#"for="[2001:db8::7]:4711";proto=https, for=10.0.0.2"#),
    ///     ("x-forwarded-for", "192.0.2.66"),
    /// ];
    /// let proxy: IpAddr = "10.0.0.1".parse()?;
    /// let client: IpAddr = "2001:db8::7".parse()?;
    /// assert_eq!(client_address.find(proxy, &headers), Ok(client));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_forwarded_header(self) -> Self {
        Self {
            header: Header::Forwarded,
            ..self
        }
    }

    /// Returns the address of the client. IPv4-mapped IPv6 addresses are returned as IPv4 addresses.
    ///
    /// `peer` is the other end of the connection. If it is not a trusted proxy, it is the client.
    ///
    /// The lines of the header are read from the last to the first, and each line from its right end. A
    /// hop has one of these forms, with spaces and tabs around it:
    ///
    /// - In `X-Forwarded-For`: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or
    ///   `[2001:db8::1]:80`. An IPv6 address with a port but without brackets is read as a longer address.
    /// - In `Forwarded`: an element with exactly one `for` (RFC 7239, sections 4 and 6). Its value is an
    ///   IPv4 address or a bracketed IPv6 address. A port is a number or obfuscated, as in `:_web`.
    ///   Quotes are required around brackets and colons. A quoted value has at most 128 bytes.
    ///
    /// The zone of an IPv6 address, as in `fe80::1%eth0`, is ignored.
    ///
    /// The time is linear in the length of the header. It allocates nothing.
    ///
    /// Trusted peers and the order of the hops are the same as in the [realip module of nginx] with
    /// `real_ip_recursive on`. That module keeps the last good address in place of an error.
    ///
    /// [realip module of nginx]: https://nginx.org/en/docs/http/ngx_http_realip_module.html
    ///
    /// # Errors
    /// Returns an error if a trusted proxy sent the request and the header does not tell the client. Reject
    /// such a request, because the address of the proxy is not that of the client.
    ///
    /// # Examples
    /// ```
    /// use std::net::IpAddr;
    ///
    /// use hubseal::edge::{ClientAddress, ClientAddressError};
    ///
    /// let client_address = ClientAddress::behind_proxies("127.0.0.1")?;
    /// let proxy: IpAddr = "127.0.0.1".parse()?;
    /// let unknown = client_address.find(proxy, &[("x-forwarded-for", "203.0.113.7, unknown")]);
    /// assert_eq!(unknown, Err(ClientAddressError::Malformed));
    /// let missing = client_address.find(proxy, &[("host", "hooks.example.com")]);
    /// assert_eq!(missing, Err(ClientAddressError::HeaderMissing));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find<H: HeaderLookup + ?Sized>(
        &self,
        peer: IpAddr,
        headers: &H,
    ) -> Result<IpAddr, ClientAddressError> {
        let peer = peer.to_canonical();
        if !self.proxies.contains(peer) {
            return Ok(peer);
        }
        match self.header {
            Header::XForwardedFor => {
                let lines = last_lines(headers.values("x-forwarded-for"));
                self.first_untrusted(lines.flat_map(hops))
            }
            Header::Forwarded => {
                let lines = last_lines(headers.values("forwarded"));
                self.first_untrusted(lines.flat_map(forwarded::hops))
            }
        }
    }

    /// Returns the first hop that is not a trusted proxy. A malformed hop is `None`.
    fn first_untrusted(
        &self,
        hops: impl Iterator<Item = Option<IpAddr>>,
    ) -> Result<IpAddr, ClientAddressError> {
        let mut error = ClientAddressError::HeaderMissing;
        for hop in hops.take(MAX_HOPS) {
            let address = hop.ok_or(ClientAddressError::Malformed)?.to_canonical();
            if !self.proxies.contains(address) {
                return Ok(address);
            }
            error = ClientAddressError::OnlyProxies;
        }
        Err(error)
    }
}

/// The maximum number of hops that are read: 32 trusted proxies and the client.
const MAX_HOPS: usize = 33;

/// Returns the last lines, the last one first. Each line has at least one hop, so no more are needed.
fn last_lines<'a>(lines: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = &'a [u8]> {
    let mut ring: [&[u8]; MAX_HOPS] = [b""; MAX_HOPS];
    let mut count = 0;
    for (index, line) in lines.enumerate() {
        if let Some(slot) = ring.get_mut(index % MAX_HOPS) {
            *slot = line;
        }
        count = index.saturating_add(1);
    }
    let last = count.saturating_sub(MAX_HOPS)..count;
    last.rev()
        .filter_map(move |index| ring.get(index % MAX_HOPS).copied())
}

/// Returns the hops of a line of `X-Forwarded-For`, from right to left. A malformed hop is `None`.
fn hops(line: &[u8]) -> impl Iterator<Item = Option<IpAddr>> {
    line.rsplit(|byte| *byte == b',').map(|hop| {
        let hop = core::str::from_utf8(hop).ok()?.trim_matches([' ', '\t']);
        let (address, port) = match v6(hop) {
            Some(address) => (IpAddr::V6(address), None),
            None => node(hop)?,
        };
        port.is_none_or(is_port).then_some(address)
    })
}

/// Splits `192.0.2.1`, `192.0.2.1:port`, `[2001:db8::1]` or `[2001:db8::1]:port`.
pub(super) fn node(text: &str) -> Option<(IpAddr, Option<&str>)> {
    if let Some(bracketed) = text.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']')?;
        let port = match rest {
            "" => None,
            _ => Some(rest.strip_prefix(':')?),
        };
        return Some((IpAddr::V6(v6(address)?), port));
    }
    let (address, port) = match text.split_once(':') {
        Some((address, port)) => (address, Some(port)),
        None => (text, None),
    };
    Some((IpAddr::V4(address.parse::<Ipv4Addr>().ok()?), port))
}

/// Parses an IPv6 address, and ignores its zone.
fn v6(text: &str) -> Option<Ipv6Addr> {
    let address = match text.split_once('%') {
        Some((address, zone)) => is_zone(zone).then_some(address)?,
        None => text,
    };
    address.parse().ok()
}

/// The unreserved characters of RFC 6874.
fn is_zone(zone: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !zone.is_empty() && zone.bytes().all(allowed)
}

/// Returns whether the text is a number from 0 to 65535 with one to five digits.
pub(super) fn is_port(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && text.len() <= 5 && text.parse::<u16>().is_ok()
}

/// Why the address of the client is unknown, although a trusted proxy sent the request.
///
/// # Examples
/// ```
/// use hubseal::edge::{ClientAddress, ClientAddressError};
///
/// let client_address = ClientAddress::behind_proxies("127.0.0.1")?;
/// let proxies_only = client_address.find("127.0.0.1".parse()?, &[("x-forwarded-for", "127.0.0.1")]);
/// assert_eq!(proxies_only, Err(ClientAddressError::OnlyProxies));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientAddressError {
    /// The trusted proxy sent no header with the address. Let it append to the header that is read.
    #[error(
        "a trusted proxy sent no header with the address of the client; let the proxy append to it"
    )]
    HeaderMissing,
    /// A hop that had to be read is malformed, or has no address, such as `unknown`.
    #[error(
        "a hop in the header has no valid address; let each trusted proxy append the address of its peer"
    )]
    Malformed,
    /// All hops are trusted proxies, or the last 33 hops are.
    #[error("the header names trusted proxies only; list no network that contains clients")]
    OnlyProxies,
}
