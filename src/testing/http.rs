//! The conversion into requests of the `http` crate, for services that are called in memory.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri, header::InvalidHeaderValue};

use super::request::Request;

/// Converts the head and the whole body. Ignores [`Request::sending`].
///
/// # Errors
/// Returns an error if the `http` crate's types cannot express the method, the target or a header.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use hubseal::testing::Request;
///
/// let request = http::Request::<Bytes>::try_from(Request::post("/webhook", "{}"))?;
/// assert_eq!(request.uri(), "/webhook");
/// # Ok::<(), http::Error>(())
/// ```
impl TryFrom<Request> for http::Request<Bytes> {
    type Error = http::Error;

    fn try_from(request: Request) -> Result<Self, http::Error> {
        let mut converted = Self::new(request.body);
        *converted.method_mut() = Method::from_bytes(request.method.as_bytes())?;
        *converted.uri_mut() = request.target.parse::<Uri>()?;
        for (name, value) in request.headers {
            let name = HeaderName::from_bytes(name.as_bytes())?;
            let value: Result<_, InvalidHeaderValue> = HeaderValue::from_bytes(&value);
            converted.headers_mut().append(name, value?);
        }
        Ok(converted)
    }
}

impl Request {
    /// Converts the request for a service that is called in memory, such as with `oneshot` of tower.
    ///
    /// Takes the head and the whole body, and ignores [`sending`](Self::sending). Needs the feature of an
    /// adapter for axum, hyper or tower.
    ///
    /// # Errors
    /// Returns an error if the `http` crate's types cannot express the method, the target or a header.
    ///
    /// # Examples
    /// With axum, `B` is `axum::body::Body`.
    /// ```
    /// use bytes::Bytes;
    /// use http_body_util::Full;
    /// use hubseal::{AppSecret, testing::Request};
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let request = Request::signed("/webhook", &secret, "{}").into_http::<Full<Bytes>>()?;
    /// assert!(request.headers().contains_key("x-hub-signature-256"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_http<B: From<Bytes>>(self) -> Result<http::Request<B>, http::Error> {
        http::Request::<Bytes>::try_from(self).map(|request| request.map(B::from))
    }
}
