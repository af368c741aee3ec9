//! Gates in every form, over HTTP/1.1 and HTTP/2: the allow-list, the failure limit, and the address of the
//! client behind a trusted proxy.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use hubseal::{
    End, EndpointBuilder, RejectionKind,
    edge::{AllowList, ClientAddress, FailureLimit},
    testing::{Request as Sent, Sending, exchange, sample},
};
use tokio::task::spawn_blocking;

use super::{
    Calls, Form, Handler, PATIENCE, READ_DEADLINE,
    client::{Client, Http},
    forms, handshake,
};
use crate::common::secret;

/// The end, the source, and the kind of a report-only rejection.
type Reported = (End, Option<IpAddr>, Option<RejectionKind>);

struct Server {
    client: Client,
    address: std::net::SocketAddr,
    handler: Handler,
    reported: Arc<Mutex<Vec<Reported>>>,
}

impl Server {
    async fn start(
        (form, http): (Form, Http),
        configure: impl FnOnce(EndpointBuilder) -> EndpointBuilder,
    ) -> Self {
        let reported = Arc::<Mutex<Vec<Reported>>>::default();
        let record = Arc::clone(&reported);
        let builder = crate::common::endpoint().read_deadline(READ_DEADLINE);
        let endpoint = configure(builder).add_observer(move |outcome: &hubseal::Outcome<'_>| {
            let reported = (outcome.end(), outcome.source(), outcome.report_only());
            record.lock().unwrap().push(reported);
        });
        let handler = Handler::default();
        let endpoint = endpoint.build().unwrap();
        let address = (form.start)(endpoint, Calls::default(), handler.clone()).await;
        Self {
            client: Client::connect(address, http).await,
            address,
            handler,
            reported,
        }
    }

    /// Sends a request. Returns its status and its only outcome.
    async fn send(&self, sent: Sent) -> (u16, Reported) {
        let answer = self.client.send(sent).await.unwrap();
        let reported = std::mem::take(&mut *self.reported.lock().unwrap());
        let [outcome] = reported[..] else {
            panic!("{reported:?}")
        };
        (answer.status, outcome)
    }

    /// Sends a genuine delivery that the handler must get.
    async fn handles(&self, sent: Sent) -> Reported {
        let runs = self.handler.runs();
        let (status, outcome) = self.send(sent).await;
        assert_eq!(
            (status, self.handler.runs()),
            (200, runs + 1),
            "{outcome:?}"
        );
        assert!(matches!(outcome.0, End::Verified { .. }), "{outcome:?}");
        outcome
    }

    /// Sends a request that a gate must reject. Returns the source.
    async fn rejects(&self, sent: Sent, status: u16, kind: RejectionKind) -> Option<IpAddr> {
        let runs = self.handler.runs();
        let (answered, (end, source, report_only)) = self.send(sent).await;
        assert_eq!((answered, end), (status, End::Rejected(kind)));
        assert_eq!((self.handler.runs(), report_only), (runs, None));
        source
    }
}

fn genuine() -> Sent {
    Sent::signed("/webhook", &secret(), "{}")
}

fn forged() -> Sent {
    genuine().body("[]")
}

fn listed(text: &str) -> AllowList {
    AllowList::parse(text).unwrap()
}

const LOOPBACK: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

async fn allow_list_rejects_other_sources_until_it_is_replaced(form: (Form, Http)) {
    let list = listed("192.0.2.0/24");
    let server = Server::start(form, |builder| builder.allow_list(list.clone())).await;
    let not_allowed = RejectionKind::SourceNotAllowed;
    assert_eq!(server.rejects(genuine(), 403, not_allowed).await, LOOPBACK);
    server.rejects(forged(), 403, not_allowed).await;

    list.replace("127.0.0.1\n").unwrap();
    assert_eq!(server.handles(genuine()).await.1, LOOPBACK);
    list.replace("127.0.0.1\nnonsense\n").unwrap_err();
    server.handles(genuine()).await;
}

async fn report_only_list_reports_and_accepts(form: (Form, Http)) {
    let list = listed("192.0.2.0/24").report_only();
    let server = Server::start(form, |builder| builder.allow_list(list.clone())).await;
    let not_allowed = Some(RejectionKind::SourceNotAllowed);
    assert_eq!(server.handles(genuine()).await.2, not_allowed);
    let (status, (end, _, report_only)) = server.send(forged()).await;
    let mismatch = End::Rejected(RejectionKind::SignatureMismatch);
    assert_eq!((status, end, report_only), (401, mismatch, not_allowed));

    list.replace("127.0.0.1\n").unwrap();
    assert_eq!(server.handles(genuine()).await.2, None);
}

async fn client_behind_trusted_proxy_is_judged(form: (Form, Http)) {
    let server = Server::start(form, |builder| {
        builder
            .client_address(ClientAddress::behind_proxies("127.0.0.0/8, 10.0.0.0/8").unwrap())
            .allow_list(listed("192.0.2.0/24"))
    })
    .await;
    let behind = |hops: &str| genuine().header("x-forwarded-for", hops);
    let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());

    let (_, source, _) = server.handles(behind("192.0.2.7, 10.1.1.1")).await;
    assert_eq!(source, address("192.0.2.7"));
    let spoofed = behind("192.0.2.7, 198.51.100.9");
    let source = server
        .rejects(spoofed, 403, RejectionKind::SourceNotAllowed)
        .await;
    assert_eq!(source, address("198.51.100.9"));
    for unknown in [genuine(), behind("192.0.2.7, nonsense"), behind("10.0.0.1")] {
        let source = server
            .rejects(unknown, 403, RejectionKind::SourceUnknown)
            .await;
        assert_eq!(source, None);
    }
}

async fn failure_limit_rejects_failing_source_only(form: (Form, Http)) {
    let server = Server::start(form, |builder| {
        builder
            .client_address(ClientAddress::behind_proxies("127.0.0.1").unwrap())
            .failure_limit(FailureLimit::per_minute(3))
    })
    .await;
    let from = |sent: Sent, client: &str| sent.header("x-forwarded-for", client);
    for _ in 0..5 {
        server.handles(from(genuine(), "192.0.2.7")).await;
    }
    for failing in [forged(), genuine().without("x-hub-signature-256"), forged()] {
        let (status, _) = server.send(from(failing, "192.0.2.7")).await;
        assert_eq!(status, 401);
    }
    let too_many = RejectionKind::TooManyFailures;
    for _ in 0..4 {
        server
            .rejects(from(forged(), "192.0.2.7"), 429, too_many)
            .await;
    }
    server
        .rejects(from(genuine(), "192.0.2.7"), 429, too_many)
        .await;
    let answer = server
        .client
        .send(from(genuine(), "192.0.2.7"))
        .await
        .unwrap();
    // A failure is free every 20 seconds, and the rejected requests above cost none.
    answer.assert_retry_after(429, 1..=20);
    server.reported.lock().unwrap().clear();

    server.handles(from(genuine(), "192.0.2.8")).await;
}

async fn slow_sender_is_cut_off(form: (Form, Http)) {
    let limit = FailureLimit::per_minute(2);
    let deadline = Duration::from_millis(300);
    let server = Server::start(form, |builder| {
        builder.failure_limit(limit).read_deadline(deadline)
    })
    .await;
    let address = server.address;
    for expected in [408, 408, 429] {
        let stalled = Sent::signed("/webhook", &secret(), sample::of_size(100_000))
            .sending(Sending::Stalled { after: 1_000 });
        let answered = spawn_blocking(move || exchange(address, &stalled, PATIENCE));
        assert_eq!(answered.await.unwrap().unwrap().status, expected);
    }
}

async fn gates_judge_handshakes(form: (Form, Http)) {
    let get = || Sent::get(&format!("/webhook?{}", handshake()));
    let list = listed("192.0.2.0/24");
    let server = Server::start(form, |builder| {
        builder
            .allow_list(list.clone())
            .failure_limit(FailureLimit::per_minute(1))
    })
    .await;
    server
        .rejects(get(), 403, RejectionKind::SourceNotAllowed)
        .await;
    list.replace("127.0.0.1").unwrap();
    assert_eq!(server.send(get()).await.0, 200);
    assert_eq!(server.send(forged()).await.0, 401);
    server
        .rejects(get(), 429, RejectionKind::TooManyFailures)
        .await;
}

/// Declares a module for each form and each version of HTTP, with a test for each scenario.
macro_rules! table {
    ($kind:tt: $($name:ident: $form:ident;)*) => { $(
        mod $name {
            mod http1 {
                use super::super::*;

                const FORM: (Form, Http) = (forms::$form, Http::One);

                table!(@$kind);
            }

            mod http2 {
                use super::super::*;

                const FORM: (Form, Http) = (forms::$form, Http::Two);

                table!(@$kind);
            }
        }
    )* };
    (@services) => {
        table!(@extractors);
        table!(@scenarios gates_judge_handshakes);
    };
    (@extractors) => {
        table!(@scenarios
            allow_list_rejects_other_sources_until_it_is_replaced
            report_only_list_reports_and_accepts
            client_behind_trusted_proxy_is_judged
            failure_limit_rejects_failing_source_only
            slow_sender_is_cut_off
        );
    };
    (@scenarios $($scenario:ident)*) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $scenario() {
            super::super::$scenario(FORM).await;
        }
    )* };
}

table! { services:
    axum_route: AXUM_ROUTE;
    axum_layer: AXUM_LAYER;
    axum_nested: AXUM_NESTED;
    actix_route: ACTIX_ROUTE;
    actix_middleware: ACTIX_MIDDLEWARE;
    hyper_function: HYPER_FUNCTION;
    hyper_service: HYPER_SERVICE;
    tower_service: TOWER_SERVICE;
}

table! { extractors:
    axum_extractor: AXUM_EXTRACTOR;
    actix_extractor: ACTIX_EXTRACTOR;
}

/// A server that passes no address of the peer.
mod without_peer {
    use hubseal::{Endpoint, Rejection, Verified};
    use tower::ServiceExt;

    use super::*;

    fn gated() -> Endpoint {
        let builder = crate::common::endpoint().failure_limit(FailureLimit::per_minute(9));
        builder.build().unwrap()
    }

    #[track_caller]
    fn assert_not_configured(status: u16, rejection: Option<&Rejection>) {
        let kind = rejection.map(Rejection::kind);
        assert_eq!((status, kind), (500, Some(RejectionKind::NotConfigured)));
    }

    fn request() -> http::Request<http_body_util::Full<bytes::Bytes>> {
        let request = http::Request::<bytes::Bytes>::try_from(genuine()).unwrap();
        request.map(http_body_util::Full::new)
    }

    #[tokio::test]
    async fn axum_rejects_every_request() {
        let app = ::axum::Router::new()
            .merge(hubseal::axum::webhook(
                "/webhook",
                super::super::on_delivery,
            ))
            .with_state(gated());
        let response = app
            .oneshot(request().map(::axum::body::Body::new))
            .await
            .unwrap();
        let rejection = response.extensions().get::<Rejection>();
        assert_not_configured(response.status().as_u16(), rejection);
    }

    #[tokio::test]
    async fn tower_rejects_every_request() {
        let service = tower::ServiceBuilder::new()
            .layer(hubseal::tower::VerifyLayer::new(gated()))
            .service_fn(async |_| Ok::<_, std::io::Error>(http::Response::new(String::new())));
        let response = service.oneshot(request()).await.unwrap();
        let rejection = response.extensions().get::<Rejection>();
        assert_not_configured(response.status().as_u16(), rejection);
    }

    #[tokio::test]
    async fn hyper_rejects_every_request() {
        let early = hubseal::hyper::verify(request(), &gated())
            .await
            .unwrap_err();
        let response = http::Response::<bytes::Bytes>::from(early);
        let rejection = response.extensions().get::<Rejection>();
        assert_not_configured(response.status().as_u16(), rejection);
    }

    #[actix_web::test]
    async fn actix_rejects_every_request() {
        let on_delivery = async |_: Verified<bytes::Bytes>| actix_web::HttpResponse::Ok();
        let webhook = hubseal::actix::webhook("/webhook", gated(), on_delivery);
        let app = actix_web::test::init_service(actix_web::App::new().service(webhook)).await;
        let signature = gated().verifier().sign("{}").to_string();
        let request = actix_web::test::TestRequest::post()
            .uri("/webhook")
            .insert_header(("x-hub-signature-256", signature))
            .set_payload("{}");
        let response = actix_web::test::call_service(&app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), 500);
        let error = response.response().error().unwrap();
        assert!(error.to_string().contains("gate"), "{error}");
    }
}
