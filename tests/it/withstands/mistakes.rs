//! Wrong receivers fail, and the labels name the mistake.

use std::time::Duration;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn, map_response},
    response::Response,
    routing::any,
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use hubseal::{
    AppSecret, MemoryBudget, PayloadLimit, RejectionKind,
    testing::{Expected, attack_suite},
};

use super::{endpoint, found, labels, router, secrets, target};

const SIGNATURE: &str = "x-hub-signature-256";

#[tokio::test]
async fn finds_receiver_that_accepts_everything() {
    let app = Router::new().route("/webhook", any(async || ()));
    let found = found(app).await;
    let secrets = secrets();
    // hyper rejects a malformed length by itself.
    let right = [
        Expected::Verified,
        Expected::Rejected(RejectionKind::LengthMismatch),
    ];
    let cases = attack_suite(&target(&secrets));
    let attacks = cases.iter().filter(|case| !right.contains(&case.expected));
    assert!(
        labels(&found)
            .into_iter()
            .eq(attacks.map(|case| case.label))
    );
    assert!(
        found
            .to_string()
            .contains("Anyone who knows the URL can send deliveries.")
    );
}

#[tokio::test]
async fn finds_receiver_that_takes_the_first_of_two_signatures() {
    async fn first(mut request: Request, next: Next) -> Response {
        if let Some(first) = request.headers().get(SIGNATURE).cloned() {
            request.headers_mut().insert(SIGNATURE, first);
        }
        next.run(request).await
    }
    let found = found(router(endpoint().build().unwrap()).layer(from_fn(first))).await;
    let repeated = [
        "the same signature twice",
        "a forged signature after the genuine one",
    ];
    assert_eq!(labels(&found), repeated);
}

#[tokio::test]
async fn finds_receiver_that_takes_the_legacy_header() {
    async fn legacy(mut request: Request, next: Next) -> Response {
        let legacy = request.headers().get("x-hub-signature").cloned();
        if let (Some(legacy), None) = (legacy, request.headers().get(SIGNATURE)) {
            request.headers_mut().insert(SIGNATURE, legacy);
        }
        next.run(request).await
    }
    let found = found(router(endpoint().build().unwrap()).layer(from_fn(legacy))).await;
    assert_eq!(
        labels(&found),
        ["genuine signature under the legacy header"]
    );
}

#[tokio::test]
async fn finds_receiver_without_payload_limit() {
    let endpoint = endpoint()
        .payload_limit(PayloadLimit::new(usize::MAX / 2))
        .memory_budget(MemoryBudget::new(usize::MAX));
    let found = found(router(endpoint.build().unwrap())).await;
    assert_eq!(
        labels(&found),
        [
            "1 GiB declared and never sent",
            "one byte too many declared",
            "2^62 bytes declared",
            "1 GiB declared, waiting to be asked for",
            "one byte too many",
            "one byte too many, in chunks",
            "64 KiB too many, in chunks of 1,000 bytes",
        ]
    );
    assert!(found.to_string().contains("fill the memory"));
}

#[tokio::test]
async fn finds_receiver_without_read_deadline() {
    let endpoint = endpoint().read_deadline(Duration::from_secs(600));
    let found = found(router(endpoint.build().unwrap())).await;
    assert_eq!(
        labels(&found),
        [
            "stalled before the body",
            "stalled within the body",
            "stalled before the last byte",
            "dribbling past the deadline",
        ]
    );
    let found = found.to_string();
    assert!(
        found.contains("got:      no response within 12s"),
        "{found}"
    );
    assert!(found.contains("hold connections"), "{found}");
}

#[tokio::test]
async fn finds_receiver_that_sends_the_challenge_as_html() {
    let app =
        router(endpoint().build().unwrap()).layer(map_response(async |mut response: Response| {
            if response.headers().contains_key(CONTENT_TYPE) {
                let html = HeaderValue::from_static("text/html");
                response.headers_mut().insert(CONTENT_TYPE, html);
            }
            response
        }));
    let found = found(app).await;
    assert_eq!(
        labels(&found),
        [
            "genuine handshake",
            "names percent-encoded",
            "parameters of the URL beside it",
            "a challenge of letters",
            "a challenge of 256",
        ]
    );
    let found = found.to_string();
    assert!(
        found
            .contains("the header `content-type` is missing or is not `text/plain; charset=utf-8`")
    );
}

#[tokio::test]
async fn finds_receiver_that_explains_its_rejections() {
    let app =
        router(endpoint().build().unwrap()).layer(map_response(async |response: Response| {
            let (mut parts, body) = response.into_parts();
            if parts.status == StatusCode::FORBIDDEN {
                parts.headers.remove(CONTENT_LENGTH);
                return Response::from_parts(parts, "wrong token".into());
            }
            Response::from_parts(parts, body)
        }));
    let found = found(app).await;
    assert!(labels(&found).contains(&"another token"));
    assert!(found.to_string().contains("the response body differs"));
}

#[tokio::test]
async fn finds_receiver_with_another_secret() {
    let other = AppSecret::new("00112233445566778899aabbccddeeff").unwrap();
    let endpoint = hubseal::Endpoint::builder(other).read_deadline(super::READ_DEADLINE);
    let found = found(router(endpoint.build().unwrap())).await;
    assert!(labels(&found).contains(&"genuine text message"));
    assert!(found.to_string().contains("differs from that of `Target`"));
}

#[tokio::test]
async fn finds_receiver_that_panics() {
    async fn panic() {
        panic!("planted");
    }
    let found = found(Router::new().route("/webhook", any(panic))).await;
    assert!(labels(&found).contains(&"no signature"));
    assert!(
        found
            .to_string()
            .contains("got:      the connection closed, no response")
    );
}
