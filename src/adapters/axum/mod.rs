//! A route for the webhook, a layer, and extractors of the verified body.
//!
//! ```sh
//! cargo add hubseal --features axum
//! cargo add axum
//! cargo add serde --features derive
//! cargo add tokio --features net,rt-multi-thread,macros
//! ```
//!
//! ```
//! use axum::{Router, body::Bytes, http::StatusCode};
//! use hubseal::{AppSecret, Endpoint, Rejection, Verified, VerifyToken};
//!
//! #[derive(serde::Deserialize)]
//! struct Update {
//!     object: String,
//! }
//!
//! // Runs for verified deliveries only.
//! async fn on_delivery(body: Verified<Bytes>) -> StatusCode {
//!     match body.json::<Update>() {
//!         Ok(update) => println!("{} signed with {}", update.object, update.key()),
//!         Err(rejection) => put_aside(&body, &rejection),
//!     }
//!     // Meta repeats a delivery for days after any other status.
//!     StatusCode::OK
//! }
//!
//! fn put_aside(body: &[u8], rejection: &Rejection) {
//!     // Store the bytes here, to parse them with a later version.
//!     eprintln!("{} bytes put aside: {rejection}", body.len());
//! }
//!
//! fn app() -> Result<Router, Box<dyn std::error::Error>> {
//!     let endpoint = Endpoint::builder(AppSecret::meta_from_env("APP_SECRET")?)
//!         .verify_token(VerifyToken::from_env("VERIFY_TOKEN")?)
//!         .build()?;
//!     Ok(Router::new()
//!         .merge(hubseal::axum::webhook("/webhook", on_delivery))
//!         .with_state(endpoint))
//! }
//! # assert!(app().is_err(), "the environment has no secret");
//! ```
//!
//! The [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/axum.md) has a complete server, and
//! an example with your own state type.
//!
//! # Which form to use
//!
//! | you have | use |
//! |---|---|
//! | one URL with one handler | [`webhook`] |
//! | existing handlers, a whole router, or a single method | [`layer`] |
//! | an existing `post` route that receives deliveries only | [`Verified<Bytes>`] as an extractor |
//!
//! # Rules
//! 1. [`webhook`] answers the handshake and every rejected request itself. The handler runs for
//!    verified deliveries only.
//! 2. Behind [`webhook`] and [`layer`], every extractor that reads the body gets the verified bytes.
//! 3. Answer 200 once the delivery is stored. Meta repeats a delivery for days after any other status.
//! 4. The extractor [`Verified<Json<T>>`](Json) answers a body that does not parse with 422. Prefer
//!    `Verified<Bytes>` and [`json`](Verified::json), as above.
//! 5. The endpoint comes from the router's state. If your state has another type, implement [`FromRef`] for
//!    [`Endpoint`] and return a clone. Do not build the endpoint there.
//! 6. For several endpoints, merge several routers. Give each router its own state.
//! 7. Behind [`webhook`], the endpoint's payload limit (4 MiB by default) replaces axum's default limit
//!    of 2 MiB. A `tower_http::limit::RequestBodyLimitLayer` still applies. Do not use it on this route:
//!    with a limit under 3 MB it rejects genuine deliveries.
//! 8. Do not apply a layer that decompresses request bodies. The signature covers the bytes as sent.
//! 9. The response to a rejected request has the [`Rejection`] in its extensions. The response of the
//!    handler has the [`KeyName`](crate::KeyName). A middleware can log or count both.
//! 10. With a [replay guard](crate::replay), [`webhook`] and [`layer`] drop duplicates. An extractor alone
//!     does not: claim the [fingerprint](Verified::fingerprint) yourself.
//! 11. A [gate](crate::EndpointBuilder#method.allow_list) and [`Outcome::source`](crate::Outcome::source) need the
//!     address of the peer: serve `into_make_service_with_connect_info::<SocketAddr>()`.
//! 12. The read deadline needs a Tokio runtime with its timer enabled. Without the timer, every request
//!     panics.
//! 13. The read deadline starts when the request head is complete. `axum::serve` has no deadline for
//!     heads and idle connections, and allows 200 concurrent requests per HTTP/2 connection. Use a
//!     proxy with such limits, or serve the router with hyper: see `hubseal::hyper`.
//!
//! # Mistakes that compile
//!
//! | mistake | effect | instead |
//! |---|---|---|
//! | `Json`, `Bytes` or `String` of axum on a plain `post` route | nothing is verified | [`webhook`], or extract [`Verified<Bytes>`] |
//! | `Result<Verified<Bytes>, _>` on a plain `post` route | the handler also runs for forged requests | extract [`Verified<Bytes>`] |
//! | `.route(…)`, `.fallback(…)` or `.put(…)` after `.layer(layer(endpoint))` | the later routes are not verified | add the layer last |
//! | `webhook("/{app}", …)` beside a handler on `/shop` | `/shop` is not verified | call [`webhook`] for each path |
//! | `post(handler)` that extracts [`Verified<Bytes>`] | the handshake is answered with 405, and a replay guard is not used | [`webhook`] |
//!
//! The complete list is in
//! [common mistakes](https://docs.rs/crate/hubseal/latest/source/docs/guide/common-mistakes.md).

mod extract;
mod handler;
mod response;
mod state;

pub use handler::WebhookHandler;
pub use state::HoldsEndpoint;

#[cfg(doc)]
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::{
    Router,
    body::Body,
    routing::{MethodFilter, on},
};
#[cfg(doc)]
use bytes::Bytes;

use super::tower::VerifyLayer;
use crate::endpoint::Endpoint;
#[cfg(doc)]
use crate::{
    endpoint::VerifiedBody,
    rejection::Rejection,
    signature::{Json, Verified},
};
use handler::Webhook;

/// Returns a router with one route, which verifies deliveries (`POST`) and answers the handshake
/// (`GET`). Merge it into your router.
///
/// The handler is any axum handler. It runs for verified deliveries only, and with a
/// [replay guard](crate::replay) once for each. [`Verified<Bytes>`] and
/// [`Verified<Json<T>>`](Json) extract the verified body. Other extractors, such as
/// [`axum::body::Bytes`], read the same bytes.
///
/// The route answers every method that axum can route. A second handler for one of them on the same
/// path panics at start-up, so it cannot replace the verified one. A more specific path still takes
/// precedence over a pattern such as `/{app}`.
///
/// # Panics
/// Panics if `path` is empty or does not start with `/`, like [`Router::route`].
///
/// Every request panics if:
/// - the Tokio runtime has no timer;
/// - `FromRef` of the router's state builds an endpoint, because each request would then have its own
///   memory budget. Clone the endpoint there.
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
/// `get` and `post` do not accept the router, because each would serve only one of the two methods:
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
    // A fallback alone would let another handler replace this one without a panic.
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

/// Returns a layer that verifies requests in front of existing handlers, a whole router or a single
/// method. Use it where [`webhook`] does not fit.
///
/// The layer answers the handshake, every rejected request and, with a [replay guard](crate::replay), every
/// duplicate. Handlers get the [`VerifiedBody`] from
/// the request's extensions.
///
/// axum's default body limit of 2 MiB applies to the handlers. A handler that reads larger deliveries
/// needs [`DefaultBodyLimit::disable`].
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
