//! An HTTP request as data.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, time::Duration};

use bytes::Bytes;

use crate::{
    rejection::Rejection,
    secret::AppSecret,
    signature::{Signature, Verifier},
};

/// An HTTP/1.1 request: its head, its body, and the way to send it.
///
/// The headers include the framing (`content-length`, `transfer-encoding`). The transport adds `host`
/// and `connection`.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, testing::Request};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let request = Request::signed("/webhook", &secret, "{}");
/// assert!(request.headers.iter().any(|(name, _)| name == "x-hub-signature-256"));
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, in the spelling that is sent.
    pub method: String,
    /// The request target: the path and the query.
    pub target: String,
    /// The headers, in the order in which they are sent.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body. [`sending`](Self::sending) may send only a part of it.
    pub body: Bytes,
    /// The way to send the body.
    pub sending: Sending,
}

/// The way to send the body of a [`Request`].
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, testing::{Request, Sending}};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let request = Request::signed("/", &secret, "{}").chunked(1);
/// assert_eq!(request.sending, Sending::Chunked { size: 1 });
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sending {
    /// Sends the body at once.
    Whole,
    /// Sends the body in pieces of `size` bytes, with a pause between them.
    Pieces {
        /// The size of each piece, in bytes.
        size: usize,
        /// The time before each piece except the first.
        pause: Duration,
    },
    /// Sends the body in the chunked transfer coding, with chunks of `size` bytes.
    Chunked {
        /// The size of each chunk, in bytes.
        size: usize,
    },
    /// Sends the body in the chunked transfer coding as one chunk, and then a trailer.
    Trailer {
        /// The name of the trailer.
        name: String,
        /// The value of the trailer.
        value: String,
    },
    /// Sends the body after a `100 Continue`, and not at all without one.
    AfterContinue,
    /// Sends no body and keeps the connection open.
    Withheld,
    /// Sends the first `after` bytes, then nothing, and keeps the connection open.
    Stalled {
        /// The number of bytes to send.
        after: usize,
    },
    /// Sends the first `after` bytes, then closes the sending side of the connection.
    CutShort {
        /// The number of bytes to send.
        after: usize,
    },
}

impl Request {
    /// Creates a `POST` with this body and without a signature.
    ///
    /// # Examples
    /// ```
    /// let request = hubseal::testing::Request::post("/webhook", "{}");
    /// assert_eq!(request.headers, [("content-length".to_owned(), b"2".to_vec())]);
    /// ```
    #[must_use]
    pub fn post(target: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            method: "POST".to_owned(),
            target: target.to_owned(),
            headers: Vec::from([("content-length".to_owned(), body.len().to_string().into())]),
            body,
            sending: Sending::Whole,
        }
    }

    /// Creates a genuine delivery of Meta: a `POST` with this body, signed with the secret.
    ///
    /// For another scheme, use [`post`](Self::post) and [`sign`](Self::sign).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, testing::Request};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let request = Request::signed("/webhook", &secret, "{}");
    /// assert_eq!((&*request.method, &request.body[..]), ("POST", b"{}".as_slice()));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn signed(target: &str, secret: &AppSecret, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let signature = Signature::sign(secret, &body).to_string();
        Self::post(target, body).header("x-hub-signature-256", signature)
    }

    /// Adds the headers of the verifier's scheme, which sign the body with its first key.
    ///
    /// `timestamp` is in seconds since 1970. A scheme without a timestamp or an id ignores it.
    ///
    /// # Errors
    /// Returns the errors of [`Verifier::sign_headers`].
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Scheme, Verifier, testing::Request};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let slack = verifier.with_scheme(Scheme::SLACK);
    /// let request = Request::post("/webhook", "{}").sign(&slack, "", 1_700_000_000)?;
    /// assert!(request.headers.iter().any(|(name, _)| name == "x-slack-request-timestamp"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign(
        mut self,
        verifier: &Verifier,
        id: &str,
        timestamp: u64,
    ) -> Result<Self, Rejection> {
        for (name, value) in verifier.sign_headers(id, timestamp, &self.body)? {
            self = self.header(name, value);
        }
        Ok(self)
    }

    /// Creates a `GET` without headers or body.
    ///
    /// # Examples
    /// ```
    /// let request = hubseal::testing::Request::get("/webhook?hub.mode=subscribe");
    /// assert!(request.headers.is_empty());
    /// ```
    #[must_use]
    pub fn get(target: &str) -> Self {
        Self {
            method: "GET".to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
            sending: Sending::Whole,
        }
    }

    /// Adds a header after the others.
    ///
    /// # Examples
    /// ```
    /// let request = hubseal::testing::Request::get("/").header("accept", "*/*");
    /// assert_eq!(request.headers.len(), 1);
    /// ```
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Replaces the method.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::testing::Request::get("/").method("HEAD").method, "HEAD");
    /// ```
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// Replaces the body and the `content-length`. The signature stays unchanged.
    ///
    /// # Examples
    /// ```
    /// let request = hubseal::testing::Request::post("/", "before").body("after");
    /// assert_eq!(&request.body[..], b"after");
    /// ```
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        let length = self.body.len().to_string();
        self.without("content-length")
            .header("content-length", length)
    }

    /// Sets the way to send the body. The headers stay unchanged.
    ///
    /// # Examples
    /// ```
    /// use hubseal::testing::{Request, Sending};
    ///
    /// let request = Request::post("/", "never sent").sending(Sending::Withheld);
    /// assert_eq!(request.sending, Sending::Withheld);
    /// ```
    #[must_use]
    pub fn sending(self, sending: Sending) -> Self {
        Self { sending, ..self }
    }

    /// Sends the body in the chunked transfer coding, with chunks of `size` bytes.
    ///
    /// Replaces `content-length` by `transfer-encoding`.
    ///
    /// # Examples
    /// ```
    /// let request = hubseal::testing::Request::post("/", "in chunks").chunked(3);
    /// assert_eq!(request.headers, [("transfer-encoding".to_owned(), b"chunked".to_vec())]);
    /// ```
    #[must_use]
    pub fn chunked(self, size: usize) -> Self {
        self.without("content-length")
            .header("transfer-encoding", "chunked")
            .sending(Sending::Chunked { size })
    }

    /// Removes every header with this name, in any case.
    ///
    /// # Examples
    /// ```
    /// assert!(hubseal::testing::Request::post("/", "").without("content-length").headers.is_empty());
    /// ```
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// Returns the head in HTTP/1.1 syntax (RFC 9112), including the empty line after it.
    ///
    /// Adds `host` and `connection: close`. A `host` header of the request takes the place of the first.
    ///
    /// # Examples
    /// ```
    /// let head = hubseal::testing::Request::get("/webhook").head("127.0.0.1:8080");
    /// assert!(head.starts_with(b"GET /webhook HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n"));
    ///
    /// let request = hubseal::testing::Request::get("/").header("Host", "hooks.example");
    /// assert_eq!(request.head("127.0.0.1:8080"), b"GET / HTTP/1.1\r\nconnection: close\r\nHost: hooks.example\r\n\r\n");
    /// ```
    #[must_use]
    pub fn head(&self, host: &str) -> Vec<u8> {
        let Self { method, target, .. } = self;
        let mut head = format!("{method} {target} HTTP/1.1\r\n").into_bytes();
        let has_host = |(name, _): &(String, _)| name.eq_ignore_ascii_case("host");
        if !self.headers.iter().any(has_host) {
            head.extend_from_slice(format!("host: {host}\r\n").as_bytes());
        }
        head.extend_from_slice(b"connection: close\r\n");
        for (name, value) in &self.headers {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head
    }
}

/// Prints the method, the path, the names of the headers and the size of the body.
///
/// Leaves out the query, because handshakes contain the verify token there.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.target.split('?').next().unwrap_or_default();
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &path)
            .field("headers", &names)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
