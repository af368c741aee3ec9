//! The attack suite in one call: against every kind of receiver, right and wrong ones.

mod mistakes;
mod receivers;
mod report;
mod requests;

use std::{
    pin::pin,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use hubseal::{
    AppSecret, Endpoint, EndpointBuilder, Verified, VerifyToken,
    testing::{Failures, Receiver, Target, withstands, withstands_blocking},
};

use crate::common::{secret, token};

/// As short as the guide suggests.
const READ_DEADLINE: Duration = Duration::from_secs(1);

type Count = Arc<AtomicUsize>;

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
async fn actix_server_has_ended() {
    let value = Arc::new(());
    let tracked = Arc::downgrade(&value);
    let app = Receiver::actix(move || actix_web::App::new().app_data(Arc::clone(&value)));
    found(app).await;
    // actix ends its worker's thread a moment later.
    let start = Instant::now();
    while tracked.upgrade().is_some() {
        assert!(start.elapsed() < crate::exchange::PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Counts each request and delays it.
async fn slow(State(count): State<Count>, request: Request, next: Next) -> Response {
    count.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(50)).await;
    next.run(request).await
}

#[tokio::test]
async fn dropped_future_ends_the_run_and_the_server() {
    let secrets = secrets();
    let (app, tracked) = tracked(router(endpoint().build().unwrap()));
    let requests = Count::default();
    let app = app.layer(from_fn_with_state(Arc::clone(&requests), slow));
    let target = target(&secrets);
    let attack = withstands(&target, app);
    let stopped = tokio::time::timeout(Duration::from_millis(200), attack).await;
    assert!(stopped.is_err(), "one case needs a second");
    let start = Instant::now();
    while tracked.upgrade().is_some() {
        assert!(start.elapsed() < crate::exchange::PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let requests = requests.load(Ordering::Relaxed);
    assert!(requests < 100, "{requests} requests");
}

/// Answers 503 while the count is not zero.
async fn busy(State(left): State<Count>, request: Request, next: Next) -> Response {
    let count = |left: usize| left.checked_sub(1);
    match left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count) {
        Ok(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(_) => next.run(request).await,
    }
}

#[tokio::test]
async fn busy_receiver_gets_more_chances() {
    let secrets = secrets();
    let left = Arc::new(AtomicUsize::new(7));
    let app = router(endpoint().build().unwrap()).layer(from_fn_with_state(left, busy));
    withstands(&target(&secrets), app).await.unwrap();
}

#[tokio::test]
async fn caller_s_runtime_is_never_blocked() {
    let secrets = secrets();
    let target = target(&secrets);
    let app = router(endpoint().build().unwrap());
    let mut attack = pin!(withstands(&target, app));
    let mut ticks = 0;
    let attacked = loop {
        tokio::select! {
            attacked = &mut attack => break attacked,
            () = tokio::time::sleep(Duration::from_millis(10)) => ticks += 1,
        }
    };
    attacked.unwrap();
    // Of about a hundred, because one case needs a second.
    assert!(ticks >= 10, "{ticks}");
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
