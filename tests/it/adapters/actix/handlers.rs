//! Requests that handlers behind the route receive, and the responses they return.

use std::{
    cell::Cell,
    future::{Pending, pending},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    middleware::Compress,
    web,
};
use hubseal::{
    Challenge, Endpoint, Json, Rejection, RejectionKind, Reply, Verified,
    actix::Verify,
    testing::{Request as Sent, sample},
};

use super::{call, endpoint, on_delivery, rejection_kind, text};
use crate::{
    adapters::{READ_DEADLINE, handshake, on_json},
    common::secret,
};

#[tokio::test]
async fn parses_json_only_from_verified_bytes() {
    let app = || App::new().service(hubseal::actix::webhook("/webhook", endpoint(), on_json));

    let genuine = Sent::signed("/webhook", &secret(), sample::text_message());
    let response = call(app(), &genuine).await;
    assert_eq!(response.status(), 200);
    assert_eq!(text(response).await, r#""whatsapp_business_account""#);

    let forged = call(app(), &genuine.body("{not json")).await;
    let kind = rejection_kind(forged).await;
    assert_eq!(
        kind,
        RejectionKind::SignatureMismatch,
        "rejected before it is parsed"
    );

    let mismatch = Sent::signed("/webhook", &secret(), "{\n not json");
    assert_eq!(
        rejection_kind(call(app(), &mismatch).await).await,
        RejectionKind::JsonMismatch
    );
}

#[tokio::test]
async fn extracts_verified_json_of_actix() {
    async fn on_update(update: Verified<web::Json<serde_json::Value>>) -> String {
        format!("{} {}", update.key(), update.0["object"])
    }
    let app = || {
        App::new()
            .service(hubseal::actix::webhook("/webhook", endpoint(), on_update))
            .service(web::resource("/plain").app_data(endpoint()).to(on_update))
    };
    for path in ["/webhook", "/plain"] {
        let genuine = Sent::signed(path, &secret(), sample::text_message());
        let response = call(app(), &genuine).await;
        assert_eq!(response.status(), 200);
        let expected = "current \"whatsapp_business_account\"";
        assert_eq!(text(response).await, expected);

        let forged = call(app(), &genuine.body("{not json")).await;
        assert_eq!(
            rejection_kind(forged).await,
            RejectionKind::SignatureMismatch
        );
        let mismatch = call(app(), &Sent::signed(path, &secret(), "{not json")).await;
        assert_eq!(mismatch.status(), 422);
        assert_eq!(rejection_kind(mismatch).await, RejectionKind::JsonMismatch);
    }
}

#[tokio::test]
async fn plain_handler_behind_webhook_gets_verified_bytes_only() {
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
async fn actix_payload_limits_do_not_apply_behind_webhook() {
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
async fn verified_extractor_works_twice_and_beside_others() {
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
    let seconds = READ_DEADLINE.as_secs();
    assert_eq!(text(response).await, format!("{seconds} {{}} current"));
}

#[tokio::test]
async fn rejections_have_empty_bodies_and_documented_headers() {
    let app = || App::new().service(hubseal::actix::webhook("/", endpoint(), on_delivery));
    for (method, kind) in [
        ("DELETE", RejectionKind::MethodNotAllowed),
        ("HEAD", RejectionKind::MethodNotAllowed),
        ("POST", RejectionKind::SignatureMissing),
        ("GET", RejectionKind::HandshakeMalformed),
    ] {
        let sent = Sent::post("/", "").method(method);
        assert_eq!(rejection_kind(call(app(), &sent).await).await, kind);
    }
}

#[tokio::test]
async fn body_is_never_decompressed() {
    /// `{}` in gzip.
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
    assert_eq!(
        reached.get(),
        GZIP.len(),
        "signed bytes of any kind are accepted"
    );
}

#[tokio::test]
async fn handler_response_is_passed_through() {
    async fn later(_update: Verified<Json<serde_json::Value>>) -> HttpResponse {
        HttpResponse::ServiceUnavailable().body("later")
    }
    let app = App::new().service(hubseal::actix::webhook("/", endpoint(), later));
    let response = call(app, &Sent::signed("/", &secret(), "{}")).await;
    assert_eq!(response.status(), 503);
    assert!(response.error().is_none());
    assert_eq!(text(response).await, "later");
}

#[tokio::test]
async fn handler_can_return_challenge_rejection_or_reply() {
    async fn challenge(request: HttpRequest) -> Result<Challenge, Rejection> {
        endpoint().handshake(request.query_string())
    }
    async fn reply(request: HttpRequest) -> Reply {
        let answered = endpoint().handshake(request.query_string());
        answered.map_or_else(|rejection| rejection.reply(), |challenge| challenge.reply())
    }
    let app = || {
        App::new()
            .route("/challenge", web::get().to(challenge))
            .route("/reply", web::get().to(reply))
    };
    for path in ["/challenge", "/reply"] {
        let response = call(app(), &Sent::get(&format!("{path}?{}", handshake()))).await;
        assert_eq!(response.status(), 200);
        let header = |name| response.headers().get(name).unwrap();
        assert_eq!(header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-length"), "10");
        assert_eq!(response.headers().len(), 3);
        assert_eq!(text(response).await, "1158201444");

        let response = call(app(), &Sent::get(path)).await;
        assert_eq!(response.status(), 403);
        assert_eq!(response.headers().len(), 1);
        assert_eq!(text(response).await, "");
    }
}

#[tokio::test]
async fn middleware_readiness_follows_inner_service() {
    struct Busy(Rc<Cell<bool>>);
    impl Service<ServiceRequest> for Busy {
        type Response = ServiceResponse;
        type Error = Error;
        type Future = Pending<Result<ServiceResponse, Error>>;

        fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
            if self.0.get() {
                return Poll::Pending;
            }
            Poll::Ready(Ok(()))
        }

        fn call(&self, _: ServiceRequest) -> Self::Future {
            pending()
        }
    }
    let busy = Rc::new(Cell::new(true));
    let service = Verify::new(endpoint()).new_transform(Busy(Rc::clone(&busy)));
    let service = service.await.unwrap();
    let mut context = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut context).is_pending());
    busy.set(false);
    assert!(service.poll_ready(&mut context).is_ready());
}
