//! A layer for any stack of `tower` services over the `http` crate.
//!
//! ```sh
//! cargo add hubseal --features tower
//! cargo add tower --features util
//! cargo add http http-body-util bytes
//! ```
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use hubseal::{AppSecret, Endpoint, VerifiedBody, tower::VerifyLayer};
//! use tower::{ServiceBuilder, service_fn};
//!
//! async fn on_delivery(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, String> {
//!     let body = request.extensions().get::<VerifiedBody>().ok_or("no layer in front")?;
//!     println!("{} bytes signed with {}", body.verified().len(), body.verified().key());
//!     Ok(Response::default())
//! }
//!
//! let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
//! let service = ServiceBuilder::new()
//!     .layer(VerifyLayer::new(endpoint))
//!     .service(service_fn(on_delivery));
//! # let _ = tower::ServiceExt::<Request<Full<Bytes>>>::oneshot(service, Request::default());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which form to use
//!
//! | the service behind it takes | use |
//! |---|---|
//! | any body, or `Full<Bytes>` | [`VerifyLayer::new`] |
//! | a body type of its own, such as `axum::body::Body` | [`VerifyLayer::with_body_type`] |
//!
//! # Rules
//! 1. The layer answers the handshake and every rejected request itself. It calls the inner service
//!    for verified deliveries only.
//! 2. It accepts any request body. The inner service gets the verified bytes as [`Full<Bytes>`], or
//!    with [`VerifyLayer::with_body_type`] as any type that implements `From<Bytes>`. The request's
//!    extensions hold the [`VerifiedBody`](crate::VerifiedBody).
//! 3. The error type of the inner service stays as it is, so no error handling is needed.
//! 4. Put this layer outside every layer that decompresses or rewrites bodies. Do not put a layer that
//!    limits or collects bodies outside it: with a limit under 3 MB it refuses genuine deliveries.
//! 5. Put `concurrency_limit`, `buffer` and `load_shed` inside this layer. They then count verified
//!    deliveries only: this layer is always ready, and waits for the inner service only once a delivery
//!    is verified.
//! 6. The read deadline needs a Tokio runtime with its timer enabled. Without one, every request
//!    panics, starting with the first.

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

/// Puts an [`Endpoint`] in front of a service.
///
/// `B` is the type of the body that the service reads.
///
/// # Examples
/// On an axum router, where [`hubseal::axum::webhook`](crate::axum::webhook) does not fit:
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
    hands_on: PhantomData<fn() -> B>,
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
    /// Creates a layer whose inner service reads bodies of another type.
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
            hands_on: PhantomData,
        }
    }
}

impl<B> Clone for VerifyLayer<B> {
    fn clone(&self) -> Self {
        Self {
            endpoint: self.endpoint.clone(),
            hands_on: PhantomData,
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

/// A service behind an [`Endpoint`], made by [`VerifyLayer`].
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
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<R, S::Error>;

    /// Always ready: the inner service is asked once a delivery is verified, so that unverified
    /// bodies hold none of its permits.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let Self { layer, inner } = self.clone();
        let (parts, body) = request.into_parts();
        ResponseFuture::new(async move {
            let (endpoint, mut inner) = (layer.endpoint, inner);
            let (key, response) = match http::admit(&endpoint, &parts, pin!(body)).await {
                Ok(verified) => {
                    poll_fn(|context| inner.poll_ready(context)).await?;
                    let key = verified.key();
                    (key, inner.call(http::hand_on(endpoint, parts, verified)))
                }
                Err(early) => return Ok(http::early_body(early)),
            };
            Ok(http::handled_body(response.await?, key))
        })
    }
}
