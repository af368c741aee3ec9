//! A request as data.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, time::Duration};

use bytes::Bytes;

use crate::{secret::AppSecret, signature::Signature};

/// One HTTP/1.1 request: its head, its body, and how it is sent.
///
/// The headers are all there are, framing (`content-length`, `transfer-encoding`) included, but
/// for `host` and `connection`, which a transport adds.
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
    /// The method, as written.
    pub method: String,
    /// The path and the query.
    pub target: String,
    /// The headers, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, or as much of it as there is.
    pub body: Bytes,
    /// How the body is sent.
    pub sending: Sending,
}

/// How the body of a [`Request`] is sent.
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
    /// As it is, at once.
    Whole,
    /// As it is, in pieces of so many bytes, each after a pause.
    Pieces {
        /// The bytes of a piece.
        size: usize,
        /// The time before each piece but the first.
        pause: Duration,
    },
    /// In the chunked transfer coding, with chunks of so many bytes.
    Chunked {
        /// The bytes of a chunk.
        size: usize,
    },
    /// In the chunked transfer coding in one chunk, with a trailer after it.
    Trailer {
        /// The name of the trailer.
        name: String,
        /// Its value.
        value: String,
    },
    /// Only after a `100 Continue`, and never without.
    AfterContinue,
    /// Never: the head alone must do, and the connection stays open.
    Withheld,
    /// Only the first so many bytes; the connection stays open and silent.
    Stalled {
        /// The bytes sent.
        after: usize,
    },
    /// Only the first so many bytes; then the sending side of the connection is closed.
    CutShort {
        /// The bytes sent.
        after: usize,
    },
}

impl Request {
    /// A `POST` of a body without a signature.
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

    /// A genuine delivery: a `POST` of a body, signed with the secret.
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

    /// A `GET` without headers or body.
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

    /// The same request with one more header, last.
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

    /// The same request with another method.
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

    /// The same request with other bytes in its body and a `content-length` that fits them; a
    /// signature stays as it was.
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

    /// The same request sent in another way, with its headers as they are.
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

    /// The same request in the chunked transfer coding, with chunks of so many bytes.
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

    /// The same request without the headers of this lower-case name.
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

    /// The head as HTTP/1.1 writes it (RFC 9112), up to and with the empty line; `connection:
    /// close` is asked for.
    ///
    /// # Examples
    /// ```
    /// let head = hubseal::testing::Request::get("/webhook").head("127.0.0.1:8080");
    /// assert!(head.starts_with(b"GET /webhook HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n"));
    /// ```
    #[must_use]
    pub fn head(&self, host: &str) -> Vec<u8> {
        let Self { method, target, .. } = self;
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n")
                .into_bytes();
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

/// The method, the path, the names of the headers and the size of the body. A battery is made with
/// the secrets of the receiver that it is for: its queries hold the verify token.
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
