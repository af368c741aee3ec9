//! Right receivers of every kind pass.

use std::{convert::Infallible, net::SocketAddr};

use actix_web::{App, HttpResponse};
use axum::{Json as AxumJson, Router, body::Bytes, routing::post};
use http::{Request, Response};
use http_body_util::Full;
use hubseal::{
    Json, MemoryBudget, PayloadLimit, Verified,
    edge::AllowList,
    testing::{Receiver, Target, withstands},
    tower::VerifyLayer,
};
use tokio::net::TcpListener;
use tower::ServiceBuilder;

use super::{endpoint, found, labels, router, secrets, target};
use crate::adapters::actix::without_expect_continue_case;

async fn passes(receiver: impl Into<Receiver>) {
    let secrets = secrets();
    withstands(&target(&secrets), receiver).await.unwrap();
}

#[tokio::test]
async fn axum_router_passes() {
    passes(router(endpoint().build().unwrap())).await;
}

#[tokio::test]
async fn axum_router_has_the_peer_s_address() {
    let loopback = AllowList::parse("127.0.0.0/8").unwrap();
    let endpoint = endpoint().allow_list(loopback).build().unwrap();
    passes(router(endpoint)).await;
}

#[tokio::test]
async fn smallest_memory_budget_is_enough() {
    // Half of it is for large bodies: one at a time.
    let budget = MemoryBudget::new(2 * PayloadLimit::META.bytes());
    let endpoint = endpoint().memory_budget(budget).build().unwrap();
    passes(router(endpoint)).await;
}

#[tokio::test]
async fn tower_service_passes() {
    let loopback = AllowList::parse("127.0.0.0/8").unwrap();
    let service = ServiceBuilder::new()
        .layer(VerifyLayer::new(
            endpoint().allow_list(loopback).build().unwrap(),
        ))
        .service_fn(async |_: Request<Full<Bytes>>| {
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        });
    passes(Receiver::tower(service)).await;
}

#[tokio::test]
async fn hyper_service_passes() {
    let service = hubseal::hyper::Verify::new(
        endpoint().build().unwrap(),
        async |_: Request<Verified<Bytes>>| {
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        },
    );
    passes(Receiver::hyper(service)).await;
}

async fn on_delivery(_body: Verified<Bytes>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn actix_app() -> Receiver {
    let endpoint = endpoint().build().unwrap();
    Receiver::actix(move || {
        App::new().service(hubseal::actix::webhook(
            "/webhook",
            endpoint.clone(),
            on_delivery,
        ))
    })
}

#[tokio::test]
async fn actix_app_passes() {
    passes(actix_app()).await;
}

#[actix_web::test]
async fn actix_runtime_can_wait_for_an_actix_app() {
    passes(actix_app()).await;
}

#[actix_web::test]
async fn address_of_actix_server_passes_but_for_one_case() {
    let endpoint = endpoint().build().unwrap();
    let server = actix_web::HttpServer::new(move || {
        App::new().service(hubseal::actix::webhook(
            "/webhook",
            endpoint.clone(),
            on_delivery,
        ))
    });
    let server = server
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let secrets = secrets();
    let found = withstands(&target(&secrets), address).await.unwrap_err();
    let continued = "no signature, and the body waits to be asked for";
    assert_eq!(labels(&found), [continued]);
    let others = target(&secrets).only(without_expect_continue_case);
    withstands(&others, address).await.unwrap();
    // A server that still runs would look like a leak to the sanitizer.
    handle.stop(true).await;
}

/// On the caller's runtime, which has one thread.
async fn listen(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

#[tokio::test]
async fn server_on_caller_s_runtime_passes() {
    let address = listen(router(endpoint().build().unwrap())).await;
    passes(address).await;
}

#[tokio::test]
async fn address_may_be_text_with_a_host() {
    let address = listen(router(endpoint().build().unwrap())).await;
    let secrets = secrets();
    let target = target(&secrets).only(|case| case.label == "genuine text message");
    let named = format!("localhost:{}", address.port());
    withstands(&target, named.as_str()).await.unwrap();
}

/// Requires the parts that every update has.
#[derive(serde::Deserialize)]
struct Update {
    #[allow(dead_code)]
    object: String,
    entry: Vec<Entry>,
}

#[derive(serde::Deserialize)]
struct Entry {
    changes: Vec<Change>,
}

#[derive(serde::Deserialize)]
struct Change {
    value: Value,
}

#[derive(serde::Deserialize)]
struct Value {
    messages: Vec<serde_json::Value>,
}

async fn on_update(update: Verified<Json<Update>>) -> AxumJson<usize> {
    AxumJson(update.entry[0].changes[0].value.messages.len())
}

#[tokio::test]
async fn handler_of_updates_passes_with_updates_only() {
    let app =
        || hubseal::axum::webhook("/webhook", on_update).with_state(endpoint().build().unwrap());
    let secrets = secrets();
    withstands(&target(&secrets).updates_only(), app())
        .await
        .unwrap();

    let found = found(app()).await;
    let other_json = [
        "empty body",
        "body with escapes",
        "body in raw UTF-8",
        "body that is not text",
        "body that ends in a newline",
        "byte by byte",
    ];
    assert_eq!(labels(&found), other_json);
    assert!(found.to_string().contains("Target::updates_only"));
}

#[tokio::test]
async fn route_without_handshake_passes_with_deliveries_only() {
    async fn on_delivery(_body: Verified<Bytes>) {}
    let app = Router::new().route("/webhook", post(on_delivery));
    let app = app.with_state(endpoint().build().unwrap());
    let secrets = secrets();
    let deliveries = Target::only(target(&secrets), |case| case.request.method == "POST");
    withstands(&deliveries, app).await.unwrap();
}
