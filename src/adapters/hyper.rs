//! Verification inside a service function, and a service around a handler.
//!
//! ```sh
//! cargo add hubseal --features hyper
//! cargo add hyper --features server,http1
//! cargo add hyper-util --features tokio
//! cargo add http-body-util
//! cargo add tokio --features net,rt-multi-thread,macros
//! ```
//!
//! ```
//! use bytes::Bytes;
//! use http_body_util::Full;
//! use hubseal::Endpoint;
//! use hyper::{Request, Response, body::Incoming};
//! use std::convert::Infallible;
//!
//! async fn on_request(
//!     request: Request<Incoming>,
//!     endpoint: Endpoint,
//! ) -> Result<Response<Full<Bytes>>, Infallible> {
//!     Ok(match hubseal::hyper::verify(request, &endpoint).await {
//!         Ok(request) => {
//!             println!("{} bytes signed with {}", request.body().len(), request.body().key());
//!             Response::default()
//!         }
//!         // The handshake, or a rejected request.
//!         Err(early) => early.into(),
//!     })
//! }
//! # let _ = on_request;
//! ```
//!
//! # Which form to use
//!
//! | you have | use |
//! |---|---|
//! | several paths, or your own responses | [`verify`] in the service function |
//! | a listener for the webhook alone | [`Verify`] around a handler |
//!
//! # Rules
//! 1. [`verify`] judges the head before it polls the body. A client that waits for `100 Continue` is
//!    not asked for a body that is rejected anyway. It answers the handshake too: route every method
//!    of the URL to it.
//! 2. Do not collect the body before it, and put no limit around the body: the endpoint counts it
//!    while it arrives.
//! 3. The read deadline needs a Tokio runtime with its timer enabled. Without one, every request
//!    panics, starting with the first.
//! 4. [`verify`] behaves the same over HTTP/1.1 and HTTP/2. The server's deadlines and buffers differ:
//!    see the next two rules.
//! 5. The read deadline starts when the head is complete. Until then, and between two requests, only
//!    the server can close a connection:
//!    - `hyper::server::conn::http1::Builder` does, once it has a `timer` and a `header_read_timeout`.
//!      This bounds silent connections, slow heads and idle connections.
//!    - `hyper_util::server::conn::auto::Builder` does the same for HTTP/1.1 only. It first waits for
//!      the bytes that tell the versions apart, without a deadline. A client that sends nothing, or
//!      a part of the HTTP/2 preface, stays connected.
//!    - An HTTP/2 connection has no such deadline with any builder. `keep_alive_interval` closes it
//!      only if the client does not answer pings.
//!
//!    The [example](https://docs.rs/crate/hubseal/latest/source/examples/hyper.rs) bounds all of these:
//!    it closes each connection that has had no request under way for a while.
//! 6. HTTP/2 allows 200 requests at a time on each connection by default, and buffers up to 1 MiB of
//!    bodies that are not read yet. Lower `max_concurrent_streams` and
//!    `initial_connection_window_size` if memory is short.

use alloc::boxed::Box;
use core::{error::Error, future::Future, pin::pin};

use ::http::{Request, Response};
use ::hyper::service::Service;
use bytes::Bytes;
use http_body::Body;

use super::http::{self, EarlyResponse, ResponseBody, ResponseFuture};
use crate::{endpoint::Endpoint, signature::Verified};

/// Takes a request through the endpoint: the body comes back as the proof that it is genuine.
///
/// # Errors
/// Returns the [`EarlyResponse`] to send: the answer to the handshake or to a rejected request.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use http_body_util::Full;
/// use hubseal::{AppSecret, Endpoint};
/// use hyper::Request;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let signature = endpoint.verifier().sign("{}").to_string();
/// let genuine = Request::post("/webhook")
///     .header("x-hub-signature-256", signature)
///     .body(Full::<Bytes>::from("{}"))?;
///
/// let request = hubseal::hyper::verify(genuine, &endpoint).await.ok().unwrap();
/// assert_eq!(&request.body()[..], b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn verify<B>(
    request: Request<B>,
    endpoint: &Endpoint,
) -> Result<Request<Verified<Bytes>>, EarlyResponse>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let (parts, body) = request.into_parts();
    let verified = http::admit(endpoint, &parts, pin!(body)).await?;
    Ok(Request::from_parts(parts, verified))
}

/// A service for connections: it answers the handshake and every refusal itself, and calls the
/// handler for verified deliveries only.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use http_body_util::Full;
/// use hubseal::{Endpoint, Verified, hyper::Verify};
/// use hyper::{Request, Response, server::conn::http1};
/// use hyper_util::rt::{TokioIo, TokioTimer};
/// use std::{convert::Infallible, time::Duration};
/// use tokio::net::TcpListener;
///
/// async fn on_delivery(
///     request: Request<Verified<Bytes>>,
/// ) -> Result<Response<Full<Bytes>>, Infallible> {
///     Ok(Response::new(request.body().key().to_string().into()))
/// }
///
/// async fn serve(listener: TcpListener, endpoint: Endpoint) -> std::io::Result<()> {
///     loop {
///         let (stream, _) = listener.accept().await?;
///         let service = Verify::new(endpoint.clone(), on_delivery);
///         let connection = http1::Builder::new()
///             .timer(TokioTimer::new())
///             .header_read_timeout(Duration::from_secs(10))
///             .serve_connection(TokioIo::new(stream), service);
///         tokio::spawn(connection);
///     }
/// }
/// # let _ = serve;
/// ```
#[derive(Clone, Debug)]
pub struct Verify<F> {
    endpoint: Endpoint,
    handler: F,
}

impl<F> Verify<F> {
    /// Puts the endpoint in front of a handler.
    ///
    /// # Examples
    /// ```
    /// # use bytes::Bytes;
    /// # use hubseal::{AppSecret, Endpoint, Verified, hyper::Verify};
    /// # use hyper::Request;
    /// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let _service = Verify::new(endpoint, async |request: Request<Verified<Bytes>>| {
    ///     Ok::<_, std::io::Error>(hyper::Response::new(request.into_body().into_inner()))
    /// });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(endpoint: Endpoint, handler: F) -> Self {
        Self { endpoint, handler }
    }
}

impl<F, A, B, R, E> Service<Request<B>> for Verify<F>
where
    F: Fn(Request<Verified<Bytes>>) -> A + Clone + Send + 'static,
    A: Future<Output = Result<Response<R>, E>> + Send,
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = E;
    type Future = ResponseFuture<R, E>;

    fn call(&self, request: Request<B>) -> Self::Future {
        let Self { endpoint, handler } = self.clone();
        let (parts, body) = request.into_parts();
        ResponseFuture::new(async move {
            let (key, handled) = match http::admit(&endpoint, &parts, pin!(body)).await {
                Ok(verified) => {
                    let key = verified.key();
                    (key, handler(Request::from_parts(parts, verified)))
                }
                Err(early) => return Ok(http::early_body(early)),
            };
            Ok(http::handled_body(handled.await?, key))
        })
    }
}
