//! The table: every scenario through every form, over HTTP/1.1 (`sockets`) and HTTP/2 (`streams`).

use super::{Form, actix, axum, hyper, sockets, streams, tower};

/// A test for each scenario, in a module for each form.
macro_rules! table {
    ($($form:ident: $asks_early:expr, $start:expr;)*) => { $(
        mod $form {
            use super::*;

            const FORM: Form = Form { start: $start, asks_early: $asks_early };

            table!(@scenarios sockets:
                every_case_of_the_battery_gets_its_verdict
                large_bodies_wait_for_the_budget_and_ordinary_ones_do_not
                a_share_is_freed_when_the_deadline_passes
                a_connection_cut_at_any_stage_leaves_nothing_behind
                a_connection_goes_on_after_answers_of_either_kind
                a_body_that_was_not_wanted_is_never_asked_for
                a_thousand_requests_of_all_kinds_at_once_get_their_own_answers
            );
            table!(@scenarios streams:
                streams_side_by_side_get_their_own_answers
                stalled_streams_are_bounded_together
                a_complete_forgery_is_refused_while_its_stream_is_open
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
