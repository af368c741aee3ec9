//! Runs every scenario with every adapter: over HTTP/1.1 (`sockets`), over HTTP/2 (`streams`), and with
//! counted outcomes (`outcomes`).

use super::{Form, forms, outcomes, sockets, streams};

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
    axum_route: forms::AXUM_ROUTE;
    axum_layer: forms::AXUM_LAYER;
    axum_nested: forms::AXUM_NESTED;
    actix_route: forms::ACTIX_ROUTE;
    actix_middleware: forms::ACTIX_MIDDLEWARE;
    hyper_function: forms::HYPER_FUNCTION;
    hyper_service: forms::HYPER_SERVICE;
    tower_service: forms::TOWER_SERVICE;
}

table! { extractors:
    axum_extractor: forms::AXUM_EXTRACTOR;
    actix_extractor: forms::ACTIX_EXTRACTOR;
}

/// The forms that claim deliveries, with a replay guard.
mod guarded {
    use super::*;

    table! { services:
        axum_route: forms::AXUM_ROUTE.guarded();
        axum_layer: forms::AXUM_LAYER.guarded();
        axum_nested: forms::AXUM_NESTED.guarded();
        actix_route: forms::ACTIX_ROUTE.guarded();
        actix_middleware: forms::ACTIX_MIDDLEWARE.guarded();
        hyper_service: forms::HYPER_SERVICE.guarded();
        tower_service: forms::TOWER_SERVICE.guarded();
    }
}

/// Every form, with gates that all requests pass.
mod gated {
    use super::*;

    table! { services:
        axum_route: forms::AXUM_ROUTE.gated();
        axum_layer: forms::AXUM_LAYER.gated();
        axum_nested: forms::AXUM_NESTED.gated();
        actix_route: forms::ACTIX_ROUTE.gated();
        actix_middleware: forms::ACTIX_MIDDLEWARE.gated();
        hyper_function: forms::HYPER_FUNCTION.gated();
        hyper_service: forms::HYPER_SERVICE.gated();
        tower_service: forms::TOWER_SERVICE.gated();
    }

    table! { extractors:
        axum_extractor: forms::AXUM_EXTRACTOR.gated();
        actix_extractor: forms::ACTIX_EXTRACTOR.gated();
    }
}
