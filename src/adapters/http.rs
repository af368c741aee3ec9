//! What every adapter over `http` and `http-body` shares.

use core::{
    pin::pin,
    task::{Poll, ready},
};

use bytes::{Buf, Bytes};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, request::Parts};
use http_body::Body;

use super::read;
use crate::{
    Admitted, Challenge, Endpoint, Head, HeaderLookup, Intake, Rejection, Reply, Verified,
};

impl HeaderLookup for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).iter().map(HeaderValue::as_bytes)
    }
}

fn head(parts: &Parts) -> Head<'_, HeaderMap> {
    Head::new(parts.method.as_str(), &parts.headers).query(parts.uri.query().unwrap_or_default())
}

/// What an endpoint answers itself.
pub(crate) enum Answer {
    Handshake(Challenge),
    Refusal(Rejection),
}

/// Takes a request through the endpoint: a verified delivery goes on, anything else is answered.
pub(crate) async fn admit<B>(
    endpoint: &Endpoint,
    request: Request<B>,
) -> Result<Request<Verified<Bytes>>, Answer>
where
    B: Body,
{
    let (parts, body) = request.into_parts();
    match endpoint.admit(&head(&parts)).map_err(Answer::Refusal)? {
        Admitted::Handshake(challenge) => Err(Answer::Handshake(challenge)),
        Admitted::Delivery(intake) => {
            let verified = read(endpoint, intake, body)
                .await
                .map_err(Answer::Refusal)?;
            Ok(Request::from_parts(parts, verified))
        }
    }
}

/// Takes a request through the endpoint as a delivery and nothing else.
pub(crate) async fn receive<B>(
    endpoint: &Endpoint,
    request: Request<B>,
) -> Result<Verified<Bytes>, Rejection>
where
    B: Body,
{
    let (parts, body) = request.into_parts();
    let intake = endpoint.receive(&head(&parts))?;
    drop(parts);
    read(endpoint, intake, body).await
}

/// Reads a body into its intake, and gives the verdict.
async fn read<B>(endpoint: &Endpoint, intake: Intake, body: B) -> Result<Verified<Bytes>, Rejection>
where
    B: Body,
{
    let mut body = pin!(body);
    read::read(endpoint, intake, |context| {
        let frame = ready!(body.as_mut().poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            // Trailers are not signed: an empty piece, as far as the body goes.
            frame.map(|frame| frame.into_data().map_or_else(|_| Bytes::new(), whole))
        }))
    })
    .await
}

fn whole(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}

/// The endpoint's answer as a response, to the letter.
pub(crate) fn response<B: From<Bytes>>(reply: &Reply) -> Response<B> {
    let mut response = Response::new(B::from(reply.body().clone()));
    *response.status_mut() =
        StatusCode::from_u16(reply.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers() {
        response.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}
