//! Verification inside a service function, and a service around a handler.
//!
//! ```sh
//! cargo add hubseal --features hyper,json
//! cargo add hyper --features server,http1
//! cargo add hyper-util --features tokio
//! cargo add serde --features derive
//! cargo add bytes http-body-util
//! cargo add tokio --features net,rt-multi-thread,macros
//! ```
//!
//! ```
//! # #[cfg(feature = "json")] {
//! use bytes::Bytes;
//! use http_body_util::Full;
//! use hubseal::{Endpoint, Rejection, Verified};
//! use hyper::{Request, Response, body::Incoming};
//! use std::convert::Infallible;
//!
//! #[derive(serde::Deserialize)]
//! struct Update {
//!     object: String,
//! }
//!
//! async fn on_request(
//!     request: Request<Incoming>,
//!     endpoint: Endpoint,
//! ) -> Result<Response<Full<Bytes>>, Infallible> {
//!     Ok(match hubseal::hyper::verify(request, &endpoint).await {
//!         Ok(request) => on_delivery(request.into_body()),
//!         // The handshake, or a rejected request.
//!         Err(early) => early.into(),
//!     })
//! }
//!
//! // Runs for verified deliveries only.
//! fn on_delivery(body: Verified<Bytes>) -> Response<Full<Bytes>> {
//!     match body.json::<Update>() {
//!         Ok(update) => println!("{} signed with {}", update.object, update.key()),
//!         Err(rejection) => put_aside(&body, &rejection),
//!     }
//!     // Meta repeats a delivery for days after any other status than 200.
//!     Response::default()
//! }
//!
//! fn put_aside(body: &[u8], rejection: &Rejection) {
//!     // Store the bytes here, to parse them with a later version.
//!     eprintln!("{} bytes put aside: {rejection}", body.len());
//! }
//! # let _ = on_request;
//! # }
//! ```
//!
//! The [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/hyper.md) has a small server. The
//! [example](https://docs.rs/crate/hubseal/latest/source/examples/hyper.rs) also has deadlines for
//! connections.
//!
//! # Which form to use
//!
//! | you have | use |
//! |---|---|
//! | several paths, or your own responses | [`verify`] in the service function |
//! | a listener for the webhook alone | [`Verify`] around a handler |
//!
//! # Rules
//! 1. Route every method of the URL to [`verify`] or [`Verify`]. Both answer the handshake too.
//! 2. Answer 200 once the delivery is stored. Meta repeats a delivery for days after any other status.
//! 3. [`verify`] checks the head before it polls the body. If it rejects the head, hyper sends no
//!    `100 Continue`.
//! 4. Do not collect or limit the body yourself. The endpoint limits it while it arrives.
//! 5. The response of [`Verify`] has the [`Rejection`](crate::Rejection) or the
//!    [`KeyName`](crate::KeyName) in its extensions.
//! 6. With a [replay guard](crate::replay), [`Verify`] drops duplicates. [`verify`] does not, because it does
//!    not see your response: claim the [fingerprint](Verified::fingerprint) yourself.
//! 7. A [gate](crate::EndpointBuilder#method.allow_list) and [`Outcome::source`](crate::Outcome::source) need the
//!    address of the peer: put its `SocketAddr` into the extensions of each request.
//! 8. The read deadline needs a Tokio runtime with its timer enabled. Without the timer, every request
//!    panics.
//! 9. The read deadline starts when the request head is complete. Before that, and between two requests,
//!    only the server can close the connection.
//!
//! # Deadlines of the server
//!
//! [`verify`] is the same over HTTP/1.1 and HTTP/2. The deadlines of the server differ:
//!
//! | builder | deadline for heads and idle connections |
//! |---|---|
//! | `hyper::server::conn::http1::Builder` | yes, with a `timer` and a `header_read_timeout` |
//! | `hyper_util::server::conn::auto::Builder` | the same for HTTP/1.1 only, and only after it has detected the version |
//! | any builder, HTTP/2 | none: `keep_alive_interval` closes only connections that do not answer pings |
//!
//! - With `auto::Builder`, a client that sends nothing, or a part of the HTTP/2 preface, stays
//!   connected. The [example](https://docs.rs/crate/hubseal/latest/source/examples/hyper.rs) closes every
//!   connection that has had no request for a while.
//! - HTTP/2 allows 200 concurrent requests per connection by default. To save memory, lower
//!   `max_concurrent_streams`.
//! - HTTP/2 buffers up to 1 MiB of unread bodies per connection by default. To save memory, lower
//!   `initial_connection_window_size`.

use alloc::boxed::Box;
use core::{error::Error, future::Future, pin::pin};

use ::http::{Request, Response};
use ::hyper::service::Service;
use bytes::Bytes;
use http_body::Body;

use super::http::{self, EarlyResponse, ResponseBody, ResponseFuture};
use crate::{endpoint::Endpoint, signature::Verified};

/// Verifies a request and returns it with the verified body.
///
/// It does not use the replay guard of the endpoint, so it returns every copy of a delivery. Use [`Verify`],
/// or claim the [fingerprint](Verified::fingerprint) yourself.
///
/// # Errors
/// Returns the [`EarlyResponse`] to send if the request is a handshake or is rejected.
///
/// # Panics
/// Panics if the Tokio runtime has no timer.
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
    let delivery = http::admit(endpoint, &parts, pin!(body)).await?;
    Ok(Request::from_parts(parts, delivery.report()))
}

/// A service that verifies requests and calls a handler for verified deliveries only.
///
/// It answers the handshake, every rejected request and, with a [replay guard](crate::replay), every
/// duplicate itself.
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
    /// Creates a service that verifies with this endpoint and then calls the handler.
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
    R: Send,
{
    type Response = Response<ResponseBody<R>>;
    type Error = E;
    type Future = ResponseFuture<R, E>;

    fn call(&self, request: Request<B>) -> Self::Future {
        let Self { endpoint, handler } = self.clone();
        let (parts, body) = request.into_parts();
        ResponseFuture::new(async move {
            let (key, settlement, handled) = match http::claim(&endpoint, &parts, pin!(body)).await
            {
                Ok((verified, settlement)) => {
                    let key = verified.key();
                    let request = Request::from_parts(parts, verified);
                    (key, settlement, handler(request))
                }
                Err(early) => return Ok(http::early_body(early)),
            };
            let response = handled.await?;
            settlement.settle(response.status().as_u16()).await;
            Ok(http::handled_body(response, key))
        })
    }
}
