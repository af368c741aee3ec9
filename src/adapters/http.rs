//! What every adapter over `http` and `http-body` shares.

use core::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
};

use bytes::{Buf, Bytes};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, request::Parts};
use http_body::Body;

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

/// Feeds a body to its intake until it ends, fails, is refused, or the deadline passes.
async fn read<B>(
    endpoint: &Endpoint,
    mut intake: Intake,
    body: B,
) -> Result<Verified<Bytes>, Rejection>
where
    B: Body,
{
    let mut body = pin!(body);
    let fed = tokio::time::timeout(endpoint.read_deadline(), feed(&mut intake, body.as_mut()));
    match fed.await {
        Ok(Ok(())) => intake.finish(),
        Ok(Err(End::Refused(rejection))) => Err(rejection),
        Ok(Err(End::Failed)) => Err(intake.body_failed()),
        Err(_) => Err(intake.deadline_passed()),
    }
}

enum End {
    Refused(Rejection),
    Failed,
}

async fn feed<B>(intake: &mut Intake, mut body: Pin<&mut B>) -> Result<(), End>
where
    B: Body,
{
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        // Trailers are not signed, and end up here as an empty piece.
        let piece = match frame.map_err(|_| End::Failed)?.into_data() {
            Ok(mut data) => data.copy_to_bytes(data.remaining()),
            Err(_) => Bytes::new(),
        };
        if piece.is_empty() {
            // A body that has nothing to give and never says so would keep the deadline's timer
            // from being looked at.
            yield_once().await;
        }
        intake.push(piece).map_err(End::Refused)?;
    }
    Ok(())
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
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
