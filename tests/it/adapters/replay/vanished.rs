//! Clients that close the connection, or reset the stream, before the response.

use hubseal::End;

use super::{
    super::{Form, sockets::eventually},
    Http, Server, delivery, is_verified,
};

pub(super) async fn client_that_vanishes_during_handler_releases_claim(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    let _never = server.handler.will_wait();
    let first = server.begin();
    eventually("the handler runs", || server.handler.runs() == 1).await;
    first.abort();
    server.handles_retry().await;
}

pub(super) async fn client_that_vanishes_during_claim_releases_it(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    server.store.set_stalling(true);
    let first = server.begin();
    eventually("the delivery is claimed", || {
        server.store.calls() == [1, 0, 0]
    })
    .await;
    first.abort();
    eventually("the claim is released", || {
        server.store.calls() == [1, 0, 1]
    })
    .await;
    eventually("the request is reported", || server.record.len() == 1).await;
    assert_eq!(server.record.take(), [(End::Abandoned, 2)]);
    assert_eq!(server.handler.runs(), 0);

    server.store.set_stalling(false);
    server.handles(delivery(), 200).await;
    server.drops(delivery()).await;
}

pub(super) async fn client_that_vanishes_during_commit_does_not_undo_it(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    server.store.stall_commit();
    let first = server.begin();
    eventually("the commit is stalled", || server.store.is_commit_stalled()).await;
    assert!(matches!(*server.record.take(), [(end, 2)] if is_verified(end)));
    first.abort();
    eventually("it is tried again", || server.store.calls() == [1, 1, 0]).await;
    server.drops(delivery()).await;
    assert_eq!(server.handler.runs(), 1);
}

/// actix lets a handler finish whose client has vanished.
pub(super) async fn handler_whose_client_vanishes_still_commits(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    let go_on = server.handler.will_wait();
    let first = server.begin();
    eventually("the handler runs", || server.handler.runs() == 1).await;
    assert!(matches!(*server.record.take(), [(end, 2)] if is_verified(end)));
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    go_on.send(()).unwrap();
    eventually("the claim is committed", || server.store.calls()[1] == 1).await;
    server.drops(delivery()).await;
}
