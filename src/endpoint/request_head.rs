//! The head of a request.

use core::{fmt, net::IpAddr};

use crate::{
    header_lookup::HeaderLookup,
    rejection::{Rejection, RejectionKind},
};

/// The head of a request: method, query and headers.
///
/// # Examples
/// ```
/// use hubseal::RequestHead;
///
/// let headers = [("content-length", "2")];
/// let _head = RequestHead::new("GET", &headers).query("hub.mode=subscribe");
/// ```
pub struct RequestHead<'a, H: ?Sized> {
    pub(crate) method: &'a [u8],
    pub(crate) query: &'a [u8],
    pub(crate) headers: &'a H,
    pub(crate) peer: Option<IpAddr>,
}

impl<'a, H: HeaderLookup + ?Sized> RequestHead<'a, H> {
    /// Creates a head with a method in upper case and headers.
    ///
    /// # Examples
    /// ```
    /// let headers = [(b"x-hub-signature-256".to_vec(), b"sha256=".to_vec())];
    /// let _head = hubseal::RequestHead::new("POST", &headers);
    /// ```
    #[must_use]
    pub fn new(method: &'a (impl AsRef<[u8]> + ?Sized), headers: &'a H) -> Self {
        Self {
            method: method.as_ref(),
            query: &[],
            headers,
            peer: None,
        }
    }

    /// Sets the query: the raw text after `?` in the request target. Defaults to none.
    ///
    /// # Examples
    /// ```
    /// let headers: [(&str, &str); 0] = [];
    /// let _head = hubseal::RequestHead::new("GET", &headers).query("hub.mode=subscribe");
    /// ```
    #[must_use]
    pub fn query(self, query: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self {
            query: query.as_ref(),
            ..self
        }
    }

    /// Sets the address of the peer: the other end of the connection. Defaults to unknown.
    ///
    /// The gates of an endpoint judge it, and observers get it from
    /// [`Outcome::source`](crate::Outcome::source). An IPv4-mapped IPv6 address counts as the IPv4 address. Do not
    /// pass an address from a header such as `X-Forwarded-For`, which the sender controls: use
    /// [`EndpointBuilder::client_address`](crate::EndpointBuilder#method.client_address).
    ///
    /// # Examples
    /// ```
    /// let headers: [(&str, &str); 0] = [];
    /// let _head = hubseal::RequestHead::new("GET", &headers).peer([127, 0, 0, 1].into());
    /// ```
    #[must_use]
    pub fn peer(self, peer: IpAddr) -> Self {
        Self {
            peer: Some(peer.to_canonical()),
            ..self
        }
    }

    pub(crate) fn has_content_coding(&self) -> bool {
        self.headers.values("content-encoding").any(is_coded)
    }

    pub(super) fn has_transfer_coding(&self) -> bool {
        self.headers.values("transfer-encoding").any(is_coded)
    }

    /// Returns the `Content-Length` (RFC 9110, section 8.6): decimal digits, at most once.
    ///
    /// A number that exceeds 64 bits exceeds every payload limit.
    pub(crate) fn declared_length(&self) -> Result<Option<u64>, Rejection> {
        let mut values = self.headers.values("content-length");
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let digits = core::str::from_utf8(value).unwrap_or_default();
        let one_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if values.next().is_some() || !one_number {
            return Err(Rejection::new(RejectionKind::LengthMismatch));
        }
        digits
            .parse()
            .map(Some)
            .map_err(|_| Rejection::new(RejectionKind::PayloadTooLarge))
    }
}

/// Prints the type name only. The query contains the verify token, the headers the signature.
impl<H: ?Sized> fmt::Debug for RequestHead<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestHead").finish_non_exhaustive()
    }
}

/// Returns whether the value names a coding other than `identity` (RFC 9110, section 8.4, and RFC 9112,
/// section 6.1).
fn is_coded(value: &[u8]) -> bool {
    value
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
}
