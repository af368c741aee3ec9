//! Bodies that fail, end early, never end, misreport their size, or must not be polled.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use ::axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Request, Response},
    routing::{any, post},
};
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use hubseal::{End, RejectionKind, testing::Request as Sent, tower::VerifyLayer};
use tower::{Layer, ServiceExt, service_fn};

use super::on_delivery;
use crate::{
    common::{endpoint, secret},
    outcomes::observed,
};

/// Next action of a scripted body. The body ends after the last step.
#[derive(Clone, Copy)]
enum Step {
    Data(&'static str),
    Trailers,
    Fail,
    Never,
    EndlessEmpty,
    MustNotPoll,
}

struct Script(VecDeque<Step>, SizeHint);

impl http_body::Body for Script {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(match self.0.pop_front() {
            None => None,
            Some(Step::Data(chunk)) => Some(Ok(Frame::data(Bytes::from_static(chunk.as_bytes())))),
            Some(Step::Trailers) => Some(Ok(Frame::trailers(HeaderMap::new()))),
            Some(Step::Fail) => Some(Err(std::io::ErrorKind::ConnectionReset.into())),
            Some(Step::EndlessEmpty) => {
                self.0.push_front(Step::EndlessEmpty);
                Some(Ok(Frame::data(Bytes::new())))
            }
            Some(Step::Never) => {
                self.0.push_front(Step::Never);
                let _ = context;
                return Poll::Pending;
            }
            Some(Step::MustNotPoll) => panic!("polled the body of a rejected head"),
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.1
    }
}

/// Sends the request through every adapter and checks that all return one status.
async fn status_with(sent: Sent, steps: impl AsRef<[Step]>, hint: SizeHint) -> u16 {
    let request = || {
        let steps = steps.as_ref().iter().copied().collect();
        let request = Request::<Bytes>::try_from(sent.clone()).unwrap();
        request.map(|_| Script(steps, hint))
    };
    let endpoint = endpoint()
        .read_deadline(Duration::from_millis(200))
        .build()
        .unwrap();
    let on_request = async |_: Request<Full<Bytes>>| {
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    };

    let route: Router = Router::new()
        .merge(hubseal::axum::webhook("/", on_delivery))
        .with_state(endpoint.clone());
    let route = route
        .oneshot(request().map(Body::new))
        .await
        .unwrap()
        .status();

    let layer: Router = Router::new()
        .route("/", any(async || ()))
        .layer(hubseal::axum::layer(endpoint.clone()));
    let layer = layer
        .oneshot(request().map(Body::new))
        .await
        .unwrap()
        .status();

    let tower = VerifyLayer::new(endpoint.clone()).layer(service_fn(on_request));
    let tower = tower.oneshot(request()).await.unwrap().status();

    let hyper = hubseal::hyper::verify(request(), &endpoint).await;
    let hyper = hyper.map_or_else(|answer| answer.reply().status(), |_| 200);

    assert_eq!([layer, tower], [route, route]);
    assert_eq!(hyper, route);
    route.as_u16()
}

async fn status(signed: &'static str, steps: impl AsRef<[Step]>) -> u16 {
    let request = Sent::signed("/", &secret(), signed).without("content-length");
    status_with(request, steps, SizeHint::default()).await
}

#[tokio::test]
async fn joins_frames_empty_frames_and_trailers() {
    use Step::{Data, Trailers};
    assert_eq!(
        status("abc", [Data("a"), Data(""), Data("bc"), Trailers]).await,
        200
    );
    assert_eq!(status("abc", [Data(""), Data(""), Data("abc")]).await, 200);
    assert_eq!(status("", &[]).await, 200);
    assert_eq!(status("", [Trailers]).await, 200);
}

#[tokio::test]
async fn rejects_body_that_ends_with_error() {
    use Step::{Data, Fail};
    assert_eq!(status("abc", [Data("abc"), Fail]).await, 400);
    assert_eq!(status("", [Fail]).await, 400);
}

#[tokio::test]
async fn rejects_body_that_ends_early() {
    assert_eq!(status("abc", [Step::Data("ab")]).await, 401);
    let declared = Sent::signed("/", &secret(), "abc");
    let hint = SizeHint::with_exact(3);
    assert_eq!(status_with(declared, [Step::Data("ab")], hint).await, 400);
}

#[tokio::test(start_paused = true)]
async fn stalled_body_hits_read_deadline() {
    assert_eq!(status("abc", [Step::Never]).await, 408);
    assert_eq!(status("abc", [Step::Data("abc"), Step::Never]).await, 408);
}

/// Drops a request that waits for its body, like a timeout layer does.
async fn drop_waiting<T>(request: impl Future<Output = T>) {
    let ended = tokio::time::timeout(Duration::from_millis(1), request).await;
    assert!(ended.is_err());
}

#[tokio::test(start_paused = true)]
async fn dropped_request_is_reported_as_abandoned() {
    let (endpoint, record) = observed(endpoint());
    let request = || {
        let request = Request::<Bytes>::try_from(Sent::signed("/", &secret(), "abc")).unwrap();
        request.map(|_| Script([Step::Data("a"), Step::Never].into(), SizeHint::default()))
    };
    let app: Router = hubseal::axum::webhook("/", on_delivery)
        .route("/plain", post(on_delivery))
        .with_state(endpoint.clone());
    for path in ["/", "/plain"] {
        let mut request = request().map(Body::new);
        *request.uri_mut() = path.parse().unwrap();
        drop_waiting(app.clone().oneshot(request)).await;
        assert_eq!(record.take(), [(End::Abandoned, 1)], "{path}");
    }

    let on_request = async |_: Request<Full<Bytes>>| {
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    };
    let layer = VerifyLayer::new(endpoint.clone()).layer(service_fn(on_request));
    drop_waiting(layer.oneshot(request())).await;
    assert_eq!(record.take(), [(End::Abandoned, 1)]);

    drop_waiting(hubseal::hyper::verify(request(), &endpoint)).await;
    assert_eq!(record.take(), [(End::Abandoned, 1)]);
}

#[tokio::test]
async fn endless_empty_frames_hit_read_deadline() {
    assert_eq!(status("abc", [Step::EndlessEmpty]).await, 408);
}

#[tokio::test]
async fn size_hint_is_not_trusted() {
    for hint in [0, u64::from(u32::MAX), u64::MAX] {
        let request = Sent::signed("/", &secret(), "abc").without("content-length");
        let hint = SizeHint::with_exact(hint);
        assert_eq!(status_with(request, [Step::Data("abc")], hint).await, 200);
    }
}

/// Requests that are rejected by their heads, with the status of each.
pub(super) fn rejected_heads() -> [(u16, Sent); 8] {
    let signed = || Sent::signed("/", &secret(), "abc");
    let length = |value: &str| {
        signed()
            .without("content-length")
            .header("content-length", value)
    };
    [
        (401, Sent::post("/", "abc")),
        (401, signed().header("x-hub-signature-256", "sha256=")),
        (405, signed().method("PUT")),
        (403, signed().method("GET")),
        (413, length("4194305")),
        (413, length("18446744073709551615")),
        (400, length("12abc")),
        (415, signed().header("content-encoding", "gzip")),
    ]
}

#[tokio::test]
async fn never_polls_body_after_head_rejection() {
    for (expected, request) in rejected_heads() {
        let steps = [Step::MustNotPoll];
        assert_eq!(
            status_with(request, steps, SizeHint::default()).await,
            expected
        );
    }
}

/// Runs a request on a runtime without a timer and returns the panic message.
fn without_a_timer<F: Future<Output = ()>>(request: F) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runtime.block_on(request);
    }));
    let panicked = panicked.expect_err("served without a timer");
    match panicked.downcast::<String>() {
        Ok(message) => *message,
        Err(other) => (*other.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn panics_on_each_request_without_tokio_timer() {
    let requests = || {
        let whole = Sent::signed("/", &secret(), "abc");
        [
            whole.clone(),
            whole.body("forged"),
            Sent::post("/", ""),
            Sent::get("/"),
        ]
    };
    let not_configured = (End::Rejected(RejectionKind::NotConfigured), 0);
    let (endpoint, record) = observed(endpoint());
    for sent in requests() {
        let request = Request::<Bytes>::try_from(sent).unwrap();
        let message = without_a_timer(async {
            let _ = hubseal::hyper::verify(request.map(Full::new), &endpoint).await;
        });
        assert!(message.contains("enable_time"), "{message}");
        assert_eq!(record.take(), [not_configured]);
    }
    for sent in requests() {
        let request = Request::<Bytes>::try_from(sent).unwrap();
        let message = without_a_timer(async {
            let webhook = hubseal::axum::webhook("/", on_delivery);
            let app: Router = webhook.with_state(endpoint.clone());
            let _ = app.oneshot(request.map(Body::from)).await;
        });
        assert!(message.contains("enable_time"), "{message}");
        assert_eq!(record.take(), [not_configured]);
    }
}
