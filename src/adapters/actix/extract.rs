//! The extractors.

use alloc::boxed::Box;
use core::{
    future::{Future, ready},
    mem,
    pin::Pin,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::{Version, header::CONTENT_LENGTH},
    web,
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{head, read, verify::Proof};
use crate::{Endpoint, Json, Kind, Rejection, Verified};

/// The verified body.
///
/// Behind [`webhook`](super::webhook) or [`Verify`](super::Verify) the proof is there already. On
/// any other route the request is taken through the registered endpoint here; mind that such a
/// route answers no handshake, and that no extractor before this one may read the payload.
///
/// # Errors
/// A [`Rejection`], of kind [`Misuse`](Kind::Misuse) where no endpoint is registered or the
/// payload was read already; the log says which.
///
/// # Security
/// The proof of one endpoint is none for another: where another endpoint is registered than the
/// one that verified the request, it is verified again.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint};
/// use actix_web::{App, web};
/// use hubseal::Verified;
///
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let _app = App::new().app_data(endpoint).route(
///     "/webhook",
///     web::post().to(async |body: Verified<web::Bytes>| body.key().to_string()),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl FromRequest for Verified<Bytes> {
    type Error = Rejection;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Rejection>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        match extract(request, payload) {
            Ok(Extracted::Proved(verified)) => Box::pin(ready(Ok(verified))),
            Ok(Extracted::Reading(reading)) => reading,
            Err(rejection) => Box::pin(ready(Err(rejection))),
        }
    }
}

/// The verified body, parsed as JSON; one that does not parse is answered with 422.
///
/// # Errors
/// A [`Rejection`]: those of [`Verified<Bytes>`], and of kind
/// [`JsonMismatch`](Kind::JsonMismatch).
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint};
/// use actix_web::App;
/// use hubseal::{Json, Verified};
///
/// async fn on_update(update: Verified<Json<serde_json::Value>>) -> String {
///     update["object"].to_string()
/// }
///
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let _app = App::new().service(hubseal::actix::webhook("/webhook", endpoint, on_update));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<T: DeserializeOwned> FromRequest for Verified<Json<T>> {
    type Error = Rejection;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Rejection>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let verified = Verified::<Bytes>::from_request(request, payload);
        Box::pin(async { verified.await?.json() })
    }
}

type Reading = Pin<Box<dyn Future<Output = Result<Verified<Bytes>, Rejection>>>>;

enum Extracted {
    Proved(Verified<Bytes>),
    Reading(Reading),
}

fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Extracted, Rejection> {
    let registered = registered(request)?;
    let proof = request.extensions().get::<Proof>().cloned();
    match (registered, proof) {
        // Another endpoint's proof proves nothing here: its keys are not these.
        (Some(endpoint), Some(proof)) if proof.endpoint.is(endpoint) => {
            Ok(Extracted::Proved(proof.verified))
        }
        (None, Some(proof)) => Ok(Extracted::Proved(proof.verified)),
        (Some(endpoint), _) => {
            let intake = endpoint.receive(&head(request))?;
            let (endpoint, payload) = (endpoint.clone(), take(request, payload)?);
            Ok(Extracted::Reading(Box::pin(async move {
                read(&endpoint, intake, payload).await
            })))
        }
        (None, None) => Err(misuse(
            request,
            "no Endpoint is registered: use hubseal::actix::webhook, or register the endpoint \
             with app_data",
        )),
    }
}

/// The nearest endpoint in the application's data, in either form.
fn registered(request: &HttpRequest) -> Result<Option<&Endpoint>, Rejection> {
    let plain = request.app_data::<Endpoint>();
    let shared = request.app_data::<web::Data<Endpoint>>();
    match (plain, shared.map(web::Data::get_ref)) {
        // actix does not tell which of the two is nearer, and to take the wrong one would be to
        // accept another URL's keys.
        (Some(plain), Some(shared)) if !plain.is(shared) => Err(misuse(
            request,
            "one endpoint is registered as Endpoint and another one as web::Data<Endpoint>: \
             register all of them in one form",
        )),
        (plain, shared) => Ok(plain.or(shared)),
    }
}

/// The payload, unless somebody has taken it already.
pub(super) fn take(request: &HttpRequest, payload: &mut Payload) -> Result<Payload, Rejection> {
    match mem::replace(payload, Payload::None) {
        Payload::None if has_body(request) => Err(misuse(
            request,
            "the body was read before it could be verified: take the verified body in the first \
             extractor, in no other beside it, and have no middleware read the payload",
        )),
        payload => Ok(payload),
    }
}

/// Whether the head announces a body, as actix reads it.
fn has_body(request: &HttpRequest) -> bool {
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    // HTTP/1.0 has no chunks, and actix ignores the header there.
    let chunked = request.version() == Version::HTTP_11 && request.chunked().unwrap_or_default();
    chunked || length.is_some_and(|length| length > 0)
}

/// A mistake of the application's, explained to its operator with nothing of the request.
fn misuse(request: &HttpRequest, what: &str) -> Rejection {
    let route = request.match_pattern().unwrap_or_default();
    log::error!("a delivery at \"{route}\" cannot be verified: {what}");
    Rejection::new(Kind::Misuse)
}
