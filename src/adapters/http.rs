//! What the adapters over the `http` and `http-body` crates share: axum, hyper and tower.

use alloc::boxed::Box;
use core::{
    error::Error,
    future::Future,
    pin::Pin,
    task::{Poll, ready},
};

use bytes::{Buf, Bytes};
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
    request::Parts,
};
use http_body::Body;

use super::read;
use crate::{
    Admitted, Challenge, Endpoint, Head, HeaderLookup, Intake, Rejection, Reply, Scheme, Verified,
};

impl HeaderLookup for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let values = match KNOWN.iter().find(|known| known.as_str() == name) {
            Some(known) => self.get_all(known),
            None => self.get_all(name),
        };
        values.iter().map(HeaderValue::as_bytes)
    }
}

/// The names that are asked for of every request: to parse one takes longer than to look it up.
static KNOWN: [HeaderName; 4] = [
    HeaderName::from_static(Scheme::META.header()),
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
];

fn head(parts: &Parts) -> Head<'_, HeaderMap> {
    Head::new(parts.method.as_str(), &parts.headers).query(parts.uri.query().unwrap_or_default())
}

/// What an endpoint answers itself: the handshake, and every refusal.
///
/// # Examples
/// ```
/// use hubseal::{Signature, http::Answer};
/// use bytes::Bytes;
///
/// let rejection = Signature::parse("").err().unwrap();
/// let response = http::Response::<Bytes>::from(Answer::Refusal(rejection.clone()));
/// assert_eq!(response.status(), 401);
/// assert_eq!(response.extensions().get(), Some(&rejection));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The handshake matched.
    Handshake(Challenge),
    /// The request is refused.
    Refusal(Rejection),
}

impl Answer {
    /// The status, the headers and the body to send.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Signature, http::Answer};
    ///
    /// let rejection = Signature::parse("").err().unwrap();
    /// assert_eq!(Answer::Refusal(rejection).reply().status(), 401);
    /// ```
    #[must_use]
    pub fn reply(&self) -> Reply {
        match self {
            Self::Handshake(challenge) => challenge.reply(),
            Self::Refusal(rejection) => rejection.reply(),
        }
    }
}

/// The response, with the [`Rejection`] in its extensions for a middleware to log or count.
impl<B: From<Bytes>> From<Answer> for Response<B> {
    fn from(answer: Answer) -> Self {
        let reply = answer.reply();
        let mut response = Self::new(B::from(reply.body().clone()));
        *response.status_mut() =
            StatusCode::from_u16(reply.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in reply.headers() {
            if let Ok(value) = HeaderValue::from_str(value) {
                let name = HeaderName::from_static(name);
                response.headers_mut().insert(name, value);
            }
        }
        if let Answer::Refusal(rejection) = answer {
            response.extensions_mut().insert(rejection);
        }
        response
    }
}

/// Takes a request through the endpoint: a verified delivery goes on, anything else is answered.
pub(crate) async fn admit<B>(
    endpoint: &Endpoint,
    parts: &Parts,
    body: Pin<&mut B>,
) -> Result<Verified<Bytes>, Answer>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    endpoint.check_once(read::assert_timer);
    let intake = match endpoint.admit(&head(parts)) {
        Ok(Admitted::Delivery(intake)) => intake,
        Ok(Admitted::Handshake(challenge)) => return Err(Answer::Handshake(challenge)),
        Err(rejection) => return Err(Answer::Refusal(rejection)),
    };
    let verified = read(endpoint, intake, body).await;
    verified.map_err(Answer::Refusal)
}

/// Makes the request for the next service: its body is the verified bytes, and its extensions hold
/// the [`VerifiedBody`].
#[cfg(feature = "tower")]
pub(crate) fn hand_on<B: From<Bytes>>(
    endpoint: Endpoint,
    mut parts: Parts,
    verified: Verified<Bytes>,
) -> http::Request<B> {
    let body = B::from(Bytes::clone(&verified));
    let verified = crate::VerifiedBody::new(endpoint, verified);
    parts.extensions.insert(verified);
    http::Request::from_parts(parts, body)
}

/// Takes a request through the endpoint as a delivery and nothing else.
#[cfg(feature = "axum")]
pub(crate) async fn receive<B>(
    endpoint: &Endpoint,
    request: http::Request<B>,
) -> Result<Verified<Bytes>, Rejection>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    endpoint.check_once(read::assert_timer);
    let (parts, body) = request.into_parts();
    let intake = endpoint.receive(&head(&parts))?;
    drop(parts);
    read(endpoint, intake, core::pin::pin!(body)).await
}

/// Reads a body into its intake, and gives the verdict.
fn read<B>(
    endpoint: &Endpoint,
    intake: Intake,
    mut body: Pin<&mut B>,
) -> impl Future<Output = Result<Verified<Bytes>, Rejection>>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    read::read(endpoint, intake, move |context| {
        let frame = ready!(body.as_mut().poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            // Trailers are not signed, and no part of the body.
            frame.map(|frame| frame.into_data().map_or_else(|_| Bytes::new(), whole))
        }))
    })
}

fn whole(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}
