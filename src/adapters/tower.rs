//! A layer for `tower` services over the `http` crate.
//!
//! ```sh
//! cargo add hubseal --features tower,json
//! cargo add tower --features util
//! cargo add serde --features derive
//! cargo add http http-body-util bytes
//! ```
//!
//! ```
//! # #[cfg(feature = "json")] {
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use hubseal::{AppSecret, Endpoint, Rejection, VerifiedBody, VerifyToken, tower::VerifyLayer};
//! use std::error::Error;
//! use tower::{Service, ServiceBuilder, service_fn};
//!
//! #[derive(serde::Deserialize)]
//! struct Update {
//!     object: String,
//! }
//!
//! // Runs for verified deliveries only.
//! async fn on_delivery(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, String> {
//!     let body = request.extensions().get::<VerifiedBody>().ok_or("no layer in front")?.verified();
//!     match body.json::<Update>() {
//!         Ok(update) => println!("{} signed with {}", update.object, update.key()),
//!         Err(rejection) => put_aside(body, &rejection),
//!     }
//!     // Meta repeats a delivery for days after any other status than 200.
//!     Ok(Response::default())
//! }
//!
//! fn put_aside(body: &[u8], rejection: &Rejection) {
//!     // Store the bytes here, to parse them with a later version.
//!     eprintln!("{} bytes put aside: {rejection}", body.len());
//! }
//!
//! fn service() -> Result<impl Service<Request<Full<Bytes>>>, Box<dyn Error>> {
//!     let endpoint = Endpoint::builder(AppSecret::meta_from_env("APP_SECRET")?)
//!         .verify_token(VerifyToken::from_env("VERIFY_TOKEN")?)
//!         .build()?;
//!     Ok(ServiceBuilder::new()
//!         .layer(VerifyLayer::new(endpoint))
//!         .service(service_fn(on_delivery)))
//! }
//! # assert!(service().is_err(), "the environment has no secret");
//! # }
//! ```
//!
//! The [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/tower.md) has a complete server
//! and the order of layers.
//!
//! # Which form to use
//!
//! | body type of the inner service | use |
//! |---|---|
//! | `Full<Bytes>`, or generic over the body type | [`VerifyLayer::new`] |
//! | another type, such as `axum::body::Body` | [`VerifyLayer::with_body_type`] |
//!
//! # Rules
//! 1. The layer answers the handshake and every rejected request itself. It calls the inner service
//!    for verified deliveries only.
//! 2. Answer 200 once the delivery is stored. Meta repeats a delivery for days after any other status.
//! 3. The layer accepts any request body. The inner service gets the verified bytes as [`Full<Bytes>`],
//!    or as the type that [`VerifyLayer::with_body_type`] names.
//! 4. The request's extensions hold the [`VerifiedBody`](crate::VerifiedBody).
//! 5. The response to a rejected request has the [`Rejection`](crate::Rejection) in its extensions. The
//!    response of the inner service has the [`KeyName`](crate::KeyName).
//! 6. The layer keeps the error type of the inner service.
//! 7. Apply this layer outside every layer that decompresses or rewrites request bodies.
//! 8. Do not put body-limit or buffering layers outside this layer. With a limit under 3 MB they reject
//!    genuine deliveries.
//! 9. Put `concurrency_limit`, `buffer` and `load_shed` inside this layer. They then count only verified
//!    deliveries.
//! 10. With a [replay guard](crate::replay), the layer drops duplicates. Several layers of one endpoint in a
//!     stack claim a delivery once.
//! 11. A [gate](crate::EndpointBuilder#method.allow_list) and [`Outcome::source`](crate::Outcome::source) need the
//!     address of the peer: put its `SocketAddr` into the extensions of each request.
//! 12. The read deadline needs a Tokio runtime with its timer enabled. Without the timer, every request
//!     panics.
//!
//! # Mistakes that compile
//!
//! | mistake | effect | instead |
//! |---|---|---|
//! | a decompressing layer outside this layer | unverified bytes are decompressed, and genuine deliveries fail | put it inside |
//! | layers of two endpoints in one stack that share a replay guard | every delivery is answered with 503 | a guard with its own store for each |
//! | a body-limit or buffering layer outside this layer | genuine deliveries fail, or bodies escape the memory budget | leave it out |
//!
//! The complete list is in
//! [common mistakes](https://docs.rs/crate/hubseal/latest/source/docs/guide/common-mistakes.md).

use alloc::boxed::Box;
use core::{
    error::Error,
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::pin,
    task::{Context, Poll},
};

use ::http::{Request, Response};
use bytes::Bytes;
use http_body::Body;
use http_body_util::Full;
use tower_layer::Layer;
use tower_service::Service;

use super::http::{self, ResponseBody, ResponseFuture};
use crate::endpoint::Endpoint;

/// A layer that puts an [`Endpoint`] in front of a service.
///
/// `B` is the body type that the inner service reads.
///
/// # Examples
/// With an axum router, where [`hubseal::axum::webhook`](crate::axum::webhook) does not fit:
/// ```
/// use axum::{Router, routing::any};
/// use hubseal::{AppSecret, Endpoint, tower::VerifyLayer};
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let _app: Router = Router::new()
///     .route("/webhook", any(async |body: axum::body::Bytes| body.len().to_string()))
///     .layer(VerifyLayer::new(endpoint));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct VerifyLayer<B = Full<Bytes>> {
    endpoint: Endpoint,
    body_type: PhantomData<fn() -> B>,
}

impl VerifyLayer {
    /// Creates a layer whose inner service reads bodies as [`Full<Bytes>`].
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Endpoint, tower::VerifyLayer};
    ///
    /// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let _layer = VerifyLayer::new(endpoint);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self::with_body_type(endpoint)
    }
}

impl<B: From<Bytes>> VerifyLayer<B> {
    /// Creates a layer whose inner service reads bodies of the type `B`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Endpoint, tower::VerifyLayer};
    ///
    /// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let _layer = VerifyLayer::<axum::body::Body>::with_body_type(endpoint);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_body_type(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            body_type: PhantomData,
        }
    }
}

impl<B> Clone for VerifyLayer<B> {
    fn clone(&self) -> Self {
        Self {
            endpoint: self.endpoint.clone(),
            body_type: PhantomData,
        }
    }
}

impl<B> fmt::Debug for VerifyLayer<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyLayer").field(&self.endpoint).finish()
    }
}

impl<S, B> Layer<S> for VerifyLayer<B> {
    type Service = Verify<S, B>;

    fn layer(&self, inner: S) -> Verify<S, B> {
        Verify {
            layer: self.clone(),
            inner,
        }
    }
}

/// A service that verifies requests before it calls the inner service. [`VerifyLayer`] creates it.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::Full;
/// use hubseal::{AppSecret, Endpoint, tower::VerifyLayer};
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let service = VerifyLayer::new(endpoint).layer(service_fn(async |_: Request<Full<Bytes>>| {
///     Ok::<_, std::io::Error>(Response::new(Full::<Bytes>::default()))
/// }));
/// let unsigned = Request::post("/webhook").body(Full::<Bytes>::default())?;
/// assert_eq!(service.oneshot(unsigned).await?.status(), 401);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Verify<S, B = Full<Bytes>> {
    layer: VerifyLayer<B>,
    inner: S,
}

impl<S: Clone, B> Clone for Verify<S, B> {
    fn clone(&self) -> Self {
        Self {
            layer: self.layer.clone(),
            inner: self.inner.clone(),
        }
    }
}

impl<S: fmt::Debug, B> fmt::Debug for Verify<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify")
            .field("layer", &self.layer)
            .field("inner", &self.inner)
            .finish()
    }
}

impl<S, A, B, R> Service<Request<A>> for Verify<S, B>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    A: Body<Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    B: From<Bytes> + 'static,
    R: Send,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<R, S::Error>;

    /// Returns ready at once. `call` polls the inner service after verification, so unverified bodies
    /// hold no permits.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let Self { layer, inner } = self.clone();
        let (parts, body) = request.into_parts();
        ResponseFuture::new(async move {
            let (endpoint, mut inner) = (layer.endpoint, inner);
            let (key, settlement, response) = match http::claim(&endpoint, &parts, pin!(body)).await
            {
                Ok((verified, settlement)) => {
                    poll_fn(|context| inner.poll_ready(context)).await?;
                    let key = verified.key();
                    let request = http::verified_request(endpoint, parts, verified);
                    (key, settlement, inner.call(request))
                }
                Err(early) => return Ok(http::early_body(early)),
            };
            let response = response.await?;
            settlement.settle(response.status().as_u16()).await;
            Ok(http::handled_body(response, key))
        })
    }
}
