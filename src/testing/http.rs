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
