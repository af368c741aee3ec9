//! One route for deliveries and handshake, a layer, and extractors of what was verified.
//!
//! ```sh
//! cargo add hubseal --features axum
//! cargo add axum
//! cargo add tokio --features net,rt-multi-thread,macros
//! ```
//!
//! ```
//! use axum::{Router, http::StatusCode};
//! use hubseal::{AppSecret, Endpoint, Json, Verified, VerifyToken};
//!
//! #[derive(serde::Deserialize)]
//! struct Update {
//!     object: String,
//! }
//!
//! async fn on_update(update: Verified<Json<Update>>) -> StatusCode {
//!     println!("{} signed with {}", update.object, update.key());
//!     StatusCode::OK
//! }
//!
//! let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
//!     .verify_token(VerifyToken::new("correct-horse")?)
//!     .build()?;
//! let _app: Router = Router::new()
//!     .merge(hubseal::axum::webhook("/webhook", on_update))
//!     .with_state(endpoint);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which form to use
//!
//! | you have | use |
//! |---|---|
//! | one URL with one handler | [`webhook`] |
//! | existing handlers, a whole router, or a single method | [`layer`] |
//! | an existing `post` route, for deliveries alone | [`Verified<Bytes>`] as an extractor |
//!
//! # Rules
//! 1. [`webhook`] answers the handshake and every rejected request itself. The handler runs for
//!    verified deliveries only, and all extractors that read the body get verified bytes.
//! 2. The endpoint comes from the router's state, through [`FromRef`]. `FromRef` must clone an endpoint
//!    and not build it. With several endpoints, merge one router for each, and give each its own
//!    state.
//! 3. Behind [`webhook`], the endpoint's payload limit replaces axum's default limit of 2 MiB. Keep a
//!    `tower_http::limit::RequestBodyLimitLayer` off the route: it cuts genuine deliveries short.
//! 4. Do not put a decompressing layer around the route. Only the bytes as sent are signed.
//! 5. The response to a rejected request has the [`Rejection`] in its extensions, for a middleware to
//!    log or count.
//! 6. The read deadline needs a Tokio runtime with its timer enabled. Without one, every request
//!    panics, starting with the first.
//! 7. The read deadline starts when the head is complete. `axum::serve` has no deadline for the head
//!    and none for idle connections, over HTTP/1.1 or HTTP/2. It allows 200 requests at a time on each
//!    HTTP/2 connection. Put a proxy in front that has such limits, or serve the router with hyper's
//!    builders: see the rules of `hubseal::hyper`.
//! 8. Answer 200 as soon as the delivery is safe. Meta takes every other status for a failure and sends
//!    the delivery again, for days. `Verified<Json<T>>` answers a body of another shape with 422: take
//!    `Verified<Bytes>` and call `json` to put such bodies aside.
//!
//! # Mistakes that compile
//!
//! | mistake | effect | instead |
//! |---|---|---|
//! | `.layer(layer(endpoint))` before `.route(…)` | routes added later are not verified | add the layer last |
//! | `post(x).layer(layer(endpoint)).put(y)` | `put` is not verified | add the layer last |
//! | `.fallback(…)` after the layer | the fallback is not verified | add the layer last |
//! | `post(handler)` with an extractor | the handshake is answered with 405 | [`webhook`] |
//! | `Result<Verified<Bytes>, _>` as an extractor on a plain route | the handler also runs for forged requests | `Verified<Bytes>` |
//! | `axum::Json` on a plain `post` route | nothing is verified | [`webhook`], or `Verified<Json<T>>` |

use alloc::boxed::Box;
use core::{
    future::Future,
    pin::{Pin, pin},
};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRef, FromRequest, Request},
    handler::Handler,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{
    http::{self, EarlyResponse},
    read,
    tower::VerifyLayer,
};
use crate::{
    endpoint::{Challenge, Endpoint, VerifiedBody},
    rejection::Rejection,
    signature::{Json, Verified},
};

/// A router state from which [`FromRef`] extracts an [`Endpoint`]. It exists for its compiler message.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` holds no `hubseal::Endpoint`",
    label = "no endpoint in this state",
    note = "give the router an endpoint with `.with_state(endpoint)`, or implement `axum::extract::FromRef<{Self}>` for `hubseal::Endpoint`"
)]
pub trait HoldsEndpoint {
    /// The endpoint.
    fn endpoint(&self) -> Endpoint;
}

#[diagnostic::do_not_recommend]
impl<S> HoldsEndpoint for S
where
    Endpoint: FromRef<S>,
{
    fn endpoint(&self) -> Endpoint {
        Endpoint::from_ref(self)
    }
}

/// A handler that [`webhook`] accepts: any axum handler. It exists for its compiler message.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler for a webhook with the state `{S}`",
    label = "not a handler",
    note = "a handler is an `async fn` whose last argument may read the body, such as `Verified<Bytes>` or `Verified<Json<T>>` where `T: DeserializeOwned`",
    note = "every other argument must implement `axum::extract::FromRequestParts`, so only one argument may read the body",
    note = "the response must implement `axum::response::IntoResponse`",
    note = "`#[axum::debug_handler]` on the function names the argument that does not fit"
)]
pub trait WebhookHandler<T, S>: Handler<T, S> {}

#[diagnostic::do_not_recommend]
impl<H: Handler<T, S>, T, S> WebhookHandler<T, S> for H {}

/// Returns a router with one route, which accepts deliveries (`POST`) and answers the handshake
/// (`GET`). Merge it into yours.
///
/// The handler is any axum handler. It runs once a delivery is verified: [`Verified<Bytes>`] and
/// [`Verified<Json<T>>`](Json) extract the verified body, and other extractors, such as
/// [`axum::body::Bytes`], read the same bytes.
///
/// The route answers every method that axum has a function for. A second handler for one of them on
/// the same path panics at start-up, so none can take the place of the verified one. A more specific
/// path still takes precedence over a pattern such as `/{app}`.
///
/// # Panics
/// If `path` is empty or does not start with `/`, as [`Router::route`] does. On the first request, if the
/// Tokio runtime has no timer, or if the endpoint in the router's state is not always the same one:
/// `FromRef` must clone an endpoint and not build it, or each request would have its own memory
/// budget.
///
/// # Examples
/// ```
/// use axum::{Router, routing::get};
/// use hubseal::{Endpoint, Verified};
///
/// async fn on_delivery(body: Verified<axum::body::Bytes>) {
///     println!("{} bytes signed with {}", body.len(), body.key());
/// }
///
/// let app: Router<Endpoint> = Router::new()
///     .route("/health", get(async || "ok"))
///     .merge(hubseal::axum::webhook("/webhook", on_delivery));
/// # drop(app);
/// ```
/// It is a router and no handler, so it cannot end up behind `get` or `post`, where one of the two
/// methods would not reach it:
/// ```compile_fail,E0277
/// # async fn on_delivery(_body: hubseal::Verified<axum::body::Bytes>) {}
/// let _: axum::Router<hubseal::Endpoint> = axum::Router::new()
///     .route("/webhook", axum::routing::get(hubseal::axum::webhook("/", on_delivery)));
/// ```
pub fn webhook<H, T, S>(path: &str, handler: H) -> Router<S>
where
    H: WebhookHandler<T, S>,
    T: Send + 'static,
    S: HoldsEndpoint + Clone + Send + Sync + 'static,
{
    // As a fallback alone, another handler would replace it without a word.
    const EVERY_METHOD: MethodFilter = MethodFilter::GET
        .or(MethodFilter::POST)
        .or(MethodFilter::HEAD)
        .or(MethodFilter::PUT)
        .or(MethodFilter::DELETE)
        .or(MethodFilter::CONNECT)
        .or(MethodFilter::OPTIONS)
        .or(MethodFilter::TRACE)
        .or(MethodFilter::PATCH);

    let webhook = Webhook(handler);
    let route = on(EVERY_METHOD, webhook.clone()).fallback(webhook);
    Router::new().route(path, route)
}

/// Returns a layer that verifies requests in front of routes, where [`webhook`] does not fit: around
/// existing handlers, a whole router, or a single method.
///
/// It answers the handshake and every rejected request. Verified bodies travel on with a
/// [`VerifiedBody`](crate::VerifiedBody) in the request's extensions. axum's default body limit
/// applies to the routes: a handler that collects the body needs
/// [`axum::extract::DefaultBodyLimit::disable`] for the largest deliveries.
///
/// # Examples
/// ```
/// use axum::{Extension, Router, routing::any};
/// use hubseal::{AppSecret, Endpoint, VerifiedBody};
///
/// async fn on_delivery(Extension(body): Extension<VerifiedBody>) -> String {
///     body.verified().key().to_string()
/// }
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let _app: Router = Router::new()
///     .route("/webhook", any(on_delivery))
///     .layer(hubseal::axum::layer(endpoint));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn layer(endpoint: Endpoint) -> VerifyLayer<Body> {
    VerifyLayer::with_body_type(endpoint)
}

/// Returns the endpoint of a state, and panics on its first request if it is not always the same.
fn endpoint_of<S: HoldsEndpoint>(state: &S) -> Endpoint {
    let endpoint = state.endpoint();
    endpoint.check_once(|| {
        assert!(
            endpoint.is(&state.endpoint()),
            "hubseal: the router's state returns another endpoint for each request, and with it \
             another memory budget: build the endpoint once, and clone it in FromRef"
        );
        read::assert_timer();
    });
    endpoint
}

/// A handler behind the endpoint.
#[derive(Clone)]
struct Webhook<H>(H);

/// Tells axum's handlers of this kind from its own.
struct BehindEndpoint;

impl<H, T, S> Handler<(BehindEndpoint, T), S> for Webhook<H>
where
    H: Handler<T, S>,
    T: Send + 'static,
    S: HoldsEndpoint + Clone + Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let endpoint = endpoint_of(&state);
        let (parts, body) = request.into_parts();
        Box::pin(async move {
            let (key, handled) = match http::admit(&endpoint, &parts, pin!(body)).await {
                Ok(verified) => {
                    let key = verified.key();
                    let mut request = http::hand_on(endpoint, parts, verified);
                    // A verified body is within the endpoint's limit already.
                    DefaultBodyLimit::disable().apply(&mut request);
                    (key, self.0.call(request, state))
                }
                Err(early) => return early.into_response(),
            };
            http::handled(handled.await, key)
        })
    }
}

/// The verified body.
///
/// Behind [`webhook`] the body is verified already. On a plain `post` route, this extractor verifies
/// it. Such a route answers no handshake.
///
/// # Examples
/// ```
/// use axum::{Router, body::Bytes, routing::post};
/// use hubseal::{Endpoint, Verified};
///
/// let app: Router<Endpoint> = Router::new()
///     .route("/webhook", post(async |body: Verified<Bytes>| body.key().to_string()));
/// # drop(app);
/// ```
impl<S> FromRequest<S> for Verified<Bytes>
where
    S: HoldsEndpoint + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Rejection> {
        let endpoint = endpoint_of(state);
        let verified = request.extensions_mut().remove::<VerifiedBody>();
        // A body that another endpoint verified is not verified here: its keys are not these.
        match verified.and_then(|body| body.verified_by(&endpoint)) {
            Some(verified) => Ok(verified),
            // Boxed, so that handlers behind a route or a layer do not pay for its size.
            None => Box::pin(http::receive(&endpoint, request)).await,
        }
    }
}

/// The verified body, parsed as JSON; one that does not parse is answered with 422.
///
/// # Examples
/// ```
/// use axum::Router;
/// use hubseal::{Endpoint, Json, Verified};
///
/// async fn on_update(update: Verified<Json<serde_json::Value>>) {
///     println!("{}", update["object"]);
/// }
///
/// let app: Router<Endpoint> = hubseal::axum::webhook("/webhook", on_update);
/// # drop(app);
/// ```
impl<T, S> FromRequest<S> for Verified<Json<T>>
where
    T: DeserializeOwned,
    S: HoldsEndpoint + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        Verified::<Bytes>::from_request(request, state)
            .await?
            .json()
    }
}

/// The verified body, parsed as JSON into axum's own [`axum::Json`].
///
/// # Examples
/// ```
/// use axum::Router;
/// use hubseal::{Endpoint, Verified};
///
/// async fn on_update(update: Verified<axum::Json<serde_json::Value>>) {
///     println!("{}", update["object"]);
/// }
///
/// let app: Router<Endpoint> = hubseal::axum::webhook("/webhook", on_update);
/// # drop(app);
/// ```
impl<T, S> FromRequest<S> for Verified<axum::Json<T>>
where
    T: DeserializeOwned,
    S: HoldsEndpoint + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let verified = Verified::<Json<T>>::from_request(request, state).await?;
        Ok(verified.map_json(axum::Json))
    }
}

/// The status table's answer, with the rejection itself in the response's extensions.
///
/// # Examples
/// ```
/// use axum::response::IntoResponse;
/// use hubseal::{Rejection, Signature};
///
/// let response = Signature::parse("").err().unwrap().into_response();
/// assert_eq!(response.status(), 401);
/// assert!(response.extensions().get::<Rejection>().is_some());
/// ```
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        EarlyResponse::Rejected(self).into_response()
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        EarlyResponse::Handshake(self).into_response()
    }
}

impl IntoResponse for EarlyResponse {
    fn into_response(self) -> Response {
        self.into()
    }
}
