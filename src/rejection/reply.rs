//! A response that is independent of the framework.

use alloc::{borrow::Cow, string::ToString, vec, vec::Vec};

use bytes::Bytes;

/// A response: a status, headers and a body. Only the response to a handshake has a non-empty body.
///
/// Send it without changes.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, RequestHead};
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let headers: [(&str, &str); 0] = [];
/// let rejection = endpoint.admit(&RequestHead::new("DELETE", &headers)).err().unwrap();
///
/// let reply = rejection.reply();
/// assert_eq!(reply.status(), 405);
/// assert!(reply.headers().eq([("content-length", "0"), ("allow", "GET, POST")]));
/// assert!(reply.body().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Bytes,
}

impl Reply {
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: vec![("content-length", Cow::Borrowed("0"))],
            body: Bytes::new(),
        }
    }

    pub(crate) fn with_body(status: u16, body: Bytes) -> Self {
        Self {
            status,
            headers: vec![("content-length", body.len().to_string().into())],
            body,
        }
    }

    pub(crate) fn with_header(
        mut self,
        name: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the HTTP status.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Signature::parse("").err().unwrap().reply().status(), 401);
    /// ```
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers, with lower-case names and `content-length` first.
    ///
    /// # Examples
    /// ```
    /// let reply = hubseal::Signature::parse("").err().unwrap().reply();
    /// assert!(reply.headers().eq([("content-length", "0")]));
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, &**value))
    }

    /// Returns the body: the challenge of a handshake, or no bytes.
    ///
    /// # Examples
    /// ```
    /// assert!(hubseal::Signature::parse("").err().unwrap().reply().body().is_empty());
    /// ```
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }
}
