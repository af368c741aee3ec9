//! Payloads that fail, end early, never end, or must not be polled.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    App,
    dev::Payload,
    error::PayloadError,
    test::{call_service, init_service},
    web::{self, Bytes},
};
use futures_core::Stream;
use hubseal::{End, Endpoint, actix::webhook, testing::Request as Sent};

use super::{super::bodies::rejected_heads, on_delivery, request};
use crate::{
    common::{endpoint, secret},
    outcomes::observed,
};

/// Next action of a scripted payload. The payload ends after the last step.
enum Step {
    Data(&'static str),
    Fail,
    Never,
    EndlessEmpty,
    MustNotPoll,
}

struct Script(VecDeque<Step>);

impl Stream for Script {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(match self.0.pop_front() {
            None => None,
            Some(Step::Data(chunk)) => Some(Ok(Bytes::from_static(chunk.as_bytes()))),
            Some(Step::Fail) => Some(Err(PayloadError::Incomplete(None))),
            Some(Step::EndlessEmpty) => {
                self.0.push_front(Step::EndlessEmpty);
                Some(Ok(Bytes::new()))
            }
            Some(Step::Never) => {
                self.0.push_front(Step::Never);
                return Poll::Pending;
            }
            Some(Step::MustNotPoll) => panic!("polled the body of a rejected head"),
        })
    }
}

/// Sends the request through the route and the extractor and checks that both return one status.
async fn status_with<const STEPS: usize>(sent: Sent, steps: fn() -> [Step; STEPS]) -> u16 {
    let endpoint: Endpoint = endpoint()
        .read_deadline(Duration::from_millis(200))
        .build()
        .unwrap();
    let app = App::new()
        .app_data(endpoint.clone())
        .service(webhook("/webhook", endpoint, on_delivery))
        .route("/plain", web::to(on_delivery));
    let app = init_service(app).await;
    let mut statuses = Vec::new();
    for path in ["/webhook", "/plain"] {
        let mut request = request(&sent).uri(path).to_request();
        let script: Pin<Box<dyn Stream<Item = _>>> = Box::pin(Script(steps().into()));
        *request.payload() = Payload::from(script);
        let response = call_service(&app, request).await;
        statuses.push(response.status().as_u16());
    }
    if sent.method != "GET" {
        assert_eq!(statuses[0], statuses[1]);
    }
    statuses[0]
}

async fn status<const STEPS: usize>(signed: &'static str, steps: fn() -> [Step; STEPS]) -> u16 {
    let sent = Sent::signed("/", &secret(), signed).without("content-length");
    status_with(sent, steps).await
}

#[tokio::test]
async fn joins_chunks_and_empty_chunks() {
    use Step::Data;
    assert_eq!(
        status("abc", || [Data("a"), Data(""), Data("bc")]).await,
        200
    );
    assert_eq!(status("", || []).await, 200);
    assert_eq!(status("", || [Data("")]).await, 200);
}

#[tokio::test]
async fn rejects_body_that_ends_with_error() {
    use Step::{Data, Fail};
    assert_eq!(status("abc", || [Data("abc"), Fail]).await, 400);
    assert_eq!(status("", || [Fail]).await, 400);
}

#[tokio::test]
async fn rejects_body_that_ends_early() {
    assert_eq!(status("abc", || [Step::Data("ab")]).await, 401);
    let declared = Sent::signed("/", &secret(), "abc");
    assert_eq!(status_with(declared, || [Step::Data("ab")]).await, 400);
}

#[tokio::test(start_paused = true)]
async fn stalled_body_hits_read_deadline() {
    use Step::{Data, Never};
    assert_eq!(status("abc", || [Never]).await, 408);
    assert_eq!(status("abc", || [Data("abc"), Never]).await, 408);
}

#[tokio::test(start_paused = true)]
async fn dropped_request_is_reported_as_abandoned() {
    let (endpoint, record) = observed(endpoint());
    let app = App::new()
        .app_data(endpoint.clone())
        .service(webhook("/webhook", endpoint, on_delivery))
        .route("/plain", web::to(on_delivery));
    let app = init_service(app).await;
    for path in ["/webhook", "/plain"] {
        let sent = Sent::signed(path, &secret(), "abc");
        let mut request = request(&sent).to_request();
        let script = Script([Step::Data("a"), Step::Never].into());
        let script: Pin<Box<dyn Stream<Item = _>>> = Box::pin(script);
        *request.payload() = Payload::from(script);
        let dropped = tokio::time::timeout(Duration::from_millis(1), call_service(&app, request));
        assert!(dropped.await.is_err());
        assert_eq!(record.take(), [(End::Abandoned, 1)], "{path}");
    }
}

#[tokio::test]
async fn endless_empty_chunks_hit_read_deadline() {
    assert_eq!(status("abc", || [Step::EndlessEmpty]).await, 408);
}

#[tokio::test]
async fn never_polls_body_after_head_rejection() {
    for (expected, sent) in rejected_heads() {
        assert_eq!(status_with(sent, || [Step::MustNotPoll]).await, expected);
    }
}
