//! The extractors.

use alloc::boxed::Box;
use core::{
    future::{Future, ready},
    mem,
    pin::Pin,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{super::read::assert_timer, head, log_misuse, read};
use crate::{Endpoint, Json, Kind, Rejection, Verified, VerifiedBody};

/// The verified body.
///
/// Behind [`webhook`](super::webhook) or [`Verify`](super::Verify) the body is verified already. On
/// any other route, this extractor verifies it with the registered endpoint. Such a route answers no
/// handshake, and no extractor before this one may read the payload.
///
/// # Errors
/// A [`Rejection`]. It is of kind [`Misuse`](Kind::Misuse) if no endpoint is registered, different
/// endpoints are registered as `Endpoint` and `web::Data<Endpoint>`, or the payload was already read.
/// The log says which.
///
/// # Security
/// A body that one endpoint verified is not verified for another. Where the registered endpoint is
/// not the one that verified the request, it is verified again.
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
            Ok(Extracted::Verified(verified)) => Box::pin(ready(Ok(verified))),
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
    Verified(Verified<Bytes>),
    Reading(Reading),
}

fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Extracted, Rejection> {
    let verified = request.extensions().get::<VerifiedBody>().cloned();
    let Some(endpoint) = registered(request)? else {
        let verified = verified.map(|body| Extracted::Verified(body.verified().clone()));
        return verified.ok_or_else(|| {
            misuse(
                request,
                "no Endpoint is registered: use hubseal::actix::webhook, or register the endpoint \
             with app_data",
            )
        });
    };
    // A body that another endpoint verified is not verified here: its keys are not these.
    if let Some(verified) = verified.and_then(|body| body.verified_by(endpoint)) {
        return Ok(Extracted::Verified(verified));
    }
    endpoint.check_once(assert_timer);
    let intake = endpoint.receive(&head(request))?;
    let payload = mem::replace(payload, Payload::None);
    let (request, endpoint) = (request.clone(), endpoint.clone());
    Ok(Extracted::Reading(Box::pin(async move {
        read(&request, &endpoint, intake, payload).await
    })))
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

/// The rejection of a request that the application is not set up to verify.
fn misuse(request: &HttpRequest, explanation: &str) -> Rejection {
    log_misuse(request, explanation);
    Rejection::new(Kind::Misuse)
}
