//! One route for deliveries and handshake, a middleware, and extractors of what was verified.
//!
//! ```sh
//! cargo add hubseal --features actix
//! cargo add actix-web
//! ```
//!
//! ```no_run
//! use actix_web::{App, HttpResponse, HttpServer};
//! use hubseal::{AppSecret, Endpoint, Json, Verified, VerifyToken};
//!
//! #[derive(serde::Deserialize)]
//! struct Update {
//!     object: String,
//! }
//!
//! async fn on_update(update: Verified<Json<Update>>) -> HttpResponse {
//!     println!("{} signed with {}", update.object, update.key());
//!     HttpResponse::Ok().finish()
//! }
//!
//! #[actix_web::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let endpoint = Endpoint::builder(AppSecret::meta_from_env("APP_SECRET")?)
//!         .verify_token(VerifyToken::from_env("VERIFY_TOKEN")?)
//!         .build()?;
//!     HttpServer::new(move || {
//!         App::new().service(hubseal::actix::webhook("/webhook", endpoint.clone(), on_update))
//!     })
//!     .bind(("127.0.0.1", 8080))?
//!     .run()
//!     .await?;
//!     Ok(())
//! }
//! ```
//!
//! # Which form to use
//!
//! | you have | use |
//! |---|---|
//! | one URL with one handler | [`webhook`] |
//! | a resource or a scope with several handlers | [`Verify`], with `.wrap(…)` |
//! | an existing route, for deliveries alone | [`Verified<Bytes>`] as an extractor |
//!
//! # Rules
//! 1. [`webhook`] and [`Verify`] answer the handshake and every rejected request themselves. Handlers
//!    run for verified deliveries only, and all extractors that read the body get verified bytes. The
//!    extractor alone guards its own handler, for deliveries only.
//! 2. Build the endpoint once, outside the closure that `HttpServer::new` takes, and clone it inside.
//!    The closure runs once for each worker: an endpoint built there gives each worker its own keys
//!    and its own memory budget.
//! 3. Extractors take the endpoint from the nearest `app_data`, as an [`Endpoint`] or as
//!    `web::Data<Endpoint>`. [`webhook`] registers its own. Without a registered
//!    endpoint, they take the body that the nearest [`Verify`] verified. If an app has several
//!    endpoints, register each in the scope or resource that its [`Verify`] wraps.
//! 4. actix's limits of 256 KiB (`PayloadConfig`), 2 MiB (`JsonConfig`) and 16 KiB (`FormConfig`) do
//!    not apply to [`Verify`] and [`Verified<Bytes>`], and [`webhook`] lifts them for every other
//!    extractor. The endpoint's payload limit applies. Behind your own [`Verify`], `String`,
//!    `web::Bytes` and `web::Json` keep actix's limits until you register others.
//! 5. A payload can be read once. Without [`webhook`] or [`Verify`], make the verified body the first
//!    extractor of a handler and the only one that reads the payload. A middleware that reads the
//!    payload must put it back.
//! 6. actix's own extractors decompress bodies. A body with a content coding is rejected here: only
//!    the bytes as sent are signed.
//! 7. The response to a rejected request has the [`Rejection`] in its extensions and as its error, for
//!    a middleware to log or count. Its `Display` is for the log and never sent.
//! 8. The read deadline starts when the head is complete. Until then actix closes a connection after
//!    `HttpServer::client_request_timeout` (5 seconds) without a first head, and after `keep_alive`
//!    (5 seconds) without a byte of the next one. Some connections have no deadline: one that sends a
//!    part of a second head, one that answers HTTP/2 pings, and with `bind_auto_h2c` one that sends
//!    nothing. HTTP/2 is served over TLS and with `bind_auto_h2c` only, and actix does not limit the
//!    requests at a time on a connection. Put a proxy in front that does.
//! 9. actix sends `100 Continue` for every head that asks for it, before this crate sees the head. So
//!    a client may send a body that is not read.
//! 10. actix takes a chunked body that was cut off for a complete one. The signature rejects it, with
//!     401 and not 400, unless every signed byte had arrived.
//! 11. Answer 200 as soon as the delivery is safe. Meta takes every other status for a failure and
//!     sends the delivery again, for days. `Verified<Json<T>>` answers a body of another shape with 422:
//!     take `Verified<Bytes>` and call `json` to put such bodies aside.
//!
//! # Mistakes that compile
//!
//! | mistake | effect | instead |
//! |---|---|---|
//! | an earlier route or resource on the same path | actix calls that one, unverified | register the webhook first |
//! | `Option<Verified<Bytes>>`, `Either<Verified<Bytes>, _>` or `Result<Verified<Bytes>, _>` on a plain route | the handler also runs for forged requests | `Verified<Bytes>` |
//! | `web::Json` on a plain `post` route | nothing is verified | [`webhook`], or `Verified<Json<T>>` |

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
use crate::signature::Verified;

pub use extract::ExtractFuture;
pub use verify::{Verify, VerifyFuture, VerifyService};

/// A resource that takes deliveries (`POST`) and answers the handshake (`GET`).
///
/// The handler is any actix handler. It runs once a delivery is verified: [`Verified<Bytes>`] and
/// [`Verified<Json<T>>`](crate::Json) give the proof along with the value, and other extractors,
/// such as `String` or [`web::Bytes`], read the verified body, without actix's limits.
///
/// Returns an [`actix_web::Resource`], which you can name or wrap further. Do not add a route: the
/// handler matches every method, so the route is never called.
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
    // What is verified is within the endpoint's limit already.
    web::resource(path)
        .app_data(web::PayloadConfig::new(usize::MAX))
        .app_data(web::JsonConfig::default().limit(usize::MAX))
        .app_data(web::FormConfig::default().limit(usize::MAX))
        // In both forms, so that nothing registered further out is taken for this one.
        .app_data(web::Data::new(endpoint.clone()))
        .app_data(endpoint.clone())
        .to(handler)
        .wrap(Verify::new(endpoint))
}
