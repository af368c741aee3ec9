//! The attack suite in one call: against every kind of receiver, right and wrong ones.

mod mistakes;
mod receivers;
mod report;
mod requests;

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes};
use hubseal::{
    AppSecret, Endpoint, EndpointBuilder, Verified, VerifyToken,
    testing::{Failures, Receiver, Target, withstands, withstands_blocking},
};

use crate::common::{secret, token};

/// As short as the guide suggests.
const READ_DEADLINE: Duration = Duration::from_secs(1);

fn endpoint() -> EndpointBuilder {
    crate::common::endpoint().read_deadline(READ_DEADLINE)
}

fn secrets() -> (AppSecret, VerifyToken) {
    (secret(), token())
}

fn target((secret, token): &(AppSecret, VerifyToken)) -> Target<'_> {
    Target::new("/webhook", secret, token).read_deadline(READ_DEADLINE)
}

fn router(endpoint: Endpoint) -> Router {
    hubseal::axum::webhook("/webhook", async |_: Verified<Bytes>| ()).with_state(endpoint)
}

/// Returns what the attack suite finds.
async fn found(receiver: impl Into<Receiver>) -> Failures {
    let secrets = secrets();
    withstands(&target(&secrets), receiver).await.unwrap_err()
}

fn labels(failures: &Failures) -> Vec<&'static str> {
    failures.labels().collect()
}

/// Adds a value to a router that is dropped with it.
fn tracked(router: Router) -> (Router, Weak<()>) {
    let value = Arc::new(());
    let tracked = Arc::downgrade(&value);
    (router.layer(axum::Extension(value)), tracked)
}

#[tokio::test]
async fn server_has_ended_after_success_and_after_failure() {
    let secrets = secrets();
    let (right, tracked_right) = tracked(router(endpoint().build().unwrap()));
    withstands(&target(&secrets), right).await.unwrap();
    assert!(tracked_right.upgrade().is_none());

    let (wrong, tracked_wrong) = tracked(Router::new());
    found(wrong).await;
    assert!(tracked_wrong.upgrade().is_none());
}

#[tokio::test]
async fn server_ends_after_the_future_is_dropped() {
    let secrets = secrets();
    let (app, tracked) = tracked(router(endpoint().build().unwrap()));
    let target = target(&secrets);
    let attack = withstands(&target, app);
    let stopped = tokio::time::timeout(Duration::from_millis(100), attack).await;
    assert!(
        stopped.is_err(),
        "100 ms are too short for the attack suite"
    );
    let start = Instant::now();
    while tracked.upgrade().is_some() {
        assert!(start.elapsed() < crate::exchange::PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn caller_s_runtime_is_never_blocked() {
    let secrets = secrets();
    let target = target(&secrets);
    let app = router(endpoint().build().unwrap());
    let attack = withstands(&target, app);
    let ticks = async {
        let mut longest = Duration::ZERO;
        for _ in 0..50 {
            let start = Instant::now();
            tokio::time::sleep(Duration::from_millis(10)).await;
            longest = longest.max(start.elapsed());
        }
        longest
    };
    let (attacked, longest) = tokio::join!(attack, ticks);
    attacked.unwrap();
    // The attack suite takes longer than a second.
    assert!(longest < Duration::from_millis(900), "{longest:?}");
}

#[test]
fn needs_no_runtime() {
    let secrets = secrets();
    withstands_blocking(&target(&secrets), router(endpoint().build().unwrap())).unwrap();
}

#[test]
fn future_is_send() {
    fn assert_send(_: impl Send) {}
    assert_send(withstands(&target(&secrets()), "127.0.0.1:1"));
}

#[tokio::test]
async fn replay_guard_may_stay_on_for_one_delivery_of_each_body() {
    let secrets = secrets();
    let endpoint = endpoint()
        .replay_guard(hubseal::replay::ReplayGuard::in_memory())
        .build()
        .unwrap();
    let target = target(&secrets).only(|case| case.label == "genuine text message");
    withstands(&target, router(endpoint)).await.unwrap();
}
