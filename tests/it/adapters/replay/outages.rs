//! Stores that fail or do not answer.

use hubseal::{End, RejectionKind, replay::OutagePolicy};

use super::{super::Form, Http, Server, delivery};

pub(super) async fn outage_defers_delivery(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    server.store.set_away(true);
    for _ in 0..2 {
        server
            .defers(delivery(), RejectionKind::ReplayStoreUnavailable)
            .await;
    }
    server.store.set_away(false);
    server.handles(delivery(), 200).await;
    server.drops(delivery()).await;
}

pub(super) async fn outage_is_ignored_if_accepted(form: Form, http: Http) {
    let accept =
        |guard: hubseal::replay::ReplayGuard| guard.with_outage_policy(OutagePolicy::Accept);
    let server = Server::start_with(form, http, accept).await;
    server.store.set_away(true);
    for runs in 1..=2 {
        let (answer, end) = server.send(delivery()).await;
        assert_eq!(answer.status, 200);
        assert!(
            matches!(end, End::Verified { key, replay_unchecked: true } if key.as_str() == "current"),
            "{end:?}"
        );
        assert_eq!(server.handler.runs(), runs);
    }
    assert_eq!(server.store.calls()[1], 0, "nothing is claimed");
    server.store.set_away(false);
    server.handles(delivery(), 200).await;
    server.drops(delivery()).await;
}

pub(super) async fn failed_commit_is_tried_again(form: Form, http: Http) {
    let server = Server::start(form, http).await;
    server.store.fail_commits(3);
    server.handles(delivery(), 200).await;
    let (answer, end) = server.send_until_free(delivery()).await;
    answer.assert_empty(200, None);
    assert!(matches!(end, End::Duplicate { .. }), "{end:?}");
    assert_eq!(server.handler.runs(), 1);
    let [_, commits, releases] = server.store.calls();
    assert_eq!((commits, releases), (1, 0));
}
