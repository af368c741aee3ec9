//! Runs every scenario with every adapter: over HTTP/1.1 (`sockets`), over HTTP/2 (`streams`), and with
//! counted outcomes (`outcomes`).

use super::{Form, actix, axum, hyper, outcomes, sockets, streams, tower};

/// Declares a module for each form of an adapter, with a test for each scenario.
macro_rules! table {
    ($scenarios:ident: $($name:ident: $form:expr;)*) => { $(
        mod $name {
            use super::*;

            const FORM: Form = $form;

            table!(@$scenarios);
        }
    )* };
    (@services) => {
        table!(@scenarios sockets:
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
        table!(@scenarios outcomes:
            attack_suite_gets_expected_responses
            aborted_uploads_are_reported_once
            reset_streams_are_reported_once
            handler_panics_are_reported_once
            mixed_requests_are_reported_once
        );
    };
    (@extractors) => {
        table!(@scenarios outcomes:
            attack_suite_deliveries_get_expected_responses
            aborted_uploads_are_reported_once
            reset_streams_are_reported_once
            handler_panics_are_reported_once
        );
    };
    (@scenarios $room:ident: $($scenario:ident)*) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $scenario() {
            $room::$scenario(FORM).await;
        }
    )* };
}

table! { services:
    axum_route: Form::on_hyper(|endpoint, calls| Box::pin(axum::route(endpoint, calls)));
    axum_layer: Form::on_hyper(|endpoint, calls| Box::pin(axum::layer(endpoint, calls)));
    axum_nested: Form::on_hyper(|endpoint, calls| Box::pin(axum::nested(endpoint, calls)));
    actix_route: Form::on_actix(|endpoint, calls| Box::pin(actix::route(endpoint, calls)));
    actix_middleware: Form::on_actix(|endpoint, calls| Box::pin(actix::middleware(endpoint, calls)));
    hyper_function: Form::on_hyper(|endpoint, calls| Box::pin(hyper::function(endpoint, calls)));
    hyper_service: Form::on_hyper(|endpoint, calls| Box::pin(hyper::service(endpoint, calls)));
    tower_service: Form::on_hyper(|endpoint, calls| Box::pin(tower::service(endpoint, calls)));
}

table! { extractors:
    axum_extractor: Form::on_hyper(|endpoint, calls| Box::pin(axum::extractor(endpoint, calls)));
    actix_extractor: Form::on_actix(|endpoint, calls| Box::pin(actix::extractor(endpoint, calls)));
}
