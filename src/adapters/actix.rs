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
//! | a resource or a scope of your own, with several handlers | [`Verify`], with `.wrap(...)` |
//! | a route that others have wrapped and registered | [`Verified<Bytes>`] as an extractor alone |
//!
//! # Rules
//! 1. [`webhook`] and [`Verify`] answer the handshake and every refusal themselves. Handlers run for
//!    verified deliveries only, and whatever extractors they have see verified bytes. The extractor
//!    alone guards its own handler, for deliveries only.
//! 2. Make the endpoint once, outside the closure that `HttpServer::new` takes, and clone it inside:
//!    the closure runs once for each worker, and an endpoint made there would give each worker keys
//!    and a memory budget of its own.
//! 3. Extractors take the endpoint from the nearest `app_data`, as an [`Endpoint`] or as
//!    `web::Data<Endpoint>`; [`webhook`] registers its own. Where none is registered, they take the
//!    proof of the nearest [`Verify`]. With several endpoints, register each where it is wrapped.
//! 4. actix's limits of 256 KiB (`PayloadConfig`), 2 MiB (`JsonConfig`) and 16 KiB (`FormConfig`) do
//!    not apply to [`Verify`] or to [`Verified<Bytes>`], and [`webhook`] lifts them for every
//!    other extractor: the endpoint's limit has done its work by then. Behind a [`Verify`] of your
//!    own, `String`, `web::Bytes` and `web::Json` keep actix's limits until you register others.
//! 5. A payload can be read once. Without [`webhook`] or [`Verify`], take the verified body in the
//!    first extractor of a handler and have no other that reads it; a middleware that reads the
//!    payload must put it back.
//! 6. actix's own extractors decompress what they read. Here nothing does, as only the bytes as sent
//!    are signed: a body with a content coding is refused.
//! 7. A response to a refused request carries the [`Rejection`] in its extensions and as its error,
//!    for a middleware to log or count. `Display` of it is for the log and never sent.
//! 8. The read deadline starts when the head is complete. Until then actix closes a connection after
//!    `HttpServer::client_request_timeout` (5 seconds) without a first head, and after `keep_alive`
//!    (5 seconds) without a byte of the next one. Some connections have no deadline: one that sends a
//!    part of a second head, one that answers HTTP/2 pings, and with `bind_auto_h2c` one that sends
//!    nothing. HTTP/2 is served over TLS and with `bind_auto_h2c` only, and actix does not limit the
//!    requests at a time on a connection. Put a proxy in front that does.
//! 9. Two things are decided by actix before anything here runs. It sends `100 Continue` to every
//!    head that asks for it, so a sender may send a body that is not read. And a chunked body that
//!    was cut off looks to it like one that ended: the signature refuses it, with 401 and not 400.
//!
//! What the handler answers is up to it, and the platform takes exactly 200 for success:
//! everything else is sent again, for days.

mod extract;
mod verify;

use core::{future::Future, pin::Pin};

use actix_web::{
    Error, FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, ResponseError,
    body::{BoxBody, EitherBody},
    dev::{Payload, ServiceFactory, ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    web,
};
use bytes::Bytes;
use futures_core::Stream;

use super::read;
use crate::{Challenge, Endpoint, Head, HeaderLookup, Intake, Rejection, Reply, Verified};

pub use verify::{Verify, VerifyService};

/// A resource that takes deliveries (`POST`) and answers the handshake (`GET`).
///
/// The handler is any actix handler. It runs once a delivery is verified: [`Verified<Bytes>`] and
/// [`Verified<Json<T>>`](crate::Json) give the proof along with the value, and other extractors,
/// such as `String` or [`web::Bytes`], read the verified body, without actix's limits.
///
/// What comes back is an [`actix_web::Resource`], to be named or wrapped further; a route that is
/// added to it is behind the endpoint as well.
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

/// actix-web's own header map.
impl HeaderLookup for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).map(HeaderValue::as_bytes)
    }
}

fn head(request: &HttpRequest) -> Head<'_, HeaderMap> {
    Head::new(request.method().as_str(), request.headers()).query(request.query_string())
}

/// Reads a payload as it comes into its intake, and gives the verdict.
fn read(
    endpoint: &Endpoint,
    intake: Intake,
    mut payload: Payload,
) -> impl Future<Output = Result<Verified<Bytes>, Rejection>> {
    read::read(endpoint, intake, move |context| {
        Pin::new(&mut payload).poll_next(context)
    })
}

/// The status table's answer, with the rejection itself in the response's extensions.
///
/// # Security
/// The answer is that of [`Rejection::reply`]: `Display` does not get into it.
///
/// # Examples
/// ```
/// use actix_web::ResponseError;
/// use hubseal::{Rejection, Signature};
///
/// let response = Signature::parse("").err().unwrap().error_response();
/// assert_eq!(response.status(), 401);
/// assert!(response.extensions().get::<Rejection>().is_some());
/// ```
impl ResponseError for Rejection {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = response(&self.reply());
        response.extensions_mut().insert(*self);
        response
    }
}

impl Responder for Challenge {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(&self.reply())
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(&self)
    }
}

/// The endpoint's answer as a response, to the letter.
fn response(reply: &Reply) -> HttpResponse {
    let body = BoxBody::new(reply.body().clone());
    let mut response = HttpResponse::with_body(status(reply.status()), body);
    for (name, value) in reply.headers() {
        response.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
