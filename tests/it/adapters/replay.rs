//! Endpoints with a replay guard, over HTTP/1.1 and HTTP/2: every form that claims deliveries, and those
//! that do not.

mod duplicates;
mod failures;
mod outages;
mod stacks;
mod store;
mod vanished;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use hubseal::{End, RejectionKind, replay::ReplayGuard, testing::Request as Sent};
use tokio::{task::JoinHandle, time::sleep};

use self::store::ScriptedStore;
use super::{
    Calls, Form, Handler, PATIENCE, READ_DEADLINE,
    client::{Answer, Client, Http},
    forms,
};
use crate::{
    common::secret,
    outcomes::{Record, observed},
};

/// A server whose guard uses a scripted store.
struct Server {
    address: SocketAddr,
    client: Client,
    handler: Handler,
    record: Record,
    store: ScriptedStore,
}

impl Server {
    async fn start(form: Form, http: Http) -> Self {
        Self::start_with(form, http, |guard| guard).await
    }

    async fn start_with(
        form: Form,
        http: Http,
        configure: impl FnOnce(ReplayGuard) -> ReplayGuard,
    ) -> Self {
        let store = ScriptedStore::default();
        // No test waits for a lease to end.
        let guard = ReplayGuard::new(store.clone()).with_lease(Duration::from_secs(3_600));
        let builder = crate::common::endpoint().read_deadline(READ_DEADLINE);
        let (endpoint, record) = observed(builder.replay_guard(configure(guard)));
        let handler = Handler::default();
        let address = (form.start)(endpoint, Calls::default(), handler.clone()).await;
        Self {
            address,
            client: Client::connect(address, http).await,
            handler,
            record,
            store,
        }
    }

    /// Sends a request and returns its response with its only outcome.
    async fn send(&self, sent: Sent) -> (Answer, End) {
        let answer = self.client.send(sent).await.unwrap();
        // The outcome is reported before the response is sent.
        match *self.record.take() {
            [(end, _)] => (answer, end),
            ref outcomes => panic!("{outcomes:?}"),
        }
    }

    /// Sends a delivery that the handler must get and answer with this status.
    async fn handles(&self, sent: Sent, status: u16) {
        let runs = self.handler.runs();
        let (answer, end) = self.send(sent).await;
        assert_eq!((answer.status, is_verified(end)), (status, true), "{end:?}");
        assert_eq!(self.handler.runs(), runs + 1);
    }

    /// Sends a delivery that must be dropped as a duplicate.
    async fn drops(&self, sent: Sent) {
        let runs = self.handler.runs();
        let (answer, end) = self.send(sent).await;
        answer.assert_empty(200, None);
        assert!(
            matches!(end, End::Duplicate { key } if key.as_str() == "current"),
            "{end:?}"
        );
        assert_eq!(self.handler.runs(), runs);
    }

    /// Sends a delivery that must be rejected, with the request to send it again later.
    async fn defers(&self, sent: Sent, kind: RejectionKind) {
        let runs = self.handler.runs();
        let (answer, end) = self.send(sent).await;
        answer.assert_empty(503, Some("5"));
        assert_eq!(end, End::Rejected(kind));
        assert_eq!(self.handler.runs(), runs);
    }

    /// Sends a delivery until it is not in progress any more. Returns the last response and outcome.
    async fn send_until_free(&self, sent: Sent) -> (Answer, End) {
        let in_progress = End::Rejected(RejectionKind::DeliveryInProgress);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let (answer, end) = self.send(sent.clone()).await;
            if end != in_progress {
                return (answer, end);
            }
            sleep(Duration::from_millis(5)).await;
        }
        panic!("the delivery is in progress for ever");
    }

    /// Sends the delivery in a task. The client vanishes if the task is aborted.
    fn begin(&self) -> JoinHandle<::hyper::Result<Answer>> {
        let client = self.client.clone();
        tokio::spawn(async move { client.send(delivery()).await })
    }

    /// Checks that the first delivery was reported once, that its copy is handled, and that the next copy
    /// is a duplicate.
    async fn handles_retry(&self) {
        assert!(matches!(*self.record.take(), [(end, 2)] if is_verified(end)));
        let (answer, end) = self.send_until_free(delivery()).await;
        assert_eq!((answer.status, is_verified(end)), (200, true), "{end:?}");
        assert_eq!(self.handler.runs(), 2);
        self.drops(delivery()).await;
        let [_, commits, releases] = self.store.calls();
        assert_eq!((commits, releases), (1, 1));
    }
}

fn is_verified(end: End) -> bool {
    matches!(end, End::Verified { key, replay_unchecked: false } if key.as_str() == "current")
}

fn delivery() -> Sent {
    Sent::signed("/webhook", &secret(), "{}")
}

/// Declares a module for each form and each version of HTTP, with a test for each scenario.
macro_rules! table {
    ($scenarios:tt: $($name:ident: $form:ident;)*) => { $(
        mod $name {
            mod http1 {
                use super::super::*;

                const FORM: (Form, Http) = (forms::$form, Http::One);

                table!(@$scenarios);
            }

            mod http2 {
                use super::super::*;

                const FORM: (Form, Http) = (forms::$form, Http::Two);

                table!(@$scenarios);
            }
        }
    )* };
    (@claiming) => {
        table!(@scenarios duplicates:
            second_copy_is_answered_without_handler
            upper_case_signature_is_same_delivery
            copy_during_handler_is_deferred
            forged_requests_and_handshakes_do_not_reach_store
        );
        table!(@scenarios failures:
            other_status_than_200_releases_claim
            panic_of_handler_releases_claim
            error_of_handler_releases_claim
        );
        table!(@scenarios outages:
            outage_defers_delivery
            outage_is_ignored_if_accepted
            failed_commit_is_tried_again
        );
    };
    (@on_hyper) => {
        table!(@claiming);
        table!(@scenarios vanished:
            client_that_vanishes_during_handler_releases_claim
            client_that_vanishes_during_claim_releases_it
            client_that_vanishes_during_commit_does_not_undo_it
        );
    };
    (@on_actix) => {
        table!(@claiming);
        table!(@scenarios vanished:
            handler_whose_client_vanishes_still_commits
        );
    };
    (@plain) => {
        table!(@scenarios duplicates:
            every_copy_is_handled
        );
    };
    (@scenarios $room:ident: $($scenario:ident)*) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $scenario() {
            let (form, http) = FORM;
            $room::$scenario(form, http).await;
        }
    )* };
}

table! { on_hyper:
    axum_route: AXUM_ROUTE;
    axum_layer: AXUM_LAYER;
    axum_nested: AXUM_NESTED;
    hyper_service: HYPER_SERVICE;
    tower_service: TOWER_SERVICE;
}

table! { on_actix:
    actix_route: ACTIX_ROUTE;
    actix_middleware: ACTIX_MIDDLEWARE;
}

table! { plain:
    axum_extractor: AXUM_EXTRACTOR;
    actix_extractor: ACTIX_EXTRACTOR;
    hyper_function: HYPER_FUNCTION;
}
