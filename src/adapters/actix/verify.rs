//! The middleware.

use alloc::{boxed::Box, rc::Rc};
use core::{
    future::{Future, Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform},
};
use bytes::Bytes;

use super::{extract, head, read, response};
use crate::{Admitted, Endpoint, Verified};

/// A middleware that lets verified deliveries through to an app, a scope or a resource, with the
/// verified bytes for their payload.
///
/// It answers the handshake and every refusal itself, and judges a head before a byte of payload
/// is asked for. [`webhook`](super::webhook) is this around one handler, along with what
/// extractors need; here, register the endpoint and any limits of actix's yourself.
///
/// # Security
/// What it wraps is behind the endpoint with every path, the pages that are not found included.
/// A middleware that is wrapped around *this* one comes first, and sees unverified bytes.
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
    /// A middleware in front of what this endpoint guards.
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

/// The service that [`Verify`] makes of another one.
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
    // The delivery is handed on once it is read, and other requests come in until then.
    service: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for VerifyService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let endpoint = self.endpoint.clone();
        let service = Rc::clone(&self.service);
        Box::pin(async move {
            match admit(&endpoint, &mut request).await {
                Ok(verified) => {
                    request.set_payload(Payload::from(Bytes::clone(&verified)));
                    request
                        .extensions_mut()
                        .insert(Proof { endpoint, verified });
                    let response = service.call(request).await?;
                    Ok(response.map_into_left_body())
                }
                Err(answer) => {
                    let (request, _) = request.into_parts();
                    // Not `into_response`, which forgets the error that an answer was made of.
                    Ok(ServiceResponse::new(request, answer).map_into_right_body())
                }
            }
        })
    }
}

/// Takes a request through the endpoint: a verified delivery comes back, anything else is
/// answered.
async fn admit(
    endpoint: &Endpoint,
    request: &mut ServiceRequest,
) -> Result<Verified<Bytes>, HttpResponse> {
    match endpoint.admit(&head(request.request())) {
        Ok(Admitted::Handshake(challenge)) => Err(response(&challenge.reply())),
        Ok(Admitted::Delivery(intake)) => {
            let (request, payload) = request.parts_mut();
            let payload = extract::take(request, payload).map_err(HttpResponse::from_error)?;
            let verified = read(endpoint, intake, payload).await;
            verified.map_err(HttpResponse::from_error)
        }
        Err(rejection) => Err(HttpResponse::from_error(rejection)),
    }
}

/// What [`Verify`] leaves in a request's extensions for the extractors.
#[derive(Clone)]
pub(super) struct Proof {
    pub(super) endpoint: Endpoint,
    pub(super) verified: Verified<Bytes>,
}
