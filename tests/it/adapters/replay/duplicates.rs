//! Copies of a delivery, and requests that are no copies.

use hubseal::{End, RejectionKind, testing::Request as Sent};

use super::{
    super::{Form, handshake, sockets::eventually},
    Http, Server, delivery, is_verified,
};
use crate::common::secret;

pub(super) async fn second_copy_is_answered_without_handler(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    server.handles(delivery(), 200).await;
    server.drops(delivery()).await;
    server.drops(delivery()).await;
    let another = Sent::signed("/webhook", &secret(), "{ }");
    server.handles(another.clone(), 200).await;
    server.drops(another).await;
    assert_eq!(server.store.calls(), [5, 2, 0]);
}

pub(super) async fn upper_case_signature_is_same_delivery(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    let mut upper_case = delivery();
    let signatures = upper_case.headers.iter_mut();
    for (_, value) in signatures.filter(|(name, _)| name == "x-hub-signature-256") {
        value["sha256=".len()..].make_ascii_uppercase();
    }
    assert!(upper_case != delivery());
    server.handles(delivery(), 200).await;
    server.drops(upper_case).await;
}

pub(super) async fn copy_during_handler_is_deferred(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    let go_on = server.handler.will_wait();
    let first = server.begin();
    eventually("the handler runs", || server.handler.runs() == 1).await;
    assert!(matches!(*server.record.take(), [(end, 2)] if is_verified(end)));

    server
        .defers(delivery(), RejectionKind::DeliveryInProgress)
        .await;
    // Only the same delivery waits.
    server
        .handles(Sent::signed("/webhook", &secret(), "{ }"), 200)
        .await;
    server
        .defers(delivery(), RejectionKind::DeliveryInProgress)
        .await;

    go_on.send(()).unwrap();
    assert_eq!(first.await.unwrap().unwrap().status, 200);
    server.drops(delivery()).await;
}

pub(super) async fn forged_requests_and_handshakes_do_not_reach_store(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    for (sent, status) in [
        (delivery().body("[]"), 401),
        (Sent::post("/webhook", "{}"), 401),
        (delivery().method("PUT"), 405),
        (Sent::get(&format!("/webhook?{}", handshake())), 200),
        (Sent::get("/webhook"), 403),
    ] {
        let (answer, end) = server.send(sent).await;
        assert_eq!(answer.status, status);
        assert!(matches!(end, End::Rejected(_) | End::Handshake), "{end:?}");
    }
    assert_eq!(server.store.calls(), [0, 0, 0]);
    assert_eq!(server.handler.runs(), 0);
}

/// Extractors alone and `hyper::verify` do not use the guard.
pub(super) async fn every_copy_is_handled(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    for _ in 0..3 {
        server.handles(delivery(), 200).await;
    }
    assert_eq!(server.store.calls(), [0, 0, 0]);
}
