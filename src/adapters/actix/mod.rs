//! A route for the webhook, a middleware, and extractors of the verified body.
//!
//! ```sh
//! cargo add hubseal --features actix
//! cargo add actix-web
//! cargo add serde --features derive
//! ```
//!
//! ```no_run
//! use actix_web::{App, HttpResponse, HttpServer, web::Bytes};
//! use hubseal::{AppSecret, Endpoint, Rejection, Verified, VerifyToken};
//!
//! #[derive(serde::Deserialize)]
//! struct Update {
//!     object: String,
//! }
//!
//! // Runs for verified deliveries only.
//! async fn on_delivery(body: Verified<Bytes>) -> HttpResponse {
//!     match body.json::<Update>() {
//!         Ok(update) => println!("{} signed with {}", update.object, update.key()),
//!         Err(rejection) => put_aside(&body, &rejection),
//!     }
//!     // Meta repeats a delivery for days after any other status.
//!     HttpResponse::Ok().finish()
//! }
//!
//! fn put_aside(body: &[u8], rejection: &Rejection) {
//!     // Store the bytes here, to parse them with a later version.
//!     eprintln!("{} bytes put aside: {rejection}", body.len());
//! }
//!
//! #[actix_web::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // Build it once. The closure below runs for each worker.
//!     let endpoint = Endpoint::builder(AppSecret::meta_from_env("APP_SECRET")?)
//!         .verify_token(VerifyToken::from_env("VERIFY_TOKEN")?)
//!         .build()?;
//!     HttpServer::new(move || {
//!         App::new().service(hubseal::actix::webhook("/webhook", endpoint.clone(), on_delivery))
//!     })
//!     .bind(("127.0.0.1", 8080))?
//!     .run()
//!     .await?;
//!     Ok(())
//! }
//! ```
//!
//! The [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/actix.md) also covers several
//! handlers behind one endpoint.
//!
//! # Which form to use
//!
//! | you have | use |
//! |---|---|
//! | one URL with one handler | [`webhook`] |
//! | an app, a scope or a resource with several handlers | [`Verify`], with `.wrap(…)` |
//! | an existing `post` route that receives deliveries only | [`Verified<Bytes>`] as an extractor |
//!
//! # Rules
//! 1. [`webhook`] and [`Verify`] answer the handshake and every rejected request themselves. Handlers
//!    run for verified deliveries only.
//! 2. Behind both, every extractor that reads the body gets the verified bytes.
//! 3. Answer 200 once the delivery is stored. Meta repeats a delivery for days after any other status.
//! 4. The extractor [`Verified<Json<T>>`](Json) answers a body that does not parse with 422. Prefer
//!    `Verified<Bytes>` and [`json`](Verified::json), as above.
//! 5. Build the endpoint once, outside the closure of `HttpServer::new`, and clone it inside. Otherwise
//!    each worker has its own keys and its own memory budget.
//! 6. Behind [`webhook`] and [`Verify`], extractors need no setup. On a plain route, register the
//!    endpoint with `app_data`, as [`Endpoint`] or `web::Data<Endpoint>`.
//! 7. If an outer scope or the app registers another endpoint, also register the right one in the scope
//!    or resource that [`Verify`] wraps. Extractors use the nearest registered endpoint.
//! 8. The endpoint's payload limit (4 MiB by default) replaces actix's limits for [`Verified<Bytes>`],
//!    and behind [`webhook`] for every extractor. Behind [`Verify`], the other extractors keep actix's
//!    limits: 256 KiB (`PayloadConfig`), 2 MiB (`JsonConfig`) and 16 KiB (`FormConfig`).
//! 9. On a plain route, make [`Verified<Bytes>`] the first extractor and the only one that reads the
//!    payload. A middleware that reads the payload must put it back.
//! 10. A body with a content coding is rejected, because the signature covers the bytes as sent.
//! 11. The response to a rejected request has the [`Rejection`] as its error and in its extensions.
//!     The response of the handler behind [`webhook`] or [`Verify`] has the
//!     [`KeyName`](crate::KeyName). A middleware can log or count both.
//! 12. With a [replay guard](crate::replay), [`webhook`] and [`Verify`] drop duplicates. An extractor alone
//!     does not: claim the [fingerprint](Verified::fingerprint) yourself.
//! 13. A [gate](crate::EndpointBuilder#method.allow_list) checks `HttpRequest::peer_addr`. A Unix socket has
//!     none, so every request gets 500 there.
//! 14. actix lets a handler finish whose client has disconnected. If it answers 200, the replay guard
//!     commits the delivery.
//!
//! # Deadlines of the server
//!
//! The read deadline of the endpoint starts when the request head is complete. Before that, only actix
//! can close the connection:
//!
//! | a client that | is disconnected |
//! |---|---|
//! | sends no first head | after `HttpServer::client_request_timeout`, 5 seconds by default |
//! | sends no byte of the next head | after `keep_alive`, 5 seconds by default |
//! | sends a part of a second head | never |
//! | answers HTTP/2 pings | never |
//! | sends nothing, with `bind_auto_h2c` | never |
//!
//! - HTTP/2 is served over TLS and with `bind_auto_h2c` only. actix does not limit the concurrent
//!   requests of a connection. Use a proxy that does.
//! - actix sends `100 Continue` for every head that asks for it, before this crate sees the head. A
//!   client may then send a body that is not read.
//! - actix reports a chunked body that was cut off as complete. The signature rejects it with 401
//!   instead of 400, unless every signed byte has arrived.
//!
//! # Mistakes that compile
//!
//! | mistake | effect | instead |
//! |---|---|---|
//! | `web::Json`, `web::Bytes` or `String` on a plain `post` route | nothing is verified | [`webhook`], or extract [`Verified<Bytes>`] |
//! | `Option<_>`, `Result<_, _>` or `Either<_, _>` around `Verified<Bytes>` on a plain route | the handler also runs for forged requests | extract [`Verified<Bytes>`] |
//! | `Verified<Bytes>` on a plain route of an endpoint with a replay guard | the handler runs for every copy | [`webhook`] or [`Verify`] |
//! | an earlier route or resource on the same path | actix calls that one, unverified | register the webhook first |
//! | an endpoint built in the closure of `HttpServer::new` | each worker has its own memory budget | build it before the closure |
//!
//! The complete list is in
//! [common mistakes](https://docs.rs/crate/hubseal/latest/source/docs/guide/common-mistakes.md).

mod extract;
mod request;
mod response;
mod verify;

use actix_web::{
    Error, FromRequest, Handler, Resource, Responder,
    body::{BoxBody, EitherBody},
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    web,
};

use crate::endpoint::Endpoint;
#[cfg(doc)]
use crate::{
    rejection::Rejection,
    signature::{Json, Verified},
};
#[cfg(doc)]
use bytes::Bytes;

pub use extract::ExtractFuture;
pub use verify::{Verify, VerifyFuture, VerifyService};

/// Creates a resource that verifies deliveries (`POST`) and answers the handshake (`GET`).
///
/// The handler is any actix handler. It runs for verified deliveries only, and with a
/// [replay guard](crate::replay) once for each. [`Verified<Bytes>`] and
/// [`Verified<Json<T>>`](crate::Json) extract the verified body. Other extractors, such as `String` or
/// [`web::Bytes`], read the same bytes, without actix's limits.
///
/// You can name the returned [`actix_web::Resource`], or wrap more middleware around it. Do not add a
/// route to it: the handler matches every method, so the route would never run.
///
/// # Panics
/// Every request panics if the Tokio runtime has no timer. The runtime of actix has one.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint, Verified};
/// use actix_web::{App, HttpResponse, Responder, web};
///
/// async fn on_delivery(body: Verified<web::Bytes>) -> impl Responder {
///     println!("{} bytes signed with {}", body.len(), body.key());
///     HttpResponse::Ok()
/// }
///
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let _app = App::new().service(hubseal::actix::webhook("/webhook", endpoint, on_delivery));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn webhook<H, Args>(
    path: &str,
    endpoint: Endpoint,
    handler: H,
) -> Resource<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<EitherBody<BoxBody>>,
        Error = Error,
        InitError = (),
    > + use<H, Args>,
>
where
    H: Handler<Args>,
    Args: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    // A verified body is within the endpoint's limit already.
    web::resource(path)
        .app_data(web::PayloadConfig::new(usize::MAX))
        .app_data(web::JsonConfig::default().limit(usize::MAX))
        .app_data(web::FormConfig::default().limit(usize::MAX))
        // Registered in both forms, so that extractors find no endpoint of an outer scope.
        .app_data(web::Data::new(endpoint.clone()))
        .app_data(endpoint.clone())
        .to(handler)
        .wrap(Verify::new(endpoint))
}
