//! An answer in terms of bytes, for any framework to send.

use bytes::Bytes;

/// What to send back: a status, a few headers and a body, most often empty.
///
/// An adapter turns it into its framework's response without changing or adding anything.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, Head};
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let headers: [(&str, &str); 0] = [];
/// let rejection = endpoint.admit(&Head::new("DELETE", &headers)).err().unwrap();
///
/// let reply = rejection.reply();
/// assert_eq!(reply.status(), 405);
/// assert_eq!(reply.headers(), [("allow", "GET, POST")]);
/// assert!(reply.body().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: Bytes,
}

impl Reply {
    pub(crate) const fn empty(
        status: u16,
        headers: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            status,
            headers,
            body: Bytes::new(),
        }
    }

    pub(crate) fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }

    /// The HTTP status.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Signature::parse("").err().unwrap().reply().status(), 401);
    /// ```
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The headers, with lower-case names, beside those that every HTTP library adds itself
    /// (`content-length`, `date`).
    ///
    /// # Examples
    /// ```
    /// assert!(hubseal::Signature::parse("").err().unwrap().reply().headers().is_empty());
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &'static [(&'static str, &'static str)] {
        self.headers
    }

    /// The body: the challenge of a handshake, and empty otherwise.
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
