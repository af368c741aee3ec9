//! The forms in which the actix-web adapter is used.

mod payloads;

use std::{cell::Cell, net::SocketAddr, rc::Rc, sync::mpsc, thread};

use actix_web::{
    App, Error, HttpMessage, HttpRequest, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{Payload, Service, ServiceFactory, ServiceRequest, ServiceResponse, Transform},
    http::{Method, header},
    middleware::{Compress, Next, from_fn},
    test::{TestRequest, call_service, init_service, read_body},
    web,
};
use hubseal::{
    AppSecret, Endpoint, Json, Kind, Rejection, Verified,
    actix::Verify,
    testing::{Case, Request as Sent, Sending, replay, sample},
};

use super::{PATIENCE, endpoint, is_delivery, on_json, replay_battery};
use crate::common::{PREVIOUS_SECRET, TOKEN, secret};

async fn on_delivery(_body: Verified<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A server in a thread of its own, which ends with the process: an actix system stays where it is.
async fn serve<F, T, B>(app: F) -> SocketAddr
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
            let server = HttpServer::new(app)
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap();
            tell.send(server.addrs()[0]).unwrap();
            server.run().await.unwrap();
        });
    });
    tokio::task::spawn_blocking(move || told.recv().unwrap())
        .await
        .unwrap()
}

/// A server with the route, at `/webhook`.
pub(crate) async fn route(endpoint: Endpoint) -> SocketAddr {
    serve(move || {
        let endpoint = endpoint.clone();
        App::new().service(hubseal::actix::webhook("/webhook", endpoint, on_delivery))
    })
    .await
}

/// A server with the middleware around a resource, at `/webhook`.
pub(crate) async fn middleware(endpoint: Endpoint) -> SocketAddr {
    serve(move || {
        let resource = web::resource("/webhook").to(on_delivery);
        App::new().service(resource.wrap(Verify::new(endpoint.clone())))
    })
    .await
}

/// A server with the extractor on a route of its own, at `/webhook`.
pub(crate) async fn extractor(endpoint: Endpoint) -> SocketAddr {
    serve(move || {
        App::new()
            .app_data(endpoint.clone())
            .route("/webhook", web::to(on_delivery))
    })
    .await
}

/// Without the one case that actix decides before any service runs: it sends `100 Continue` for
/// every head that asks for it.
pub(crate) fn but_for_100_continue(case: &Case) -> bool {
    case.label != "no signature, and the body waits to be asked for"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_resource_passes_the_battery() {
    replay_battery(route(endpoint()).await, "/webhook", but_for_100_continue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_behind_the_middleware_passes_the_battery() {
    let address = middleware(endpoint()).await;
    replay_battery(address, "/webhook", but_for_100_continue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extractor_on_any_route_passes_the_battery_of_deliveries() {
    let fits = |case: &Case| is_delivery(case) && but_for_100_continue(case);
    replay_battery(extractor(endpoint()).await, "/webhook", fits).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_head_that_waits_for_100_continue_is_refused_without_its_body() {
    let address = route(endpoint()).await;
    let request = Sent::post("/webhook", sample::text_message())
        .header("expect", "100-continue")
        .sending(Sending::Withheld);
    let answer = tokio::task::spawn_blocking(move || replay(address, &request, PATIENCE));
    assert_eq!(answer.await.unwrap().unwrap().status, 401);
}

/// The head; `TestRequest` would declare the length of a body by itself.
fn request(sent: &Sent) -> TestRequest {
    let request = TestRequest::with_uri(&sent.target)
        .method(Method::from_bytes(sent.method.as_bytes()).unwrap());
    sent.headers.iter().fold(request, |request, (name, value)| {
        request.append_header((name.as_str(), value.as_slice()))
    })
}

async fn call<T, B>(app: App<T>, sent: &Sent) -> ServiceResponse
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
    let response = call_service(&app, request).await;
    response.map_into_boxed_body()
}

async fn text(response: ServiceResponse) -> String {
    String::from_utf8(read_body(response).await.to_vec()).unwrap()
}

/// The kind in the response, which must have the kind's status and say nothing of it.
async fn refused(response: ServiceResponse) -> Kind {
    let rejection = *response.response().extensions().get::<Rejection>().unwrap();
    let error = response.response().error().unwrap();
    assert_eq!(error.as_error::<Rejection>(), Some(&rejection));
    assert_eq!(response.status().as_u16(), rejection.status());
    let allow = response.headers().get(header::ALLOW);
    assert_eq!(
        allow.is_some_and(|allow| allow == "GET, POST"),
        rejection.status() == 405
    );
    let others = response.headers().len() - usize::from(allow.is_some());
    assert_eq!(others, 0, "{:?}", response.headers());
    assert_eq!(text(response).await, "");
    rejection.kind()
}

fn other() -> AppSecret {
    AppSecret::new(PREVIOUS_SECRET).unwrap()
}

fn other_endpoint() -> Endpoint {
    Endpoint::builder(other()).build()
}

#[tokio::test]
async fn json_is_parsed_from_verified_bytes_only() {
    let app = || App::new().service(hubseal::actix::webhook("/webhook", endpoint(), on_json));

    let genuine = Sent::signed("/webhook", &secret(), sample::text_message());
    let response = call(app(), &genuine).await;
    assert_eq!(response.status(), 200);
    assert_eq!(text(response).await, r#""whatsapp_business_account""#);

    let forged = call(app(), &genuine.body("{not json")).await;
    let kind = refused(forged).await;
    assert_eq!(kind, Kind::SignatureMismatch, "nothing parses it");

    let mismatch = Sent::signed("/webhook", &secret(), "{\n not json");
    assert_eq!(
        refused(call(app(), &mismatch).await).await,
        Kind::JsonMismatch
    );
}

#[tokio::test]
async fn any_handler_behind_a_webhook_sees_verified_bytes_only() {
    async fn unaware(request: HttpRequest, body: String) -> String {
        format!("{} {} {body}", request.method(), request.uri())
    }
    let app = || App::new().service(hubseal::actix::webhook("/webhook", endpoint(), unaware));

    let genuine = Sent::signed("/webhook", &secret(), "{}");
    assert_eq!(text(call(app(), &genuine).await).await, "POST /webhook {}");
    for (sent, status) in [
        (genuine.body("{\"forged\":1}"), 401),
        (Sent::post("/webhook", "{}"), 401),
        (Sent::get("/webhook"), 403),
    ] {
        assert_eq!(call(app(), &sent).await.status(), status);
    }
}

#[tokio::test]
async fn limits_of_actix_do_not_apply_behind_a_webhook() {
    async fn bytes(body: web::Bytes) -> String {
        body.len().to_string()
    }
    async fn string(body: String) -> String {
        body.len().to_string()
    }
    async fn json(body: web::Json<serde_json::Value>) -> String {
        body.to_string().len().to_string()
    }
    async fn form(body: web::Form<Vec<(String, String)>>) -> String {
        body[0].1.len().to_string()
    }
    let webhook = "/bytes";
    let app = || {
        App::new()
            .app_data(web::PayloadConfig::new(1))
            .service(hubseal::actix::webhook(webhook, endpoint(), bytes))
            .service(hubseal::actix::webhook("/string", endpoint(), string))
            .service(hubseal::actix::webhook("/json", endpoint(), json))
            .service(hubseal::actix::webhook("/form", endpoint(), form))
    };
    let text_of = format!("\"{}\"", "x".repeat((3 << 20) - 2));
    for (path, kind, body) in [
        (webhook, "text/plain", text_of.clone()),
        ("/string", "text/plain", text_of.clone()),
        ("/json", "application/json", text_of.clone()),
        (
            "/form",
            "application/x-www-form-urlencoded",
            format!("payload={}", "x".repeat(3 << 20)),
        ),
    ] {
        let sent = Sent::signed(path, &secret(), body).header("content-type", kind);
        for sent in [sent.clone(), sent.without("content-length")] {
            let response = call(app(), &sent).await;
            assert_eq!(text(response).await, (3 << 20).to_string(), "{path}");
        }
    }
}

#[tokio::test]
async fn other_extractors_stand_beside_the_proof_and_the_proof_twice() {
    async fn beside(
        body: web::Bytes,
        update: Verified<Json<serde_json::Value>>,
        endpoint: web::Data<Endpoint>,
        verified: Verified<web::Bytes>,
    ) -> String {
        assert_eq!(body, *verified);
        let seconds = endpoint.read_deadline().as_secs();
        format!("{seconds} {} {}", **update, verified.key())
    }
    let app = App::new().service(hubseal::actix::webhook("/webhook", endpoint(), beside));
    let response = call(app, &Sent::signed("/webhook", &secret(), "{}")).await;
    assert_eq!(text(response).await, "2 {} current");
}

#[tokio::test]
async fn several_endpoints_in_one_app_keep_their_keys_apart() {
    let app = || {
        let (shop, support) = (endpoint(), other_endpoint());
        App::new()
            .app_data(web::Data::new(shop.clone()))
            .route("/shop/plain", web::post().to(on_delivery))
            .service(hubseal::actix::webhook("/shop", shop, on_delivery))
            .service(hubseal::actix::webhook(
                "/support",
                support.clone(),
                on_delivery,
            ))
            .service(
                web::scope("/support/all")
                    .app_data(web::Data::new(support.clone()))
                    .wrap(Verify::new(support))
                    .route("/one", web::to(on_delivery)),
            )
    };
    for (path, secret, status) in [
        ("/shop", secret(), 200),
        ("/shop/plain", secret(), 200),
        ("/support", other(), 200),
        ("/support/all/one", other(), 200),
        ("/shop", other(), 401),
        ("/shop/plain", other(), 401),
        ("/support", secret(), 401),
        ("/support/all/one", secret(), 401),
        ("/support/all/none", secret(), 401),
        ("/support/all/none", other(), 404),
    ] {
        let response = call(app(), &Sent::signed(path, &secret, "{}")).await;
        assert_eq!(response.status(), status, "{path}");
    }
    let token = TOKEN.replace('+', "%2B").replace(' ', "+");
    let query = format!("hub.mode=subscribe&hub.challenge=7&hub.verify_token={token}");
    for (path, status) in [("/shop", 200), ("/support", 403), ("/shop/plain", 404)] {
        let response = call(app(), &Sent::get(&format!("{path}?{query}"))).await;
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test]
async fn the_proof_of_one_endpoint_is_none_for_another() {
    let verified_by_one = |registered: Endpoint| {
        let resource = web::resource("/webhook").app_data(registered);
        App::new().service(resource.to(on_delivery).wrap(Verify::new(endpoint())))
    };
    let sent = Sent::signed("/webhook", &secret(), "{}");
    let response = call(verified_by_one(other_endpoint()), &sent).await;
    assert_eq!(refused(response).await, Kind::SignatureMismatch);
    let alike = call(verified_by_one(endpoint()), &sent).await;
    assert_eq!(alike.status(), 200, "verified again, from the same bytes");
}

#[tokio::test]
async fn a_proof_that_lies_about_in_the_extensions_is_not_taken() {
    let app = App::new().service(hubseal::actix::webhook("/webhook", endpoint(), on_delivery));
    let proof = endpoint().verifier().verify(
        endpoint().verifier().sign("{}").to_string(),
        web::Bytes::from("{}"),
    );
    let mut request = request(&Sent::post("/webhook", "{}")).to_request();
    *request.payload() = Payload::from("{}".as_bytes().to_vec());
    request.extensions_mut().insert(proof.unwrap());
    let response = call_service(&init_service(app).await, request).await;
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn an_endpoint_that_is_missing_or_in_doubt_is_misuse() {
    let sent = Sent::signed("/", &secret(), "{}");
    let app = || App::new().route("/", web::to(on_delivery));
    assert_eq!(refused(call(app(), &sent).await).await, Kind::Misuse);

    let app = app()
        .app_data(endpoint())
        .app_data(web::Data::new(other_endpoint()));
    assert_eq!(refused(call(app, &sent).await).await, Kind::Misuse);
}

#[tokio::test]
async fn a_body_that_was_read_already_is_misuse() {
    async fn late(_read: web::Bytes, _body: Verified<web::Bytes>) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    async fn greedy(
        mut request: ServiceRequest,
        next: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        drop(request.take_payload());
        next.call(request).await
    }
    let plain = || App::new().app_data(endpoint()).route("/", web::to(late));
    let wrapped = || {
        App::new()
            .service(hubseal::actix::webhook("/", endpoint(), on_delivery))
            .wrap(from_fn(greedy))
    };
    let whole = Sent::signed("/", &secret(), "{}");
    for sent in [whole.clone(), whole.clone().chunked(1)] {
        assert_eq!(refused(call(plain(), &sent).await).await, Kind::Misuse);
        assert_eq!(refused(call(wrapped(), &sent).await).await, Kind::Misuse);
    }
    // Where there is no body, there is none to be missed.
    let empty = Sent::signed("/", &secret(), "");
    for sent in [
        empty.clone(),
        empty.clone().without("content-length"),
        empty.header("transfer-encoding", "identity"),
    ] {
        assert_eq!(call(plain(), &sent).await.status(), 200);
        assert_eq!(call(wrapped(), &sent).await.status(), 200);
    }
    // The head is judged first: who cannot sign does not get as far as the log.
    let unsigned = Sent::post("/", "{}");
    let kind = refused(call(plain(), &unsigned).await).await;
    assert_eq!(kind, Kind::SignatureMissing);
}

#[tokio::test]
async fn refusals_have_empty_bodies_and_only_the_headers_of_the_table() {
    let app = || App::new().service(hubseal::actix::webhook("/", endpoint(), on_delivery));
    for (method, kind) in [
        ("DELETE", Kind::MethodNotAllowed),
        ("HEAD", Kind::MethodNotAllowed),
        ("POST", Kind::SignatureMissing),
        ("GET", Kind::HandshakeMalformed),
    ] {
        let sent = Sent::post("/", "").method(method);
        assert_eq!(refused(call(app(), &sent).await).await, kind);
    }
}

#[tokio::test]
async fn nothing_decompresses_a_body() {
    /// `{}` as gzip writes it.
    const GZIP: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 171, 174, 5, 0, 67, 191, 166, 163, 2, 0, 0, 0,
    ];
    let reached = Rc::new(Cell::new(0));
    let app = || {
        let reached = Rc::clone(&reached);
        let handler = move |body: web::Bytes| {
            reached.set(body.len());
            async { HttpResponse::Ok().finish() }
        };
        App::new()
            .wrap(Compress::default())
            .service(hubseal::actix::webhook("/", endpoint(), handler))
            .service(web::resource("/plain").app_data(endpoint()).to(on_delivery))
    };
    let coded = |sent: Sent| {
        sent.header("content-encoding", "gzip")
            .header("accept-encoding", "gzip")
    };
    for path in ["/", "/plain"] {
        for sent in [
            Sent::signed(path, &secret(), GZIP),
            Sent::signed(path, &secret(), "{}").body(GZIP),
        ] {
            let response = call(app(), &coded(sent)).await;
            assert_eq!(response.status(), 415);
            assert_eq!(text(response).await, "");
        }
    }
    assert_eq!(reached.get(), 0);
    let response = call(app(), &Sent::signed("/", &secret(), GZIP)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(reached.get(), GZIP.len(), "any bytes may be signed");
}

#[tokio::test]
async fn a_handler_may_answer_what_it_likes() {
    async fn later(_update: Verified<Json<serde_json::Value>>) -> HttpResponse {
        HttpResponse::ServiceUnavailable().body("later")
    }
    let app = App::new().service(hubseal::actix::webhook("/", endpoint(), later));
    let response = call(app, &Sent::signed("/", &secret(), "{}")).await;
    assert_eq!(response.status(), 503);
    assert!(response.response().error().is_none());
    assert_eq!(text(response).await, "later");
}

#[tokio::test]
async fn the_middleware_is_as_ready_as_what_is_behind_it() {
    struct Busy(Rc<Cell<bool>>);
    impl Service<ServiceRequest> for Busy {
        type Response = ServiceResponse;
        type Error = Error;
        type Future = std::future::Pending<Result<ServiceResponse, Error>>;

        fn poll_ready(&self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>> {
            if self.0.get() {
                return std::task::Poll::Pending;
            }
            std::task::Poll::Ready(Ok(()))
        }

        fn call(&self, _: ServiceRequest) -> Self::Future {
            std::future::pending()
        }
    }
    let busy = Rc::new(Cell::new(true));
    let service = Verify::new(endpoint()).new_transform(Busy(Rc::clone(&busy)));
    let service = service.await.unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(service.poll_ready(&mut context).is_pending());
    busy.set(false);
    assert!(service.poll_ready(&mut context).is_ready());
}
