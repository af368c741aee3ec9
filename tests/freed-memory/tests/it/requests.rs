//! Active deliveries, which hold HMAC states and move in memory.

use std::{
    convert::Infallible,
    hint::black_box,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{Either, Full};
use hubseal::{
    AppSecret, BodyVerifier, Endpoint, KeyRing, MemoryBudget, PayloadLimit, RequestHead,
    tower::VerifyLayer,
};
use hubseal_freed_memory::{Watched, left_by};
use tower::{Layer, ServiceExt, service_fn};

const FIRST: &str = "5b1d9f3e7a60c248e4f6081a3c5d7e9f";
const SECOND: &str = "6c2eaf408b71d359f5071920b4d6e8fa";

fn watched() -> Watched {
    Watched::key(FIRST.as_bytes()).and(Watched::key(SECOND.as_bytes()))
}

fn ring() -> KeyRing {
    let keys = [("first", FIRST), ("second", SECOND)];
    KeyRing::new(keys.map(|(name, text)| (name, AppSecret::new(text).unwrap()))).unwrap()
}

fn endpoint() -> Endpoint {
    Endpoint::builder(ring())
        .payload_limit(PayloadLimit::new(100_000))
        .memory_budget(MemoryBudget::new(200_000))
        .read_deadline(Duration::from_millis(20))
        .build()
        .unwrap()
}

fn receive(endpoint: &Endpoint, signer: &str) -> Box<BodyVerifier> {
    let signature = hubseal::Signature::sign(&AppSecret::new(signer).unwrap(), "{}").to_string();
    let headers = [("x-hub-signature-256", signature)];
    Box::new(
        endpoint
            .receive(&RequestHead::new("POST", &headers))
            .unwrap(),
    )
}

/// Puts a `BodyVerifier` on the heap, like the future of a server. A move out of it leaves its
/// bytes behind.
#[test]
fn delivery_leaves_nothing_on_every_outcome() {
    type End = fn(Box<BodyVerifier>);
    let ends: [(&str, End); 7] = [
        ("dropped", |body_verifier| drop(body_verifier)),
        ("dropped elsewhere", |body_verifier| {
            drop(black_box(*body_verifier))
        }),
        ("verified", |mut body_verifier| {
            body_verifier.push("{}").unwrap();
            assert!(body_verifier.finish().is_ok());
        }),
        ("forged", |mut body_verifier| {
            body_verifier.push("[").unwrap();
            body_verifier.push("]").unwrap();
            assert!(body_verifier.finish().is_err());
        }),
        ("rejected", |mut body_verifier| {
            assert!(body_verifier.push(vec![0; 200_000]).is_err());
            assert!(body_verifier.push("{}").is_err());
        }),
        ("late", |body_verifier| {
            assert_eq!(body_verifier.deadline_passed().status(), 408)
        }),
        ("failed", |body_verifier| {
            assert_eq!(body_verifier.body_failed("reset").status(), 400)
        }),
    ];
    for signer in [FIRST, SECOND] {
        for (end, ended) in ends {
            let found = left_by(&watched(), || {
                let endpoint = endpoint();
                ended(black_box(receive(&endpoint, signer)));
            });
            assert_eq!(found, [], "{end}");
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Sender {
    Genuine,
    Forger,
    /// The body never arrives.
    Slow,
}

#[test]
fn layer_futures_leave_no_complete_hmac_state() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    for (sender, status) in [
        (Sender::Genuine, StatusCode::OK),
        (Sender::Forger, StatusCode::UNAUTHORIZED),
        (Sender::Slow, StatusCode::REQUEST_TIMEOUT),
    ] {
        let found = left_by(&watched(), || {
            let endpoint = endpoint();
            let signature = endpoint.verifier().sign("{}").to_string();
            let layer = VerifyLayer::new(endpoint);
            let service = layer.layer(service_fn(async |_: Request<Full<Bytes>>| {
                Ok::<_, Infallible>(Response::<Full<Bytes>>::default())
            }));
            let request = Request::post("/").header("x-hub-signature-256", signature);
            let body = match sender {
                Sender::Genuine => Either::Left(Full::from("{}")),
                Sender::Forger => Either::Left(Full::from("[]")),
                Sender::Slow => Either::Right(Never),
            };
            let request = request.body(body).unwrap();
            // Boxed, like a task of a server.
            let answered = runtime.block_on(Box::pin(service.oneshot(request)));
            assert_eq!(answered.unwrap().status(), status);
        });
        // A move into a future copies unused stack bytes, which can contain part of a state. A
        // complete state, which could sign, must not occur.
        let whole = found.iter().filter(|found| found.fragment.len() >= 32);
        assert_eq!(whole.count(), 0, "{sender:?}: {found:?}");
    }
}

/// A body that is always pending.
struct Never;

impl http_body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}
