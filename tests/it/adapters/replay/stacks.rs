//! Several layers in one stack, and a request that is dropped during its claim.

use std::{
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use ::axum::{Router, body::Body};
use actix_web::{
    App, HttpResponse,
    dev::Service,
    test::{TestRequest, call_service, init_service},
};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hubseal::{
    End, Endpoint, RejectionKind, Verified, actix::Verify, replay::ReplayGuard, tower::VerifyLayer,
};
use tower::{Layer, ServiceExt, service_fn};

use super::{ScriptedStore, delivery, is_verified};
use crate::outcomes::{Record, observed};

/// An endpoint with a guard, its outcomes and its store.
fn endpoint() -> (Endpoint, Record, ScriptedStore) {
    let store = ScriptedStore::default();
    let builder = crate::common::endpoint().replay_guard(ReplayGuard::new(store.clone()));
    let (endpoint, record) = observed(builder);
    (endpoint, record, store)
}

#[track_caller]
fn assert_handled(record: &Record) {
    assert!(matches!(*record.take(), [(end, 2)] if is_verified(end)));
}

#[track_caller]
fn assert_dropped(record: &Record) {
    assert!(matches!(*record.take(), [(End::Duplicate { .. }, 2)]));
}

fn request<B: From<Bytes>>() -> Request<B> {
    Request::<Bytes>::try_from(delivery()).unwrap().map(B::from)
}

/// Answers with a body, unlike a dropped duplicate.
fn app(endpoint: Endpoint) -> Router {
    let handler = async |body: Verified<Bytes>| body.into_inner();
    hubseal::axum::webhook("/webhook", handler).with_state(endpoint)
}

/// Sends the delivery and returns the length of the response body.
async fn length(app: &Router) -> usize {
    let response = app.clone().oneshot(request::<Body>()).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = ::axum::body::to_bytes(response.into_body(), 10).await;
    body.unwrap().len()
}

#[tokio::test]
async fn nested_axum_layers_of_one_endpoint_claim_once() {
    let (endpoint, record, store) = endpoint();
    let layer = || hubseal::axum::layer(endpoint.clone());
    let app = app(endpoint.clone()).layer(layer()).layer(layer());
    assert_eq!(length(&app).await, 2);
    assert_handled(&record);
    assert_eq!(store.calls(), [1, 1, 0]);
    assert_eq!(length(&app).await, 0);
    assert_dropped(&record);
    assert_eq!(store.calls(), [2, 1, 0]);
}

#[tokio::test]
async fn nested_tower_layers_of_one_endpoint_claim_once() {
    let (endpoint, record, store) = endpoint();
    let layer = VerifyLayer::new(endpoint);
    let handler = service_fn(async |_: Request<Full<Bytes>>| {
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    });
    let service = layer.layer(layer.layer(handler));
    service
        .clone()
        .oneshot(request::<Full<Bytes>>())
        .await
        .unwrap();
    assert_handled(&record);
    service.oneshot(request::<Full<Bytes>>()).await.unwrap();
    assert_dropped(&record);
    assert_eq!(store.calls(), [2, 1, 0]);
}

fn actix_request() -> TestRequest {
    let sent = delivery();
    let request = TestRequest::post().uri(&sent.target).set_payload(sent.body);
    sent.headers
        .into_iter()
        .fold(request, |request, (name, value)| {
            request.insert_header((name, value))
        })
}

#[tokio::test]
async fn nested_actix_middlewares_of_one_endpoint_claim_once() {
    let (endpoint, record, store) = endpoint();
    let handler = async |body: Verified<Bytes>| HttpResponse::Ok().body(body.into_inner());
    let webhook = hubseal::actix::webhook("/webhook", endpoint.clone(), handler);
    let app = App::new().service(webhook.wrap(Verify::new(endpoint)));
    let app = init_service(app).await;
    for expected in ["{}", ""] {
        let response = call_service(&app, actix_request().to_request()).await;
        assert_eq!(actix_web::test::read_body(response).await, expected);
        match expected {
            "" => assert_dropped(&record),
            _ => assert_handled(&record),
        }
    }
    assert_eq!(store.calls(), [2, 1, 0]);
}

#[tokio::test]
async fn two_endpoints_in_one_stack_claim_for_themselves() {
    let (outer, outer_record, outer_store) = endpoint();
    let (inner, inner_record, inner_store) = endpoint();
    let app = app(inner.clone());
    let both = app.clone().layer(hubseal::axum::layer(outer));
    assert_eq!(length(&both).await, 2);
    assert_handled(&outer_record);
    assert_handled(&inner_record);
    // The outer endpoint drops the copy.
    assert_eq!(length(&both).await, 0);
    assert_dropped(&outer_record);
    assert!(inner_record.take().is_empty());
    assert_eq!(outer_store.calls(), [2, 1, 0]);
    assert_eq!(inner_store.calls(), [1, 1, 0]);

    // A duplicate for the inner endpoint is done for the outer one too.
    let (another, another_record, another_store) = endpoint();
    let both = app.layer(hubseal::axum::layer(another));
    assert_eq!(length(&both).await, 0);
    assert_handled(&another_record);
    assert_dropped(&inner_record);
    assert_eq!(another_store.calls(), [1, 1, 0]);
}

/// The outer layer holds the claim that the inner one needs.
#[tokio::test]
async fn two_endpoints_in_one_stack_cannot_share_a_guard() {
    let guard = ReplayGuard::in_memory();
    let [(outer, outer_record), (inner, inner_record)] =
        [(); 2].map(|()| observed(crate::common::endpoint().replay_guard(guard.clone())));
    let app = app(inner).layer(hubseal::axum::layer(outer));
    for _ in 0..2 {
        let response = app.clone().oneshot(request::<Body>()).await.unwrap();
        assert_eq!(response.status(), 503);
        assert_handled(&outer_record);
        let in_progress = End::Rejected(RejectionKind::DeliveryInProgress);
        assert_eq!(inner_record.take(), [(in_progress, 2)]);
    }
}

/// A server that stops drops the request.
#[tokio::test]
async fn actix_request_that_is_dropped_during_claim_is_released() {
    let (endpoint, record, store) = endpoint();
    let webhook = hubseal::actix::webhook("/webhook", endpoint, async || HttpResponse::Ok());
    let app = init_service(App::new().service(webhook)).await;
    store.set_stalling(true);
    {
        let mut response = pin!(app.call(actix_request().to_request()));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(
            response.as_mut().poll(&mut context),
            Poll::Pending
        ));
        assert_eq!(store.calls(), [1, 0, 0]);
        assert!(record.take().is_empty());
    }
    assert_eq!(store.calls(), [1, 0, 1]);
    assert_eq!(record.take(), [(End::Abandoned, 2)]);

    store.set_stalling(false);
    let response = call_service(&app, actix_request().to_request()).await;
    assert_eq!(response.status(), 200);
    assert_handled(&record);
}
