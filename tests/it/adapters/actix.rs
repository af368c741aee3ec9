//! Runs the actix-web adapter as a route, a middleware and an extractor.

mod endpoints;
mod handlers;
mod payloads;

use std::{future::Future, io, net::SocketAddr, pin::Pin, sync::mpsc, thread};

use actix_web::{
    App, Error, HttpResponse, HttpServer,
    body::{MessageBody, to_bytes},
    dev::{Payload, Service, ServiceFactory, ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    test::{TestRequest, call_service, init_service},
    web,
};
use hubseal::{
    Endpoint, Rejection, RejectionKind, Verified,
    actix::Verify,
    testing::{Case, Request as Sent, Sending, exchange, sample},
};

use super::{Calls, Handler, PATIENCE, endpoint};

async fn on_delivery(_body: Verified<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

type Answering = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>>>>;

fn answering(
    handler: &Handler,
) -> impl Fn(Verified<web::Bytes>) -> Answering + Clone + 'static + use<> {
    let handler = handler.clone();
    move |body| {
        let handler = handler.clone();
        Box::pin(async move {
            let status = handler.run(&body).await?.as_u16();
            Ok(HttpResponse::new(StatusCode::from_u16(status).unwrap()))
        })
    }
}

/// Serves an app in its own thread until the process ends, because an actix system cannot move.
async fn serve<F, T, B>(app: F, calls: Calls) -> SocketAddr
where
    F: Fn() -> App<T> + Clone + Send + 'static,
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let counted = move || {
                let calls = calls.clone();
                app().wrap_fn(move |request, service| {
                    calls.add();
                    service.call(request)
                })
            };
            let server = HttpServer::new(counted)
                .workers(1)
                .disable_signals()
                .bind_auto_h2c(("127.0.0.1", 0))
                .unwrap();
            tell.send(server.addrs()[0]).unwrap();
            server.run().await.unwrap();
        });
    });
    tokio::task::spawn_blocking(move || told.recv().unwrap())
        .await
        .unwrap()
}

/// Serves the webhook route at `/webhook`.
pub(super) async fn route(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let app = move || {
        let (endpoint, handler) = (endpoint.clone(), answering(&handler));
        App::new().service(hubseal::actix::webhook("/webhook", endpoint, handler))
    };
    serve(app, calls).await
}

/// Serves a resource wrapped in the middleware at `/webhook`. An error of the handler reaches the
/// middleware as an error.
pub(super) async fn middleware(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let app = move || {
        let resource = web::resource("/webhook").to(answering(&handler));
        let failing = resource.wrap_fn(|request, service| {
            let response = service.call(request);
            async {
                let response = response.await?;
                // actix has converted the error into a response.
                let error = response.response().error();
                match error.and_then(Error::as_error::<io::Error>) {
                    Some(error) => Err(io::Error::from(error.kind()).into()),
                    None => Ok(response),
                }
            }
        });
        App::new().service(failing.wrap(Verify::new(endpoint.clone())))
    };
    serve(app, calls).await
}

/// Serves a plain route with the extractor at `/webhook`.
pub(super) async fn extractor(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let app = move || {
        App::new()
            .app_data(endpoint.clone())
            .route("/webhook", web::to(answering(&handler)))
    };
    serve(app, calls).await
}

/// Skips the one case that actix decides before it calls any service: it sends `100 Continue`
/// whenever a head asks for it.
pub(crate) fn without_expect_continue_case(case: &Case) -> bool {
    case.label != "no signature, and the body waits to be asked for"
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_unsigned_expect_continue_without_reading_body() {
    let address = route(endpoint(), Calls::default(), Handler::default()).await;
    let request = Sent::post("/webhook", sample::text_message())
        .header("expect", "100-continue")
        .sending(Sending::Withheld);
    let answer = tokio::task::spawn_blocking(move || exchange(address, &request, PATIENCE));
    assert_eq!(answer.await.unwrap().unwrap().status, 401);
}

/// Builds the head only: `TestRequest` would declare the length of a body by itself.
fn request(sent: &Sent) -> TestRequest {
    let request = TestRequest::with_uri(&sent.target)
        .method(Method::from_bytes(sent.method.as_bytes()).unwrap());
    sent.headers.iter().fold(request, |request, (name, value)| {
        request.append_header((name.as_str(), value.as_slice()))
    })
}

/// Returns the response without its request. actix pools requests, so one that outlives its app
/// leaks.
async fn call<T, B>(app: App<T>, sent: &Sent) -> HttpResponse
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let app = init_service(app).await;
    let mut request = request(sent).to_request();
    *request.payload() = Payload::from(sent.body.clone());
    let (_request, response) = call_service(&app, request).await.into_parts();
    response.map_into_boxed_body()
}

async fn text(response: HttpResponse) -> String {
    String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap()
}

/// Returns the kind of a rejection and checks status, headers and the empty body of its response.
async fn rejection_kind(response: HttpResponse) -> RejectionKind {
    let rejection = response.extensions().get::<Rejection>().unwrap().clone();
    let error = response.error().unwrap();
    assert_eq!(error.as_error::<Rejection>(), Some(&rejection));
    assert_eq!(response.status().as_u16(), rejection.status());
    assert_eq!(error.as_response_error().status_code(), response.status());
    let allow = response.headers().get(header::ALLOW);
    assert_eq!(
        allow.is_some_and(|allow| allow == "GET, POST"),
        rejection.status() == 405
    );
    let length = response.headers().get(header::CONTENT_LENGTH);
    assert!(length.is_some_and(|length| length == "0"));
    let others = response.headers().len() - usize::from(allow.is_some());
    assert_eq!(others, 1, "{:?}", response.headers());
    assert_eq!(text(response).await, "");
    rejection.kind()
}
