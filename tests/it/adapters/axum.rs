//! Runs the axum adapter as a route, a layer and an extractor.

use std::{convert::Infallible, error::Error, net::SocketAddr};

use ::axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{DefaultBodyLimit, Extension, FromRef, Request, State},
    http::{Method, StatusCode, Uri, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{any, connect, delete, get, head, options, patch, post, put, trace},
};
use hubseal::{
    AppSecret, Challenge, End, Endpoint, EndpointBuilder, Json, Rejection, RejectionKind, Verified,
    VerifiedBody,
    testing::{Request as Sent, sample},
};
use tower::{ServiceBuilder, ServiceExt, limit::ConcurrencyLimitLayer};
use tower_http::{
    compression::CompressionLayer, decompression::RequestDecompressionLayer,
    limit::RequestBodyLimitLayer,
};

use super::{Calls, Handler, READ_DEADLINE, endpoint, handshake, on_delivery, on_json, serve};
use crate::{
    common::{PREVIOUS_SECRET, secret},
    outcomes::{Record, observed},
};

async fn call(app: Router, sent: Sent) -> Response {
    let request = ::axum::http::Request::<Bytes>::try_from(sent).unwrap();
    app.oneshot(request.map(Body::from)).await.unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
}

/// Counts the requests in front of every other layer.
fn counted(app: Router, calls: Calls) -> Router {
    app.layer(from_fn(move |request: Request, next: Next| {
        calls.add();
        next.run(request)
    }))
}

async fn answer(handler: Handler, body: Bytes) -> StatusCode {
    let status = handler.run(&body).await;
    status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) async fn route(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let on_delivery = move |body: Verified<Bytes>| answer(handler, body.into_inner());
    let app = hubseal::axum::webhook("/webhook", on_delivery).with_state(endpoint);
    serve(counted(app, calls)).await
}

/// Serves a plain route under the layer, which is combined with other layers.
pub(super) async fn layer(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let unaware = move |body: Bytes| answer(handler, body);
    let layers = ServiceBuilder::new()
        .layer(ConcurrencyLimitLayer::new(1_000))
        .layer(from_fn(pass))
        .layer(hubseal::axum::layer(endpoint))
        .layer(from_fn(pass))
        .layer(DefaultBodyLimit::disable());
    let app = Router::new().route("/webhook", any(unaware));
    serve(counted(app.layer(layers), calls)).await
}

/// Serves a nested router under layers.
pub(super) async fn nested(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let on_delivery = move |body: Verified<Bytes>| answer(handler, body.into_inner());
    let hooks = Router::new().merge(hubseal::axum::webhook("/", on_delivery));
    let layers = ServiceBuilder::new()
        .layer(ConcurrencyLimitLayer::new(1_000))
        .layer(from_fn(pass));
    let app = Router::new().nest("/webhook", hooks).layer(layers);
    serve(counted(app.with_state(endpoint), calls)).await
}

/// Serves a plain route with the extractor.
pub(super) async fn extractor(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let on_delivery = move |body: Verified<Bytes>| answer(handler, body.into_inner());
    let app = Router::new().route("/webhook", any(on_delivery));
    serve(counted(app.with_state(endpoint), calls)).await
}

async fn pass(request: Request, next: Next) -> Response {
    next.run(request).await
}

/// Returns whether the router builds without a panic.
fn starts(app: impl FnOnce() -> Router<Endpoint>) -> bool {
    let started = std::panic::AssertUnwindSafe(|| drop(app().with_state::<()>(endpoint())));
    std::panic::catch_unwind(started).is_ok()
}

#[test]
fn panics_if_another_route_shadows_webhook() {
    async fn unverified(body: Bytes) -> Bytes {
        body
    }
    let webhook = || hubseal::axum::webhook("/webhook", on_delivery);
    let beside = |route| move || webhook().route("/webhook", route);
    let before = |route| move || Router::new().route("/webhook", route).merge(webhook());

    assert!(starts(webhook));
    assert!(starts(|| webhook().route("/other", post(unverified))));
    for route in [get, post, put, patch, delete, head, options, trace, connect] {
        assert!(!starts(beside(route(unverified))));
        assert!(!starts(before(route(unverified))));
    }
    assert!(!starts(beside(any(unverified))));
    assert!(!starts(before(any(unverified))));
    assert!(!starts(|| webhook().merge(webhook())));
    assert!(!starts(
        || webhook().route_service("/webhook", any(unverified))
    ));
    let nested = Router::new().route("/", post(unverified));
    assert!(!starts(|| {
        let hooks = hubseal::axum::webhook("/", on_delivery);
        Router::new().nest("/webhook", hooks.merge(nested))
    }));
}

#[tokio::test]
async fn webhook_rejects_every_other_method_with_405() {
    let app = hubseal::axum::webhook("/webhook", on_delivery).with_state(endpoint());
    for method in ["PURGE", "TRACE", "OPTIONS", "CONNECT", "HEAD", "PUT"] {
        let sent = Sent::signed("/webhook", &secret(), "{}").method(method);
        assert_eq!(call(app.clone(), sent).await.status(), 405, "{method}");
    }
}

/// Builds an endpoint for each request, so that each request gets its own memory budget.
#[derive(Clone, Default)]
struct BuildsPerRequest(Record);

impl FromRef<BuildsPerRequest> for Endpoint {
    fn from_ref(state: &BuildsPerRequest) -> Self {
        let builder = crate::common::endpoint().add_observer(state.0.observe());
        builder.build().unwrap()
    }
}

#[tokio::test]
async fn panics_if_state_builds_endpoint_per_request() {
    let state = BuildsPerRequest::default();
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .route("/plain", post(on_delivery))
        .with_state(state.clone());
    for path in ["/webhook", "/plain"] {
        let sent = Sent::signed(path, &secret(), "{}");
        let panicked = tokio::spawn(call(app.clone(), sent)).await.unwrap_err();
        let message = *panicked.into_panic().downcast::<&str>().unwrap();
        assert!(message.contains("build the endpoint once"), "{message}");
        let not_configured = End::Rejected(RejectionKind::NotConfigured);
        assert_eq!(state.0.take(), [(not_configured, 0)]);
    }
}

#[tokio::test]
async fn body_error_is_source_of_rejection() {
    let app = hubseal::axum::webhook("/webhook", on_delivery)
        .layer(RequestBodyLimitLayer::new(10))
        .with_state(endpoint());
    let sent = Sent::signed("/webhook", &secret(), vec![b'a'; 100]).chunked(100);
    let response = call(app, sent).await;
    assert_eq!(response.status(), 400);
    let rejection = response.extensions().get::<Rejection>().unwrap();
    let cause = rejection.source().expect("a cause").to_string();
    assert!(cause.contains("length limit exceeded"), "{cause}");
}

#[tokio::test]
async fn parses_json_only_from_verified_bytes() {
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_json))
        .with_state(endpoint());

    let genuine = Sent::signed("/webhook", &secret(), sample::text_message());
    let response = call(app.clone(), genuine.clone()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(text(response).await, r#""whatsapp_business_account""#);

    let forged = call(app.clone(), genuine.body("{not json")).await;
    assert_eq!(forged.status(), 401, "rejected before it is parsed");

    let mismatch = call(app, Sent::signed("/webhook", &secret(), "{\n not json")).await;
    assert_eq!(mismatch.status(), 422);
    let rejection = mismatch.extensions().get::<Rejection>().unwrap();
    assert_eq!(rejection.kind(), RejectionKind::JsonMismatch);
    assert!(
        rejection.to_string().ends_with("at line 2 column 2"),
        "{rejection}"
    );
    assert_eq!(text(mismatch).await, "");
}

#[tokio::test]
async fn extracts_verified_json_of_axum() {
    async fn on_update(update: Verified<::axum::Json<serde_json::Value>>) -> String {
        format!("{} {}", update.key(), update.0["object"])
    }
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_update))
        .route("/plain", post(on_update))
        .with_state(endpoint());
    for path in ["/webhook", "/plain"] {
        let genuine = Sent::signed(path, &secret(), sample::text_message());
        let response = call(app.clone(), genuine.clone()).await;
        assert_eq!(response.status(), 200);
        let expected = "current \"whatsapp_business_account\"";
        assert_eq!(text(response).await, expected);

        let forged = call(app.clone(), genuine.body("{not json")).await;
        assert_eq!(forged.status(), 401, "rejected before it is parsed");

        let mismatch = call(app.clone(), Sent::signed(path, &secret(), "{not json")).await;
        assert_eq!(mismatch.status(), 422);
        let rejection = mismatch.extensions().get::<Rejection>().unwrap();
        assert_eq!(rejection.kind(), RejectionKind::JsonMismatch);
        assert_eq!(text(mismatch).await, "");
    }
}

#[tokio::test]
async fn plain_handler_behind_webhook_gets_verified_bytes_only() {
    async fn unaware(method: Method, uri: Uri, State(_): State<Endpoint>, body: String) -> String {
        format!("{method} {uri} {body}")
    }
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", unaware))
        .with_state(endpoint());

    let genuine = Sent::signed("/webhook", &secret(), "{}");
    assert_eq!(
        text(call(app.clone(), genuine.clone()).await).await,
        "POST /webhook {}"
    );
    assert_eq!(
        call(app.clone(), genuine.body("{\"forged\":1}"))
            .await
            .status(),
        401
    );
    assert_eq!(
        call(app.clone(), Sent::post("/webhook", "{}"))
            .await
            .status(),
        401
    );
    assert_eq!(call(app.clone(), Sent::get("/webhook")).await.status(), 403);

    let large = Sent::signed("/webhook", &secret(), sample::of_size(3 << 20));
    let status = call(app, large).await.status();
    assert_eq!(status, 200, "axum's own body limit does not apply");
}

#[tokio::test]
async fn verified_extractor_works_beside_others() {
    async fn beside(
        State(endpoint): State<Endpoint>,
        headers: ::axum::http::HeaderMap,
        body: Verified<Bytes>,
    ) -> String {
        format!(
            "{} {} {}",
            endpoint.read_deadline().as_secs(),
            headers.len(),
            body.key()
        )
    }
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", beside))
        .with_state(endpoint());
    let response = call(app, Sent::signed("/webhook", &secret(), "{}")).await;
    let seconds = READ_DEADLINE.as_secs();
    assert_eq!(text(response).await, format!("{seconds} 2 current"));
}

#[derive(Clone)]
struct Apps {
    shop: Endpoint,
    support: Support,
}

#[derive(Clone)]
struct Support(Endpoint);

impl FromRef<Apps> for Endpoint {
    fn from_ref(apps: &Apps) -> Self {
        apps.shop.clone()
    }
}

impl FromRef<Support> for Endpoint {
    fn from_ref(support: &Support) -> Self {
        support.0.clone()
    }
}

#[tokio::test]
async fn extractor_behind_webhook_does_not_verify_again() {
    let endpoint = endpoint();
    let app = Router::new()
        .merge(hubseal::axum::webhook("/", on_delivery))
        .with_state(endpoint.clone());
    let response = call(app, Sent::signed("/", &secret(), "{}")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(endpoint.verifier().keys().match_count("current"), Some(1));
}

#[tokio::test]
async fn webhook_behind_layer_of_its_endpoint_does_not_verify_again() {
    let (endpoint, record) = observed(crate::common::endpoint());
    let app = Router::new()
        .merge(hubseal::axum::webhook("/", on_delivery))
        .with_state(endpoint.clone())
        .layer(hubseal::axum::layer(endpoint.clone()));
    for (sent, status) in [
        (Sent::signed("/", &secret(), "{}"), 200),
        (Sent::signed("/", &secret(), "{}").body("[]"), 401),
        (Sent::get(&format!("/?{}", handshake())), 200),
    ] {
        assert_eq!(call(app.clone(), sent).await.status(), status);
        assert_eq!(record.take().len(), 1);
    }
    assert_eq!(endpoint.verifier().keys().match_count("current"), Some(1));
}

#[tokio::test]
async fn webhook_behind_layer_of_another_endpoint_verifies_again() {
    let (endpoint, record) = observed(endpoint_with_other_key());
    let app = Router::new()
        .merge(hubseal::axum::webhook("/", on_delivery))
        .with_state(endpoint)
        .layer(hubseal::axum::layer(super::endpoint()));
    let response = call(app, Sent::signed("/", &secret(), "{}")).await;
    assert_eq!(response.status(), 401);
    let mismatch = End::Rejected(RejectionKind::SignatureMismatch);
    assert_eq!(record.take(), [(mismatch, 2)]);
}

fn endpoint_with_other_key() -> EndpointBuilder {
    Endpoint::builder(AppSecret::new(PREVIOUS_SECRET).unwrap())
}

#[tokio::test]
async fn endpoints_in_one_app_use_their_own_keys() {
    let other = || AppSecret::new(PREVIOUS_SECRET).unwrap();
    let apps = Apps {
        shop: endpoint(),
        support: Support(Endpoint::builder(other()).build().unwrap()),
    };
    let support = Router::new()
        .merge(hubseal::axum::webhook("/support", on_delivery))
        .with_state(apps.support.clone());
    let app = Router::new()
        .merge(hubseal::axum::webhook("/shop", on_delivery))
        .with_state(apps)
        .merge(support);

    for (path, secret, status) in [
        ("/shop", secret(), 200),
        ("/support", other(), 200),
        ("/shop", other(), 401),
        ("/support", secret(), 401),
    ] {
        let response = call(app.clone(), Sent::signed(path, &secret, "{}")).await;
        assert_eq!(response.status(), status, "{path}");
    }
    let query = handshake();
    assert_eq!(
        call(app.clone(), Sent::get(&format!("/shop?{query}")))
            .await
            .status(),
        200
    );
    assert_eq!(
        call(app, Sent::get(&format!("/support?{query}")))
            .await
            .status(),
        403
    );
}

#[tokio::test]
async fn verified_body_is_not_valid_for_another_endpoint() {
    /// Is verified by the shop's endpoint and extracts with the support's endpoint.
    async fn other_endpoint(request: Request) -> Response {
        let support = Endpoint::builder(AppSecret::new(PREVIOUS_SECRET).unwrap())
            .build()
            .unwrap();
        let app = Router::new()
            .route("/webhook", post(on_delivery))
            .with_state(support);
        app.oneshot(request)
            .await
            .unwrap_or_else(|never: Infallible| match never {})
    }
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", other_endpoint))
        .with_state(endpoint());
    let response = call(app, Sent::signed("/webhook", &secret(), "{}")).await;
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn ignores_verified_value_inserted_by_middleware() {
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .with_state(endpoint());
    let mut request =
        ::axum::http::Request::<Bytes>::try_from(Sent::post("/webhook", "{}")).unwrap();
    let verified = endpoint().verifier().verify(
        endpoint().verifier().sign("{}").to_string(),
        Bytes::from("{}"),
    );
    request.extensions_mut().insert(verified.unwrap());
    let response = app.oneshot(request.map(Body::from)).await.unwrap();
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn rejections_have_empty_bodies_and_documented_headers() {
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .with_state(endpoint());
    for (method, allow) in [("DELETE", Some("GET, POST")), ("POST", None)] {
        let response = call(app.clone(), Sent::post("/webhook", "").method(method)).await;
        let headers = response.headers();
        assert_eq!(
            headers
                .get(header::ALLOW)
                .map(|value| value.to_str().unwrap()),
            allow
        );
        assert_eq!(headers.get(header::CONTENT_TYPE), None);
        assert!(response.extensions().get::<Rejection>().is_some());
        assert_eq!(text(response).await, "");
    }
}

#[tokio::test]
async fn handler_response_is_passed_through() {
    async fn later(_update: Verified<Json<serde_json::Value>>) -> impl IntoResponse {
        (StatusCode::SERVICE_UNAVAILABLE, "later")
    }
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", later))
        .with_state(endpoint());
    let response = call(app, Sent::signed("/webhook", &secret(), "{}")).await;
    assert_eq!(response.status(), 503);
    assert_eq!(text(response).await, "later");
}

#[tokio::test]
async fn handler_can_return_challenge_or_rejection() {
    async fn challenge(uri: Uri) -> Result<Challenge, Rejection> {
        endpoint().handshake(uri.query().unwrap_or_default())
    }
    let app = Router::new().route("/webhook", get(challenge));
    let genuine = format!("/webhook?{}", handshake());
    let response = call(app.clone(), Sent::get(&genuine)).await;
    assert_eq!(response.status(), 200);
    let headers = response.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(text(response).await, "1158201444");

    let response = call(app, Sent::get("/webhook")).await;
    assert_eq!(response.status(), 403);
    assert_eq!(text(response).await, "");
}

#[tokio::test]
async fn layer_provides_verified_body_to_extractors() {
    async fn by_extension(Extension(verified): Extension<VerifiedBody>, body: String) -> String {
        format!("{} {body}", verified.verified().key())
    }
    async fn by_extractor(body: Verified<Bytes>) -> String {
        body.key().to_string()
    }
    let endpoint = endpoint();
    let app = Router::new()
        .route("/extension", post(by_extension))
        .route("/extractor", post(by_extractor))
        .layer(hubseal::axum::layer(endpoint.clone()))
        .with_state(endpoint);
    let extension = call(app.clone(), Sent::signed("/extension", &secret(), "{}")).await;
    assert_eq!(text(extension).await, "current {}");
    let extractor = call(app.clone(), Sent::signed("/extractor", &secret(), "{}")).await;
    assert_eq!(text(extractor).await, "current");
    assert_eq!(
        call(app, Sent::post("/extension", "{}")).await.status(),
        401
    );
}

#[tokio::test]
async fn layer_on_one_route_leaves_others_open() {
    let guarded = post(async |body: String| body).layer(hubseal::axum::layer(endpoint()));
    let app = Router::new()
        .route("/webhook", guarded)
        .route("/open", post(async |body: String| body));
    assert_eq!(
        call(app.clone(), Sent::post("/open", "{}")).await.status(),
        200
    );
    assert_eq!(
        call(app.clone(), Sent::post("/webhook", "{}"))
            .await
            .status(),
        401
    );
    assert_eq!(
        call(app, Sent::signed("/webhook", &secret(), "{}"))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn response_compression_layer_does_not_affect_verification() {
    async fn verbose(_body: Verified<Bytes>) -> String {
        "a".repeat(1_000)
    }
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", verbose))
        .layer(CompressionLayer::new())
        .with_state(endpoint());
    let genuine = Sent::signed("/webhook", &secret(), "{}").header("accept-encoding", "gzip");
    let answer = call(app.clone(), genuine.clone()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip");
    let forged = call(app.clone(), genuine.clone().body("[]")).await;
    assert_eq!(forged.status(), 401);
    assert_eq!(text(forged).await, "");
    let coded = call(app, genuine.header("content-encoding", "gzip")).await;
    assert_eq!(coded.status(), 415);
}

#[tokio::test]
async fn request_decompression_layer_cannot_bypass_signature() {
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .layer(RequestDecompressionLayer::new())
        .with_state(endpoint());
    let genuine = Sent::signed("/webhook", &secret(), "{}");
    assert_eq!(call(app.clone(), genuine.clone()).await.status(), 200);
    // The layer removes the header, and the decompressed body is not the signed one.
    let gzip_of_nothing = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
    let coded = genuine
        .body(gzip_of_nothing.as_slice())
        .header("content-encoding", "gzip");
    let status = call(app, coded).await.status();
    assert!(status.is_client_error(), "{status}");
}
