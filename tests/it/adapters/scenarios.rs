//! Runs every scenario with every adapter, over HTTP/1.1 (`sockets`) and HTTP/2 (`streams`).

use super::{Form, actix, axum, hyper, sockets, streams, tower};

/// Declares a module for each adapter, with a test for each scenario.
macro_rules! table {
    ($($form:ident: $sends_continue_first:expr, $start:expr;)*) => { $(
        mod $form {
            use super::*;

            const FORM: Form = Form { start: $start, sends_continue_first: $sends_continue_first };

            table!(@scenarios sockets:
                attack_suite_gets_expected_responses
                full_budget_rejects_large_bodies_not_small_ones
                read_deadline_frees_memory_budget
                cut_connection_frees_memory_budget
                connection_stays_usable_after_accept_and_reject
                sends_no_100_continue_for_rejected_head
                thousand_concurrent_requests_get_their_own_responses
            );
            table!(@scenarios streams:
                concurrent_streams_get_their_own_responses
                stalled_streams_share_one_memory_budget
                rejects_complete_forgery_before_stream_ends
            );
        }
    )* };
    (@scenarios $room:ident: $($scenario:ident)*) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $scenario() {
            $room::$scenario(FORM).await;
        }
    )* };
}

table! {
    axum_route: false, |endpoint| Box::pin(axum::route(endpoint));
    axum_layer: false, |endpoint| Box::pin(axum::layer(endpoint));
    axum_nested: false, |endpoint| Box::pin(axum::nested(endpoint));
    actix_route: true, |endpoint| Box::pin(actix::route(endpoint));
    actix_middleware: true, |endpoint| Box::pin(actix::middleware(endpoint));
    hyper_function: false, |endpoint| Box::pin(hyper::function(endpoint));
    hyper_service: false, |endpoint| Box::pin(hyper::service(endpoint));
    tower_service: false, |endpoint| Box::pin(tower::service(endpoint));
}
