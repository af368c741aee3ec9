//! Requests for services in memory, and a clock for them.

use std::{
    thread,
    time::{Duration, SystemTime},
};

use actix_web::{
    App, HttpMessage, HttpResponse,
    test::{call_service, init_service},
};
use axum::body::{Body, Bytes};
use hubseal::{
    Verified,
    testing::{Case, Expected, FakeClock, Request, Sending, attack_suite, sample},
};
use tower::ServiceExt;

use super::{endpoint, router, secrets, target};
use crate::common::secret;

/// Whether the case means the same without a connection.
fn in_memory(case: &Case) -> bool {
    let whole = matches!(case.request.sending, Sending::Whole);
    // A server leaves out the body of its response to `HEAD`.
    whole && case.request.method != "HEAD"
}

#[tokio::test]
async fn converted_requests_get_expected_statuses_of_axum() {
    let secrets = secrets();
    let app = router(endpoint().build().unwrap());
    for case in attack_suite(&target(&secrets).only(in_memory)) {
        let request = case.request.into_http::<Body>().unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), case.expected.status(), "{}", case.label);
    }
}

#[actix_web::test]
async fn converted_requests_get_expected_statuses_of_actix() {
    async fn on_delivery(_body: Verified<Bytes>) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    let secrets = secrets();
    let webhook = hubseal::actix::webhook("/webhook", endpoint().build().unwrap(), on_delivery);
    let app = init_service(App::new().service(webhook)).await;
    for case in attack_suite(&target(&secrets).only(in_memory)) {
        let request = case.request.into_actix().unwrap().to_request();
        let response = call_service(&app, request).await;
        assert_eq!(response.status(), case.expected.status(), "{}", case.label);
    }
}

#[test]
fn conversion_fails_instead_of_panicking() {
    let broken = [
        Request::get("/ a b"),
        Request::get("/").method("a b"),
        Request::get("/").header("a b", "c"),
        Request::get("/").header("a", "b\nc"),
    ];
    for request in broken {
        assert!(request.clone().into_http::<Body>().is_err(), "{request:?}");
        assert!(request.clone().into_actix().is_err(), "{request:?}");
    }
}

#[test]
fn actix_request_keeps_repeated_headers_in_order() {
    let request = Request::signed("/webhook", &secret(), "{}")
        .header("X-Hub-Signature-256", "second")
        .into_actix()
        .unwrap()
        .to_request();
    let values: Vec<_> = request.headers().get_all("x-hub-signature-256").collect();
    assert_eq!(values.len(), 2);
    assert_eq!(values[1], "second");
    assert_eq!(request.headers().get_all("content-length").count(), 1);
}

#[test]
fn head_has_one_host() {
    let hosts = |request: Request| {
        let head = String::from_utf8(request.head("127.0.0.1:1")).unwrap();
        let lines = head.lines().map(str::to_lowercase);
        lines
            .filter(|line| line.starts_with("host:"))
            .collect::<Vec<_>>()
    };
    assert_eq!(hosts(Request::get("/")), ["host: 127.0.0.1:1"]);
    let named = Request::get("/").header("HOST", "hooks.example");
    assert_eq!(hosts(named), ["host: hooks.example"]);
}

#[test]
fn genuine_bodies_of_updates_only_are_whatsapp_messages() {
    let secrets = secrets();
    let suite = |updates_only: bool| {
        let target = target(&secrets);
        let target = if updates_only {
            target.updates_only()
        } else {
            target
        };
        let mut cases = attack_suite(&target);
        cases.retain(|case| case.expected == Expected::Verified);
        cases
    };
    let updates = suite(true);
    assert!(updates.len() >= suite(false).len(), "none is dropped");
    for case in updates {
        let update: serde_json::Value = serde_json::from_slice(&case.request.body).unwrap();
        let message = &update["entry"][0]["changes"][0]["value"]["messages"][0];
        assert_eq!(message["from"], sample::PHONE_NUMBER, "{}", case.label);
        assert!(message["text"]["body"].is_string(), "{}", case.label);
    }
}

#[test]
fn clones_of_fake_clock_share_the_time_between_threads() {
    let start = SystemTime::UNIX_EPOCH;
    let clock = FakeClock::new(start);
    let shared = clock.clone();
    thread::spawn(move || shared.advance(Duration::from_secs(5)))
        .join()
        .unwrap();
    assert_eq!(clock.now(), start + Duration::from_secs(5));
    clock.set(start);
    assert_eq!(clock.now(), start);
}

#[test]
fn fake_clock_stays_before_the_end_of_time() {
    let clock = FakeClock::new(SystemTime::UNIX_EPOCH);
    clock.advance(Duration::MAX);
    assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
}
