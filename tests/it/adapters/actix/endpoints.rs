//! Choice of the endpoint that verifies a request, and configuration mistakes.

use actix_web::{
    App, Error, HttpMessage, HttpResponse,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    test::{call_service, init_service},
    web,
};
use hubseal::{
    AppSecret, End, Endpoint, EndpointBuilder, RejectionKind, Verified, actix::Verify,
    testing::Request as Sent,
};

use super::{call, endpoint, on_delivery, rejection_kind, request};
use crate::{
    adapters::handshake,
    common::{PREVIOUS_SECRET, secret},
    outcomes::{Record, observed},
};

const NOT_CONFIGURED: (End, u64) = (End::Rejected(RejectionKind::NotConfigured), 0);

fn other() -> AppSecret {
    AppSecret::new(PREVIOUS_SECRET).unwrap()
}

fn other_endpoint() -> Endpoint {
    Endpoint::builder(other()).build().unwrap()
}

#[tokio::test]
async fn endpoints_in_one_app_use_their_own_keys() {
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
    let query = handshake();
    for (path, status) in [("/shop", 200), ("/support", 403), ("/shop/plain", 404)] {
        let response = call(app(), &Sent::get(&format!("{path}?{query}"))).await;
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test]
async fn verified_body_is_not_valid_for_another_endpoint() {
    let verified_by_one = |registered: Endpoint| {
        let resource = web::resource("/webhook").app_data(registered);
        App::new().service(resource.to(on_delivery).wrap(Verify::new(endpoint())))
    };
    let sent = Sent::signed("/webhook", &secret(), "{}");
    let response = call(verified_by_one(other_endpoint()), &sent).await;
    assert_eq!(
        rejection_kind(response).await,
        RejectionKind::SignatureMismatch
    );
    let same_keys = call(verified_by_one(endpoint()), &sent).await;
    assert_eq!(
        same_keys.status(),
        200,
        "verified again from the same bytes"
    );
}

#[tokio::test]
async fn webhook_behind_middleware_of_its_endpoint_does_not_verify_again() {
    let (endpoint, record) = observed(crate::common::endpoint());
    let app = || {
        let webhook = hubseal::actix::webhook("/", endpoint.clone(), on_delivery);
        App::new().service(
            web::scope("")
                .wrap(Verify::new(endpoint.clone()))
                .service(webhook),
        )
    };
    for (sent, status) in [
        (Sent::signed("/", &secret(), "{}"), 200),
        (Sent::signed("/", &secret(), "{}").body("[]"), 401),
        (Sent::get(&format!("/?{}", handshake())), 200),
    ] {
        assert_eq!(call(app(), &sent).await.status(), status);
        assert_eq!(record.take().len(), 1);
    }
    assert_eq!(endpoint.verifier().keys().match_count("current"), Some(1));
}

#[tokio::test]
async fn ignores_verified_value_inserted_into_extensions() {
    let app = App::new().service(hubseal::actix::webhook("/webhook", endpoint(), on_delivery));
    let verified = endpoint().verifier().verify(
        endpoint().verifier().sign("{}").to_string(),
        web::Bytes::from("{}"),
    );
    let mut request = request(&Sent::post("/webhook", "{}")).to_request();
    *request.payload() = Payload::from("{}".as_bytes().to_vec());
    request.extensions_mut().insert(verified.unwrap());
    let app = init_service(app).await;
    assert_eq!(call_service(&app, request).await.status(), 401);
}

#[tokio::test]
async fn missing_or_ambiguous_endpoint_is_not_configured() {
    let sent = Sent::signed("/", &secret(), "{}");
    let app = || App::new().route("/", web::to(on_delivery));
    assert_eq!(
        rejection_kind(call(app(), &sent).await).await,
        RejectionKind::NotConfigured
    );

    let record = Record::default();
    let observed = |builder: EndpointBuilder| builder.add_observer(record.observe()).build();
    let app = app()
        .app_data(observed(crate::common::endpoint()).unwrap())
        .app_data(web::Data::new(
            observed(Endpoint::builder(other())).unwrap(),
        ));
    assert_eq!(
        rejection_kind(call(app, &sent).await).await,
        RejectionKind::NotConfigured
    );
    assert_eq!(record.take(), [NOT_CONFIGURED], "told by one of the two");
}

#[tokio::test]
async fn already_consumed_body_is_not_configured() {
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
    let (endpoint, record) = observed(crate::common::endpoint());
    let plain = || {
        App::new()
            .app_data(endpoint.clone())
            .route("/", web::to(late))
    };
    let wrapped = || {
        App::new()
            .service(hubseal::actix::webhook("/", endpoint.clone(), on_delivery))
            .wrap(from_fn(greedy))
    };
    let whole = Sent::signed("/", &secret(), "{}");
    for sent in [whole.clone(), whole.clone().chunked(1)] {
        assert_eq!(
            rejection_kind(call(plain(), &sent).await).await,
            RejectionKind::NotConfigured
        );
        assert_eq!(record.take(), [NOT_CONFIGURED]);
        assert_eq!(
            rejection_kind(call(wrapped(), &sent).await).await,
            RejectionKind::NotConfigured
        );
        assert_eq!(record.take(), [NOT_CONFIGURED]);
    }
    // An empty body cannot be missing.
    let empty = Sent::signed("/", &secret(), "");
    for sent in [
        empty.clone(),
        empty.clone().without("content-length"),
        empty.header("transfer-encoding", "identity"),
    ] {
        assert_eq!(call(plain(), &sent).await.status(), 200);
        assert_eq!(call(wrapped(), &sent).await.status(), 200);
    }
    // The head is checked first, so an unsigned request cannot trigger the misconfiguration log.
    let unsigned = Sent::post("/", "{}");
    let kind = rejection_kind(call(plain(), &unsigned).await).await;
    assert_eq!(kind, RejectionKind::SignatureMissing);
}

#[actix_web::test]
async fn body_extracted_twice_is_reported_once() {
    async fn twice(_one: Verified<web::Bytes>, _other: Verified<web::Bytes>) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    /// Extracts the body before the handler does.
    async fn curious(
        mut request: ServiceRequest,
        next: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        let verified = request.extract::<Verified<web::Bytes>>().await;
        assert_eq!(verified.unwrap().key().as_str(), "current");
        next.call(request).await
    }
    let (endpoint, record) = observed(crate::common::endpoint());
    let app = || {
        App::new()
            .app_data(endpoint.clone())
            .route("/twice", web::to(twice))
            .service(
                web::resource("/curious")
                    .to(on_delivery)
                    .wrap(from_fn(curious)),
            )
    };
    for (sent, outcome) in [
        (Sent::signed("/twice", &secret(), "{}"), None),
        (
            Sent::post("/twice", "{}"),
            Some(RejectionKind::SignatureMissing),
        ),
    ] {
        let rejected = rejection_kind(call(app(), &sent).await).await;
        assert_eq!(rejected, outcome.unwrap_or(RejectionKind::NotConfigured));
        let outcomes = record.take();
        let [(end, _)] = &*outcomes else {
            panic!("{outcomes:?}")
        };
        assert_eq!(end.rejection_kind(), outcome);
    }
    let sent = Sent::signed("/curious", &secret(), "{}");
    assert_eq!(call(app(), &sent).await.status(), 200);
    assert_eq!(record.take().len(), 1);
}
