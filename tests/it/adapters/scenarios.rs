//! The table: every scenario through every form.

use super::{Start, axum, hyper, sockets, tower};

/// A test for each scenario, in a module for each form.
macro_rules! table {
    ($($form:ident: $start:expr;)*) => { $(
        mod $form {
            use super::*;

            const START: Start = $start;

            table!(@scenarios
                every_case_of_the_battery_gets_its_verdict
                large_bodies_wait_for_the_budget_and_ordinary_ones_do_not
                a_share_is_freed_when_the_deadline_passes
                a_connection_cut_at_any_stage_leaves_nothing_behind
                a_connection_goes_on_after_answers_of_either_kind
                a_body_that_was_not_wanted_is_never_asked_for
                a_thousand_requests_of_all_kinds_at_once_get_their_own_answers
            );
        }
    )* };
    (@scenarios $($scenario:ident)*) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $scenario() {
            sockets::$scenario(START).await;
        }
    )* };
}

table! {
    axum_route: |endpoint| Box::pin(axum::route(endpoint));
    axum_layer: |endpoint| Box::pin(axum::layer(endpoint));
    axum_nested: |endpoint| Box::pin(axum::nested(endpoint));
    hyper_function: |endpoint| Box::pin(hyper::function(endpoint));
    hyper_service: |endpoint| Box::pin(hyper::service(endpoint));
    tower_service: |endpoint| Box::pin(tower::service(endpoint));
}
