//! The head of a request, as the state machine sees it.

use core::fmt;

/// What an [`Endpoint`](crate::Endpoint) asks of a framework's header map.
///
/// A list of pairs is one, and so is the header map of any adapter whose feature is on:
/// ```
/// use hubseal::HeaderLookup;
///
/// let headers = [("Content-Length", "2"), ("content-length", "3")];
/// assert_eq!(headers.values("content-length").count(), 2);
/// ```
pub trait HeaderLookup {
    /// Every value of the header of this lower-case name, in order, as raw bytes.
    ///
    /// # Security
    /// All values, not the first one: where there are two signatures, the request is refused.
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]>;
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> HeaderLookup for [(N, V)] {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.iter()
            .filter(|(known, _)| known.as_ref().eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.as_ref())
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const LENGTH: usize> HeaderLookup for [(N, V); LENGTH] {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.as_slice().values(name)
    }
}

/// The head of a request: all that is known before the first byte of body is read.
///
/// # Examples
/// ```
/// use hubseal::Head;
///
/// let headers = [("content-length", "2")];
/// let _head = Head::new("GET", &headers).query("hub.mode=subscribe");
/// ```
pub struct Head<'a, H: ?Sized> {
    pub(crate) method: &'a [u8],
    pub(crate) query: &'a [u8],
    pub(crate) headers: &'a H,
}

impl<'a, H: HeaderLookup + ?Sized> Head<'a, H> {
    /// A head of this method, in its upper-case spelling, and these headers.
    ///
    /// # Examples
    /// ```
    /// let headers = [(b"x-hub-signature-256".to_vec(), b"sha256=".to_vec())];
    /// let _head = hubseal::Head::new("POST", &headers);
    /// ```
    #[must_use]
    pub fn new(method: &'a (impl AsRef<[u8]> + ?Sized), headers: &'a H) -> Self {
        Self {
            method: method.as_ref(),
            query: &[],
            headers,
        }
    }

    /// The same head with the query of its target: the raw text after `?`.
    ///
    /// # Examples
    /// ```
    /// let headers: [(&str, &str); 0] = [];
    /// let _head = hubseal::Head::new("GET", &headers).query("hub.mode=subscribe");
    /// ```
    #[must_use]
    pub fn query(self, query: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self {
            query: query.as_ref(),
            ..self
        }
    }
}

/// Nothing of the request: its query holds the verify token, its headers the signature, and a
/// method is whatever the sender wrote.
impl<H: ?Sized> fmt::Debug for Head<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head").finish_non_exhaustive()
    }
}
