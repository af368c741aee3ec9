//! Handlers that do not succeed: the next copy is handled.

use hubseal::testing::Request as Sent;

use super::{
    super::{Form, handler::Step},
    Client, Http, Server, delivery,
};
use crate::common::secret;

pub(super) async fn other_status_than_200_releases_claim(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    for (index, status) in [500, 201, 204, 302, 400, 503].into_iter().enumerate() {
        let delivery = || Sent::signed("/webhook", &secret(), index.to_string());
        server.handler.will(Step::Answer(status));
        server.handles(delivery(), status).await;
        server.handles(delivery(), 200).await;
        server.drops(delivery()).await;
        // The first two copies are released and committed before they are answered.
        let handled = index + 1;
        assert_eq!(server.store.calls(), [3 * handled, handled, handled]);
    }
}

pub(super) async fn panic_of_handler_releases_claim(form: Form, http: Http) {
    let mut server = Server::start(form, http).await;
    server.handler.will(Step::Panic);
    let _ = server.client.send(delivery()).await.unwrap_err();
    // A panic may end the whole connection.
    server.client = Client::connect(server.address, http).await;
    server.handles_retry().await;
}

pub(super) async fn error_of_handler_releases_claim(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    server.handler.will(Step::Fail);
    // hyper and tower return the error to the server, which then sends no response.
    if let Ok(answer) = server.client.send(delivery()).await {
        assert_eq!(answer.status, 500);
    }
    server.handles_retry().await;
}
