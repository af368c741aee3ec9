//! Receivers with one planted weakness each, which the probe must name.

use std::{
    net::{SocketAddr, TcpListener},
    thread,
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hubseal::{AppSecret, Verifier};

use crate::{
    common::{SECRET, TOKEN},
    probe::{Findings, kinds, probe, probed},
};

/// What a planted receiver does with a delivery: the signature header, the right one, and the body.
type Judge = fn(Option<&str>, &str, &Bytes) -> Response;

/// Serves a receiver that answers handshakes correctly if they have the token or `skips_token`.
async fn serve(judge: Judge, skips_token: bool) -> SocketAddr {
    let handler = async move |request: Request| {
        let (head, body) = request.into_parts();
        if head.method != "POST" {
            let query = head.uri.query().unwrap_or_default();
            let is_ours = skips_token || query.contains(&format!("hub.verify_token={TOKEN}"));
            let challenge = query
                .split('&')
                .find_map(|pair| pair.strip_prefix("hub.challenge="));
            return match challenge.filter(|_| is_ours && head.method == "GET") {
                Some(challenge) => challenge.to_owned().into_response(),
                None => StatusCode::FORBIDDEN.into_response(),
            };
        }
        let Ok(body) = to_bytes(body, 4 * 1024 * 1024).await else {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        };
        let right = Verifier::new(AppSecret::new(SECRET).unwrap())
            .sign(&body)
            .to_string();
        let header = head.headers.get("x-hub-signature-256");
        judge(header.and_then(|value| value.to_str().ok()), &right, &body)
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().fallback(handler);
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

fn verdict(is_accepted: bool) -> Response {
    let status = if is_accepted {
        StatusCode::OK
    } else {
        StatusCode::UNAUTHORIZED
    };
    status.into_response()
}

fn has_case(findings: &Findings, kind: &str, case: &str) -> bool {
    let cases = findings.get(kind).map(|(_, cases)| cases);
    cases.is_some_and(|cases| cases.iter().any(|found| found.starts_with(case)))
}

#[tokio::test(flavor = "multi_thread")]
async fn names_a_missing_verification_once() {
    let (status, _, findings) = probed(serve(|_, _, _| verdict(true), false).await).await;
    assert_eq!(status, 1);
    for case in [
        "no signature",
        "2 digits",
        "a signature of zeros",
        "signed with the verify token",
    ] {
        assert!(
            has_case(&findings, "not_verified", case),
            "{case}: {findings:#?}"
        );
    }
    assert_eq!(findings["not_verified"].0, "critical");
    let others = [
        "accepts_unsigned",
        "accepts_forged",
        "accepts_truncated",
        "lenient_header",
    ];
    assert!(
        others.iter().all(|kind| !findings.contains_key(*kind)),
        "{findings:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_a_comparison_of_a_part() {
    let judge: Judge = |sent, right, _| verdict(sent.is_some_and(|sent| right.starts_with(sent)));
    let (_, _, findings) = probed(serve(judge, false).await).await;
    assert!(
        has_case(&findings, "accepts_truncated", "2 digits"),
        "{findings:#?}"
    );
    assert!(
        has_case(&findings, "accepts_unsigned", "prefix alone"),
        "{findings:#?}"
    );
    assert!(!findings.contains_key("not_verified"), "{findings:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_a_response_with_the_right_signature() {
    let judge: Judge = |sent, right, _| {
        if sent == Some(right) {
            return verdict(true);
        }
        (StatusCode::UNAUTHORIZED, format!("expected {right}")).into_response()
    };
    let (_, _, findings) = probed(serve(judge, false).await).await;
    assert!(
        has_case(&findings, "leaks_secret", "no signature"),
        "{findings:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_a_handshake_without_a_check_of_the_token() {
    let judge: Judge = |sent, right, _| verdict(sent == Some(right));
    let (_, _, findings) = probed(serve(judge, true).await).await;
    assert!(
        has_case(&findings, "accepts_wrong_verify_token", "another token"),
        "{findings:#?}"
    );
    assert!(
        has_case(&findings, "accepts_wrong_verify_token", "no token"),
        "{findings:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_another_secret() {
    let (_, _, findings) = probed(serve(|_, _, _| verdict(false), false).await).await;
    assert!(
        kinds(&findings).contains(&"rejects_genuine"),
        "{findings:#?}"
    );
    assert!(!findings.contains_key("rejects_escapes"), "{findings:#?}");
}

#[test]
fn names_a_server_that_stops() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    // Dropped after a few connections, like a process that a request has ended.
    thread::spawn(move || listener.incoming().take(9).for_each(drop));
    let (status, _, findings) = probe(address, &["--concurrency", "1"]);
    assert_eq!(status, 1);
    assert!(
        kinds(&findings).contains(&"stops_answering"),
        "{findings:#?}"
    );
}
