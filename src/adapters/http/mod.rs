//! Types that the axum, hyper and tower adapters share.
//!
//! | type | use |
//! |---|---|
//! | [`EarlyResponse`] | the response to a handshake, a duplicate or a rejected request |
//! | [`ResponseBody`] | the response body of a service behind an endpoint |
//! | [`ResponseFuture`] | the future of a service behind an endpoint |

mod early_response;
mod response;

pub use early_response::EarlyResponse;
#[cfg(feature = "axum")]
pub(super) use response::handled;
pub use response::{ResponseBody, ResponseFuture};
#[cfg(any(feature = "hyper", feature = "tower"))]
pub(super) use response::{early_body, handled_body};

use alloc::boxed::Box;
use core::{
    error::Error,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    task::{Poll, ready},
};

#[cfg(feature = "axum")]
use axum::extract::ConnectInfo;
use bytes::{Buf, Bytes};
use http::{
    Extensions, HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
    request::Parts,
};
use http_body::Body;

use super::read;
#[cfg(feature = "tower")]
use crate::endpoint::VerifiedBody;
use crate::{
    endpoint::{Admitted, BodyVerifier, Delivery, Endpoint, RequestHead, Settlement},
    header_lookup::HeaderLookup,
    rejection::Rejection,
    signature::{Scheme, Verified},
};

/// Looks up headers in the `http` crate's header map.
impl HeaderLookup for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let values = match KNOWN.iter().find(|known| known.as_str() == name) {
            Some(known) => self.get_all(known),
            None => self.get_all(name),
        };
        values.iter().map(HeaderValue::as_bytes)
    }
}

/// The header names that every request is checked for. Parsing a name takes longer than looking it up.
static KNOWN: [HeaderName; 4] = [
    HeaderName::from_static(Scheme::META.header()),
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
];

fn head(parts: &Parts) -> RequestHead<'_, HeaderMap> {
    let head = RequestHead::new(parts.method.as_str(), &parts.headers)
        .query(parts.uri.query().unwrap_or_default());
    match peer(&parts.extensions) {
        Some(peer) => head.peer(peer.ip()),
        None => head,
    }
}

/// Returns the address of the peer, if the server or the application has put it into the extensions.
fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    #[cfg(feature = "axum")]
    if let Some(ConnectInfo(peer)) = extensions.get() {
        return Some(*peer);
    }
    extensions.get().copied()
}

/// Verifies a request. Returns the response to send if it is a handshake or is rejected.
///
/// The caller claims or reports the delivery.
pub(crate) async fn admit<B>(
    endpoint: &Endpoint,
    parts: &Parts,
    body: Pin<&mut B>,
) -> Result<Delivery, EarlyResponse>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    endpoint.check_once(read::assert_timer);
    #[cfg(feature = "tower")]
    if let Some(verified) = verified_before(endpoint, &parts.extensions) {
        return Ok(Delivery::reported(verified));
    }
    let body_verifier = match endpoint.admit(&head(parts)) {
        Ok(Admitted::Delivery(body_verifier)) => body_verifier,
        Ok(Admitted::Handshake(challenge)) => return Err(challenge.into()),
        Err(rejection) => return Err(rejection.into()),
    };
    Ok(read(endpoint, body_verifier, body).await?)
}

/// Verifies and claims a request for a handler. Returns the response to send without the handler.
pub(crate) async fn claim<B>(
    endpoint: &Endpoint,
    parts: &Parts,
    body: Pin<&mut B>,
) -> Result<(Verified<Bytes>, Settlement), EarlyResponse>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let delivery = admit(endpoint, parts, body).await?;
    Ok(delivery.claim().await?)
}

/// Returns the body if another layer of this endpoint has verified and reported the request.
#[cfg(feature = "tower")]
fn verified_before(endpoint: &Endpoint, extensions: &Extensions) -> Option<Verified<Bytes>> {
    extensions
        .get()
        .cloned()
        .and_then(|body: VerifiedBody| body.verified_by(endpoint))
}

/// Returns the request for the handler: its body is the verified bytes, and its extensions hold the
/// [`VerifiedBody`].
#[cfg(feature = "tower")]
pub(crate) fn verified_request<B: From<Bytes>>(
    endpoint: Endpoint,
    mut parts: Parts,
    verified: Verified<Bytes>,
) -> http::Request<B> {
    let body = B::from(Bytes::clone(&verified));
    parts
        .extensions
        .insert(VerifiedBody::new(endpoint, verified));
    http::Request::from_parts(parts, body)
}

/// Verifies a request as a delivery. Does not answer the handshake. The caller has checked the timer.
#[cfg(feature = "axum")]
pub(crate) async fn receive<B>(
    endpoint: &Endpoint,
    request: http::Request<B>,
) -> Result<Verified<Bytes>, Rejection>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let (parts, body) = request.into_parts();
    let body_verifier = endpoint.receive(&head(&parts))?;
    drop(parts);
    let delivery = read(endpoint, body_verifier, core::pin::pin!(body)).await?;
    Ok(delivery.report())
}

/// Reads a body into its `BodyVerifier` and verifies it.
fn read<B>(
    endpoint: &Endpoint,
    body_verifier: BodyVerifier,
    mut body: Pin<&mut B>,
) -> impl Future<Output = Result<Delivery, Rejection>>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    read::read(endpoint, body_verifier, move |context| {
        let frame = ready!(body.as_mut().poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            // Trailers are not part of the signed body.
            frame.map(|frame| frame.into_data().map_or_else(|_| Bytes::new(), whole))
        }))
    })
}

fn whole(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}
