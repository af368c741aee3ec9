//! The extractors.

use alloc::boxed::Box;
use core::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::request::{head, read, route};
use crate::{
    adapters::read::assert_timer,
    endpoint::{Endpoint, VerifiedBody},
    observe::{json_mismatch, not_configured},
    rejection::{Rejection, RejectionKind},
    signature::{Json, Verified},
};

/// Extracts the verified body.
///
/// Behind [`webhook`](super::webhook) or [`Verify`](super::Verify) the body is verified already. On
/// any other route, this extractor verifies it with the registered endpoint. Such a route does not
/// answer the handshake, and no earlier extractor may read the payload.
///
/// # Errors
/// Rejects the request with a [`Rejection`] if the body cannot be verified. Its kind is
/// [`NotConfigured`](RejectionKind::NotConfigured), and the log names the reason, if:
/// - no endpoint is registered;
/// - different endpoints are registered as `Endpoint` and as `web::Data<Endpoint>`;
/// - the payload was already read.
///
/// # Security
/// A body that one endpoint verified is not verified for another. If another endpoint is registered,
/// the extractor verifies the request with that one.
///
/// On a plain route, this extractor does not use the replay guard of the endpoint: the handler runs for
/// every copy of a delivery. Use [`webhook`](super::webhook), or claim the
/// [fingerprint](Verified::fingerprint) yourself.
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
    type Future = ExtractFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(request, payload).unwrap_or_else(|rejection| ready(Err(rejection)))
    }
}

/// Extracts the verified body, parsed as JSON.
///
/// # Errors
/// Rejects the request like [`Verified<Bytes>`], or with 422
/// ([`JsonMismatch`](RejectionKind::JsonMismatch)) if the body does not parse as `T`. Meta repeats a
/// delivery for days after a 422: prefer `Verified<Bytes>` and [`json`](Verified::json).
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
impl<T: DeserializeOwned + 'static> FromRequest for Verified<Json<T>> {
    type Error = Rejection;
    type Future = ExtractFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        Verified::<Bytes>::from_request(request, payload)
            .and_then(|verified| verified.json().inspect_err(json_mismatch))
    }
}

/// Extracts the verified body, parsed as JSON, in actix's own [`web::Json`].
///
/// # Errors
/// Rejects the request like [`Verified<Json<T>>`](Json).
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint};
/// use actix_web::{App, web};
/// use hubseal::Verified;
///
/// async fn on_update(update: Verified<web::Json<serde_json::Value>>) -> String {
///     update["object"].to_string()
/// }
///
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let _app = App::new().service(hubseal::actix::webhook("/webhook", endpoint, on_update));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<T: DeserializeOwned + 'static> FromRequest for Verified<web::Json<T>> {
    type Error = Rejection;
    type Future = ExtractFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        Verified::<Bytes>::from_request(request, payload).and_then(|verified| {
            let json = verified.json::<T>().inspect_err(json_mismatch)?;
            Ok(json.map_json(web::Json))
        })
    }
}

/// The future of an extractor. It resolves to the extracted value or a [`Rejection`].
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint};
/// use actix_web::{FromRequest, test::TestRequest, web::Bytes};
/// use hubseal::{Verified, actix::ExtractFuture};
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let request = TestRequest::post().set_payload("{}").app_data(endpoint);
/// let (request, mut payload) = request.to_http_parts();
/// let future: ExtractFuture<_> = Verified::<Bytes>::from_request(&request, &mut payload);
/// assert_eq!(future.await.err().unwrap().status(), 401);
/// # Ok(())
/// # }
/// ```
pub struct ExtractFuture<T>(Extracting<T>);

enum Extracting<T> {
    Ready(Option<Result<T, Rejection>>),
    Reading(Pin<Box<dyn Future<Output = Result<T, Rejection>>>>),
}

fn ready<T>(result: Result<T, Rejection>) -> ExtractFuture<T> {
    ExtractFuture(Extracting::Ready(Some(result)))
}

impl<T: 'static> ExtractFuture<T> {
    fn and_then<U: 'static>(self, then: fn(T) -> Result<U, Rejection>) -> ExtractFuture<U> {
        match self.0 {
            Extracting::Ready(result) => ExtractFuture(Extracting::Ready(
                result.map(|result| result.and_then(then)),
            )),
            Extracting::Reading(reading) => {
                ExtractFuture(Extracting::Reading(Box::pin(async move {
                    then(reading.await?)
                })))
            }
        }
    }
}

// The value is moved out and never pinned.
impl<T> Unpin for ExtractFuture<T> {}

impl<T> Future for ExtractFuture<T> {
    type Output = Result<T, Rejection>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Extracting::Ready(result) => result.take().map_or(Poll::Pending, Poll::Ready),
            Extracting::Reading(reading) => reading.as_mut().poll(context),
        }
    }
}

fn extract(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<ExtractFuture<Verified<Bytes>>, Rejection> {
    let verified = request.extensions().get::<VerifiedBody>().cloned();
    let Some(endpoint) = registered(request)? else {
        if let Some(body) = verified {
            return Ok(ready(Ok(body.verified().clone())));
        }
        not_configured(
            &route(request),
            "no Endpoint is registered; use hubseal::actix::webhook, or register the endpoint with \
             app_data",
        );
        // Without an endpoint, there is no observer to tell.
        return Err(Rejection::new(RejectionKind::NotConfigured));
    };
    // Another endpoint has other keys, so its proof does not count here.
    if let Some(verified) = verified.and_then(|body| body.verified_by(endpoint)) {
        return Ok(ready(Ok(verified)));
    }
    endpoint.check_once(assert_timer);
    let earlier = request.extensions_mut().insert(Begun(endpoint.clone()));
    if earlier.is_some_and(|Begun(earlier)| earlier.is(endpoint)) {
        not_configured(
            &route(request),
            "the handler extracts the verified body twice; extract it once",
        );
        // The first extractor reports the request.
        return Err(Rejection::new(RejectionKind::NotConfigured));
    }
    let body_verifier = endpoint.receive(&head(request))?;
    let payload = mem::replace(payload, Payload::None);
    let (request, endpoint) = (request.clone(), endpoint.clone());
    Ok(ExtractFuture(Extracting::Reading(Box::pin(async move {
        let delivery = read(&request, &endpoint, body_verifier, payload).await?;
        let verified = delivery.report();
        let body = VerifiedBody::new(endpoint, verified.clone());
        request.extensions_mut().insert(body);
        Ok(verified)
    }))))
}

/// Marks a request whose body an extractor has begun to read for this endpoint.
struct Begun(Endpoint);

/// Returns the nearest endpoint in the application's data, in either form.
fn registered(request: &HttpRequest) -> Result<Option<&Endpoint>, Rejection> {
    let plain = request.app_data::<Endpoint>();
    let shared = request.app_data::<web::Data<Endpoint>>();
    match (plain, shared.map(web::Data::get_ref)) {
        // actix does not tell which of the two is nearer. The wrong one would accept another URL's
        // keys.
        (Some(plain), Some(shared)) if !plain.is(shared) => {
            not_configured(
                &route(request),
                "different endpoints are registered as Endpoint and as web::Data<Endpoint>; register all \
                 of them in one form",
            );
            Err(plain.not_configured(&head(request)))
        }
        (plain, shared) => Ok(plain.or(shared)),
    }
}
