//! The key name or the rejection in the extensions of a response.

use std::convert::Infallible;

use ::axum::{Router, body::Body, routing::any};
use ::hyper::service::Service as _;
use actix_web::{
    App, HttpResponse,
    test::{TestRequest, call_service, init_service},
};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hubseal::{
    AppSecret, Endpoint, KeyName, KeyRing, Rejection, RejectionKind, Verified, replay::ReplayGuard,
    testing::Request as Sent, tower::VerifyLayer,
};
use tower::{Layer, ServiceExt, service_fn};

use super::{handshake, on_delivery};
use crate::common::{PREVIOUS_SECRET, secret, token};

/// An endpoint with two keys, so that the name of the right one is not the default. Its guard drops every
/// second copy of a delivery.
fn endpoint() -> Endpoint {
    let previous = AppSecret::new(PREVIOUS_SECRET).unwrap();
    let ring = KeyRing::new([("shop", secret()), ("support", previous)]).unwrap();
    Endpoint::builder(ring)
        .verify_token(token())
        .replay_guard(ReplayGuard::in_memory())
        .build()
        .unwrap()
}

/// The status, the key name and the kind of the rejection of one response.
type Outcome = (u16, Option<String>, Option<RejectionKind>);

fn outcome<B>(response: &Response<B>) -> Outcome {
    let key = response.extensions().get::<KeyName>();
    let rejection = response.extensions().get::<Rejection>();
    (
        response.status().as_u16(),
        key.map(KeyName::to_string),
        rejection.map(Rejection::kind),
    )
}

/// Requests of every kind, with the expected outcome of each.
fn requests() -> [(Sent, Outcome); 6] {
    let previous = AppSecret::new(PREVIOUS_SECRET).unwrap();
    let verified = |key: &str| (200, Some(key.to_owned()), None);
    let rejected = |kind: RejectionKind| (kind.status(), None, Some(kind));
    [
        (Sent::signed("/", &secret(), "{}"), verified("shop")),
        (Sent::signed("/", &previous, "{}"), verified("support")),
        // A duplicate.
        (Sent::signed("/", &previous, "{}"), verified("support")),
        (
            Sent::signed("/", &secret(), "{}").body("[]"),
            rejected(RejectionKind::SignatureMismatch),
        ),
        (
            Sent::post("/", "{}"),
            rejected(RejectionKind::SignatureMissing),
        ),
        (Sent::get(&format!("/?{}", handshake())), (200, None, None)),
    ]
}

fn request(sent: Sent) -> Request<Full<Bytes>> {
    Request::<Bytes>::try_from(sent).unwrap().map(Full::new)
}

#[tokio::test]
async fn axum_webhook_has_key_name_or_rejection() {
    let app: Router = hubseal::axum::webhook("/", on_delivery).with_state(endpoint());
    for (sent, expected) in requests() {
        let response = app.clone().oneshot(request(sent).map(Body::new)).await;
        assert_eq!(outcome(&response.unwrap()), expected);
    }
}

#[tokio::test]
async fn axum_layer_has_key_name_or_rejection() {
    let app: Router = Router::new()
        .route("/", any(async || StatusCode::OK))
        .layer(hubseal::axum::layer(endpoint()));
    for (sent, expected) in requests() {
        let response = app.clone().oneshot(request(sent).map(Body::new)).await;
        assert_eq!(outcome(&response.unwrap()), expected);
    }
}

#[tokio::test]
async fn tower_layer_has_key_name_or_rejection() {
    let inner = service_fn(async |_: Request<Full<Bytes>>| {
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    });
    let service = VerifyLayer::new(endpoint()).layer(inner);
    for (sent, expected) in requests() {
        let response = service.clone().oneshot(request(sent)).await;
        assert_eq!(outcome(&response.unwrap()), expected);
    }
}

#[tokio::test]
async fn hyper_service_has_key_name_or_rejection() {
    async fn handler(_: Request<Verified<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
        Ok(Response::default())
    }
    let service = hubseal::hyper::Verify::new(endpoint(), handler);
    for (sent, expected) in requests() {
        let response = service.call(request(sent)).await;
        assert_eq!(outcome(&response.unwrap()), expected);
    }
}

#[tokio::test]
async fn actix_webhook_has_key_name_or_rejection() {
    async fn handler(_: Verified<Bytes>) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    let app = App::new().service(hubseal::actix::webhook("/", endpoint(), handler));
    let app = init_service(app).await;
    for (sent, expected) in requests() {
        let request = Request::<Bytes>::try_from(sent).unwrap();
        let method = actix_web::http::Method::from_bytes(request.method().as_str().as_bytes());
        let mut test_request = TestRequest::with_uri(&request.uri().to_string())
            .method(method.unwrap())
            .set_payload(request.body().clone());
        for (name, value) in request.headers() {
            test_request = test_request.insert_header((name.as_str(), value.as_bytes()));
        }
        let response = call_service(&app, test_request.to_request()).await;
        let extensions = response.response().extensions();
        let actual = (
            response.status().as_u16(),
            extensions.get::<KeyName>().map(KeyName::to_string),
            extensions.get::<Rejection>().map(Rejection::kind),
        );
        assert_eq!(actual, expected);
    }
}

#[tokio::test]
async fn response_of_failing_handler_has_key_name() {
    let inner = service_fn(async |_: Request<Full<Bytes>>| {
        let mut response = Response::new(Full::<Bytes>::default());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        Ok::<_, Infallible>(response)
    });
    let service = VerifyLayer::new(endpoint()).layer(inner);
    let sent = Sent::signed("/", &secret(), "{}");
    let response = service.oneshot(request(sent)).await.unwrap();
    assert_eq!(outcome(&response), (500, Some("shop".to_owned()), None));
}
