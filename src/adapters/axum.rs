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
//!     .route("/webhook", hubseal::axum::webhook(on_update))
//!     .with_state(endpoint);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which form to use
//!
//! | you have | use |
//! |---|---|
//! | one URL with one handler | [`webhook`] |
//! | handlers that stand elsewhere, a whole router, or a single method | [`layer`] |
//! | a route that others have made, for deliveries alone | [`Verified<Bytes>`] as an extractor |
//!
//! # Rules
//! 1. [`webhook`] answers the handshake and every refusal itself. The handler runs for verified
//!    deliveries only, and whatever extractors it has see verified bytes.
//! 2. The endpoint comes from the router's state, by
//!    [`FromRef`]; with several endpoints, give each route a state of
//!    its own.
//! 3. axum's default body limit of 2 MiB does not apply, because deliveries are larger: the
//!    endpoint's limit does, to every extractor behind [`webhook`]. A `tower_http::limit::RequestBodyLimitLayer` around the router
//!    still cuts bodies short; leave the route out of it.
//! 4. [`layer`] is the form for handlers that stand elsewhere; a route that is all hubseal's is
//!    better made with [`webhook`].
//! 5. Do not put a decompressing layer around the route: only the bytes as sent are signed.
//! 6. A response to a refused request carries the [`Rejection`] in its extensions,
//!    for a middleware to log or count.
//! 7. The read deadline needs a Tokio runtime with its timer enabled. It starts when the head is
//!    complete. `axum::serve` has no deadline for the head and none for idle connections, over HTTP/1.1
//!    or HTTP/2, and allows 200 requests at a time on each HTTP/2 connection. Put a proxy in front that
//!    has such limits, or serve the router with hyper's builders: see the rules of `hubseal::hyper`.
//!
//! What the handler answers is up to it, and the platform takes exactly 200 for success:
//! everything else is sent again, for days.

use alloc::boxed::Box;
use core::{
    future::Future,
    pin::{Pin, pin},
};

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRef, FromRequest, Request},
    handler::Handler,
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{
    http::{self, Answer, Proof},
    tower::VerifyLayer,
};
use crate::{Challenge, Endpoint, Json, Rejection, Verified};

/// A router's state that holds an [`Endpoint`]: the endpoint itself, or any state that axum's
/// [`FromRef`] gets it from.
///
/// # Examples
/// ```
/// use axum::extract::FromRef;
/// use hubseal::{Endpoint, axum::HoldsEndpoint};
///
/// #[derive(Clone)]
/// struct App {
///     endpoint: Endpoint,
/// }
///
/// impl FromRef<App> for Endpoint {
///     fn from_ref(app: &App) -> Self {
///         app.endpoint.clone()
///     }
/// }
///
/// fn assert_holds_endpoint<S: HoldsEndpoint>() {}
/// assert_holds_endpoint::<App>();
/// assert_holds_endpoint::<Endpoint>();
/// ```
/// ```compile_fail,E0277
/// fn assert_holds_endpoint<S: hubseal::axum::HoldsEndpoint>() {}
/// assert_holds_endpoint::<u8>();
/// ```
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

/// A route that takes deliveries (`POST`) and answers the handshake (`GET`).
///
/// The handler is any axum handler. It runs once a delivery is verified: [`Verified<Bytes>`] and
/// [`Verified<Json<T>>`](Json) give the proof along with the value, and other extractors, such as
/// [`axum::body::Bytes`], read the verified body.
///
/// # Examples
/// ```
/// use axum::Router;
/// use hubseal::{Endpoint, Verified};
///
/// async fn on_delivery(body: Verified<axum::body::Bytes>) {
///     println!("{} bytes signed with {}", body.len(), body.key());
/// }
///
/// let app: Router<Endpoint> = Router::new()
///     .route("/webhook", hubseal::axum::webhook(on_delivery));
/// # drop(app);
/// ```
pub fn webhook<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: Send + 'static,
    S: HoldsEndpoint + Clone + Send + Sync + 'static,
{
    any(Webhook(handler))
}

/// A layer that puts the endpoint in front of routes, for where [`webhook`] does not fit: around
/// handlers of others, around a whole router, or on a single method.
///
/// It answers the handshake and every refusal, and hands on verified bodies with their
/// [`Proof`] in the request's extensions. axum's default body limit is the routes' own: a handler
/// that collects the body itself needs [`axum::extract::DefaultBodyLimit::disable`] for the largest
/// deliveries.
///
/// # Examples
/// ```
/// use axum::{Extension, Router, routing::any};
/// use hubseal::{AppSecret, Endpoint, http::Proof};
///
/// async fn on_delivery(Extension(proof): Extension<Proof>) -> String {
///     proof.verified().key().to_string()
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
    VerifyLayer::handing_on(endpoint)
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
        let endpoint = state.endpoint();
        let (parts, body) = request.into_parts();
        Box::pin(async move {
            let handled = match http::admit(&endpoint, &parts, pin!(body)).await {
                Ok(verified) => {
                    let mut request = http::hand_on(endpoint, parts, verified);
                    // What is verified is within the endpoint's limit already.
                    DefaultBodyLimit::disable().apply(&mut request);
                    self.0.call(request, state)
                }
                Err(answer) => return answer.into_response(),
            };
            handled.await
        })
    }
}

/// The verified body.
///
/// Behind [`webhook`] the proof is there already. On a plain `post` route the request is taken
/// through the endpoint here; mind that such a route answers no handshake.
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
        let endpoint = state.endpoint();
        let proof = request.extensions_mut().remove::<Proof>();
        // Another endpoint's proof proves nothing here: its keys are not these.
        match proof.and_then(|proof| proof.verified_by(&endpoint)) {
            Some(verified) => Ok(verified),
            // In a place of its own, which no handler behind a route or a layer has to pay for.
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
/// let app: Router<Endpoint> = Router::new()
///     .route("/webhook", hubseal::axum::webhook(on_update));
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
        Answer::Refusal(self).into_response()
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        Answer::Handshake(self).into_response()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        self.into()
    }
}
