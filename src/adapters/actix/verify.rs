//! The middleware.

use alloc::{boxed::Box, rc::Rc};
use core::{
    future::{Future, Ready, ready},
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform},
};
use bytes::Bytes;

use super::{
    request::{head, read},
    response::response,
};
use crate::{
    adapters::read::assert_timer,
    endpoint::{Admitted, Delivery, Endpoint, Settlement, Unclaimed, VerifiedBody},
    rejection::Reply,
    signature::Verified,
};

/// A middleware that calls the inner service for verified deliveries only, with the verified bytes as
/// payload.
///
/// It answers the handshake, every rejected request and, with a [replay guard](crate::replay), every
/// duplicate itself. It checks the head before it polls the payload.
///
/// [`webhook`](super::webhook) wraps one handler with this middleware, registers the endpoint and lifts
/// actix's limits. With `Verify`, register the endpoint and set the limits yourself.
///
/// # Security
/// - Every path behind this middleware is verified, including unknown paths.
/// - A middleware that wraps *this* one runs first and sees unverified bytes.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint, Json, Verified};
/// use actix_web::{App, HttpResponse, Responder, web};
/// use hubseal::actix::Verify;
///
/// async fn on_update(update: Verified<Json<serde_json::Value>>) -> impl Responder {
///     println!("{}", update["object"]);
///     HttpResponse::Ok()
/// }
///
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let _app = App::new().service(
///     web::scope("/meta")
///         .app_data(endpoint.clone())
///         .wrap(Verify::new(endpoint))
///         .route("/whatsapp", web::to(on_update))
///         .route("/pages", web::to(on_update)),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verify {
    endpoint: Endpoint,
}

impl Verify {
    /// Creates a middleware that verifies with this endpoint.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let _app = actix_web::App::new().wrap(hubseal::actix::Verify::new(endpoint));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Verify
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = S::Error;
    type Transform = VerifyService<S>;
    type InitError = ();
    type Future = Ready<Result<VerifyService<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(VerifyService {
            endpoint: self.endpoint.clone(),
            service: Rc::new(service),
        }))
    }
}

/// A service that verifies requests before it calls the inner service. [`Verify`] creates it.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint};
/// use actix_web::{HttpResponse, dev::{Service, ServiceRequest, Transform, fn_service}};
/// use actix_web::test::TestRequest;
/// use hubseal::actix::{Verify, VerifyService};
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let service = fn_service(async |request: ServiceRequest| {
///     Ok::<_, actix_web::Error>(request.into_response(HttpResponse::Ok()))
/// });
/// let service: VerifyService<_> = Verify::new(endpoint).new_transform(service).await.unwrap();
/// let unsigned = TestRequest::post().to_srv_request();
/// assert_eq!(service.call(unsigned).await?.status(), 401);
/// # Ok(())
/// # }
/// ```
pub struct VerifyService<S> {
    endpoint: Endpoint,
    // Shared with the futures, which call it once they have read the body.
    service: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for VerifyService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = S::Error;
    type Future = VerifyFuture<B, S::Error>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let endpoint = self.endpoint.clone();
        let service = Rc::clone(&self.service);
        VerifyFuture(Box::pin(async move {
            match claim(&endpoint, &mut request).await {
                Ok((verified, settlement)) => {
                    request.set_payload(Payload::from(Bytes::clone(&verified)));
                    let key = verified.key();
                    let verified = VerifiedBody::new(endpoint, verified);
                    request.extensions_mut().insert(verified);
                    let mut response = service.call(request).await?;
                    settlement.settle(response.status().as_u16()).await;
                    response.response_mut().extensions_mut().insert(key);
                    Ok(response.map_into_left_body())
                }
                Err(early) => {
                    let (request, _) = request.into_parts();
                    // Not `into_response`, which drops the response's error.
                    Ok(ServiceResponse::new(request, early).map_into_right_body())
                }
            }
        }))
    }
}

/// The future of a [`VerifyService`]. It resolves to the response.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint};
/// use actix_web::{HttpResponse, dev::{Service, ServiceRequest, Transform, fn_service}};
/// use actix_web::{body::BoxBody, test::TestRequest};
/// use hubseal::actix::{Verify, VerifyFuture};
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
/// let service = fn_service(async |request: ServiceRequest| {
///     Ok::<_, actix_web::Error>(request.into_response(HttpResponse::Ok()))
/// });
/// let service = Verify::new(endpoint).new_transform(service).await.unwrap();
/// let future: VerifyFuture<BoxBody, actix_web::Error> =
///     service.call(TestRequest::post().to_srv_request());
/// assert_eq!(future.await?.status(), 401);
/// # Ok(())
/// # }
/// ```
pub struct VerifyFuture<B, E>(Pin<Box<dyn Future<Output = Handled<B, E>>>>);

type Handled<B, E> = Result<ServiceResponse<EitherBody<B>>, E>;

impl<B, E> Future for VerifyFuture<B, E> {
    type Output = Handled<B, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

/// Verifies and claims a request. Returns the response to send without the handler.
async fn claim(
    endpoint: &Endpoint,
    request: &mut ServiceRequest,
) -> Result<(Verified<Bytes>, Settlement), HttpResponse> {
    let delivery = admit(endpoint, request).await?;
    delivery.claim().await.map_err(|unclaimed| match unclaimed {
        Unclaimed::Duplicate(key) => {
            let mut response = response(&Reply::empty(200));
            response.extensions_mut().insert(key);
            response
        }
        Unclaimed::Rejected(rejection) => HttpResponse::from_error(rejection),
    })
}

/// Verifies a request. Returns the response to send if it is a handshake or is rejected.
async fn admit(
    endpoint: &Endpoint,
    request: &mut ServiceRequest,
) -> Result<Delivery, HttpResponse> {
    endpoint.check_once(assert_timer);
    // Another middleware of this endpoint may have verified and reported the request.
    let before = request.extensions().get::<VerifiedBody>().cloned();
    if let Some(verified) = before.and_then(|body| body.verified_by(endpoint)) {
        return Ok(Delivery::reported(verified));
    }
    match endpoint.admit(&head(request.request())) {
        Ok(Admitted::Handshake(challenge)) => Err(response(&challenge.reply())),
        Ok(Admitted::Delivery(body_verifier)) => {
            let (request, payload) = request.parts_mut();
            let payload = mem::replace(payload, Payload::None);
            let delivery = read(request, endpoint, body_verifier, payload).await;
            delivery.map_err(HttpResponse::from_error)
        }
        Err(rejection) => Err(HttpResponse::from_error(rejection)),
    }
}
