//! Types in `hubseal::http`: early responses, and the body of a response.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use hubseal::{
    Rejection, RejectionKind, Scheme,
    http::{EarlyResponse, ResponseBody},
    replay::ReplayGuard,
    testing::Request as Sent,
    tower::VerifyLayer,
};
use tower::{Layer, ServiceExt, service_fn};

use super::{endpoint, handshake};
use crate::{common::secret, guarded::Faulty};

/// A body of two data frames and trailers, with an inexact size hint. Its error is its own.
#[derive(Debug)]
struct Frames(u8);

#[derive(Debug, PartialEq)]
struct Interrupted;

impl Body for Frames {
    type Data = Bytes;
    type Error = Interrupted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Interrupted>>> {
        self.0 += 1;
        Poll::Ready(match self.0 {
            1 => Some(Ok(Frame::data(Bytes::from_static(b"one ")))),
            2 => Some(Ok(Frame::data(Bytes::from_static(b"two")))),
            3 => {
                let trailers = [("checksum".parse().unwrap(), HeaderValue::from_static("7"))];
                Some(Ok(Frame::trailers(HeaderMap::from_iter(trailers))))
            }
            4 => Some(Err(Interrupted)),
            _ => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.0 >= 4
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = SizeHint::new();
        hint.set_lower(3);
        hint.set_upper(70);
        hint
    }
}

async fn respond(sent: Sent) -> Response<ResponseBody<Frames>> {
    let handler =
        service_fn(async |_: Request<Full<Bytes>>| Ok::<_, Infallible>(Response::new(Frames(0))));
    let request = Request::<Bytes>::try_from(sent).unwrap().map(Full::new);
    let service = VerifyLayer::new(endpoint()).layer(handler);
    service.oneshot(request).await.unwrap()
}

#[tokio::test]
async fn response_body_passes_handler_body_through() {
    let mut body = respond(Sent::signed("/", &secret(), "{}"))
        .await
        .into_body();
    let hint = body.size_hint();
    assert_eq!((hint.lower(), hint.upper()), (3, Some(70)));

    let mut data = Vec::new();
    for _ in 0..2 {
        assert!(!body.is_end_stream());
        let frame = body.frame().await.unwrap().unwrap();
        data.push(frame.into_data().unwrap());
    }
    assert_eq!(data, ["one ", "two"]);
    let trailers = body.frame().await.unwrap().unwrap().into_trailers();
    assert_eq!(trailers.unwrap()["checksum"], "7");
    assert!(!body.is_end_stream());
    assert_eq!(body.frame().await.unwrap().unwrap_err(), Interrupted);
    assert!(body.is_end_stream());
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn response_body_of_rejection_is_empty() {
    let response = respond(Sent::post("/", "{}")).await;
    assert_eq!(response.status(), 401);
    let body = response.into_body();
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    assert_eq!(body.collect().await.unwrap().to_bytes(), "");
}

#[tokio::test]
async fn response_body_of_handshake_is_the_challenge() {
    let response = respond(Sent::get(&format!("/?{}", handshake()))).await;
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    assert!(!body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(10));
    let frame = body.frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), "1158201444");
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
}

#[test]
fn converts_rejection_into_early_response() {
    let rejection = Scheme::META.parse("sha256=").unwrap_err();
    let early = EarlyResponse::from(rejection.clone());
    assert_eq!(early, EarlyResponse::Rejected(rejection.clone()));
    assert_eq!(early.reply(), rejection.reply());

    let response = Response::<Full<Bytes>>::from(early);
    assert_eq!(response.status(), 401);
    let kind = response.extensions().get().map(Rejection::kind);
    assert_eq!(kind, Some(RejectionKind::SignatureMalformed));
}

#[test]
fn converts_challenge_into_early_response() {
    let challenge = endpoint().handshake(handshake()).unwrap();
    let early = EarlyResponse::from(challenge.clone());
    assert_eq!(early, EarlyResponse::Handshake(challenge.clone()));
    assert_eq!(early.reply(), challenge.reply());

    let response = Response::<Bytes>::from(early);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert!(response.extensions().get::<Rejection>().is_none());
    assert_eq!(response.body(), "1158201444");
}

#[test]
fn converts_duplicate_into_early_response() {
    let verifier = endpoint().verifier().clone();
    let key = verifier
        .verify(verifier.sign("{}").to_string(), "{}")
        .unwrap()
        .key();
    let early = EarlyResponse::Duplicate(key);
    assert_eq!(early.reply().status(), 200);
    assert!(early.reply().headers().eq([("content-length", "0")]));

    let response = Response::<Bytes>::from(early);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-length"], "0");
    assert_eq!(response.extensions().get(), Some(&key));
    assert_eq!(response.body(), "");
}

#[tokio::test]
async fn store_error_is_source_of_rejection() {
    let endpoint = crate::common::endpoint().replay_guard(ReplayGuard::new(Faulty::away()));
    let service = VerifyLayer::new(endpoint.build().unwrap()).layer(service_fn(
        async |_: Request<Full<Bytes>>| Ok::<_, Infallible>(Response::new(Frames(0))),
    ));
    let sent = Sent::signed("/", &secret(), "{}");
    let request = Request::<Bytes>::try_from(sent).unwrap().map(Full::new);
    let response = service.oneshot(request).await.unwrap();
    let rejection = response.extensions().get::<Rejection>().unwrap();
    assert_eq!(rejection.kind(), RejectionKind::ReplayStoreUnavailable);
    let cause = rejection.source().expect("a cause").to_string();
    assert_eq!(cause, "replay store is unavailable: connection refused");
}
