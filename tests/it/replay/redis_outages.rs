//! The store in Redis while the server is away.

use std::time::{Duration, Instant};

use hubseal::{
    Fingerprint,
    replay::{Claim, ReplayGuard},
};
use tokio::{runtime::Builder, time::sleep};

use super::{
    fingerprint,
    redis::{SLACK, TIMEOUT, fail, fresh, open, server},
    redis_server::RedisServer,
};

/// Claims until the store is available again.
async fn recover(guard: &ReplayGuard, fingerprint: Fingerprint) -> Claim {
    let start = Instant::now();
    loop {
        match guard.claim(fingerprint).await {
            Ok(claim) => return claim,
            Err(error) => assert!(start.elapsed() < SLACK, "{error}"),
        }
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn stopped_server_is_an_error_until_it_starts_again() {
    let mut server = server!();
    let guard = ReplayGuard::new(open(&server).with_timeout(TIMEOUT));
    fresh(&guard, fingerprint()).await.commit().await.unwrap();
    let interrupted = fresh(&guard, Fingerprint::new(["interrupted"])).await;

    server.stop();
    fail(&guard, TIMEOUT).await;
    let error = fail(&guard, TIMEOUT).await;
    let text = error.to_string();
    assert!(text.starts_with("replay store is unavailable: "), "{text}");
    let interrupted_fingerprint = interrupted.fingerprint();
    interrupted.commit().await.unwrap_err();

    server.restart();
    let known = recover(&guard, fingerprint()).await;
    assert!(matches!(known, Claim::Duplicate), "{known:?}");
    // The commit is tried again in the background.
    let start = Instant::now();
    while !matches!(
        guard.claim(interrupted_fingerprint).await,
        Ok(Claim::Duplicate)
    ) {
        assert!(start.elapsed() < SLACK);
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn frozen_server_is_an_error_after_the_timeout() {
    let server = server!();
    let guard = ReplayGuard::new(open(&server).with_timeout(TIMEOUT));
    fresh(&guard, fingerprint()).await.commit().await.unwrap();
    server.freeze();
    let start = Instant::now();
    for _ in 0..2 {
        fail(&guard, TIMEOUT).await;
    }
    assert!(start.elapsed() >= TIMEOUT, "{:?}", start.elapsed());
    let unanswered = Fingerprint::new(["unanswered"]);
    guard.claim(unanswered).await.unwrap_err();
    server.thaw();
    let known = recover(&guard, fingerprint()).await;
    assert!(matches!(known, Claim::Duplicate), "{known:?}");
    // The server has read the claim by now, and the release that followed it.
    let start = Instant::now();
    while !matches!(recover(&guard, unanswered).await, Claim::Fresh(_)) {
        assert!(start.elapsed() < SLACK);
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn operations_last_as_long_as_the_timeout() {
    let server = server!();
    let default = Duration::from_millis(500);
    let longer = Duration::from_millis(900);
    let guards = [
        (ReplayGuard::new(open(&server)), default),
        (ReplayGuard::new(open(&server).with_timeout(longer)), longer),
    ];
    for (guard, _) in &guards {
        // Connects.
        drop(fresh(guard, fingerprint()).await.release().await);
    }
    server.freeze();
    for (guard, timeout) in guards {
        let start = Instant::now();
        fail(&guard, timeout).await;
        let least = timeout.saturating_sub(Duration::from_millis(10));
        assert!(start.elapsed() >= least, "{:?}", start.elapsed());
    }
}

#[tokio::test]
async fn server_may_be_away_at_the_start() {
    let mut server = server!();
    server.stop();
    let guard = ReplayGuard::new(open(&server).with_timeout(TIMEOUT));
    fail(&guard, TIMEOUT).await;
    server.restart();
    let claim = recover(&guard, fingerprint()).await;
    assert!(matches!(claim, Claim::Fresh(_)), "{claim:?}");
}

#[test]
fn store_connects_again_in_another_runtime_after_an_error() {
    let server = server!();
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let guard = first.block_on(async { ReplayGuard::new(open(&server).with_timeout(TIMEOUT)) });
    first.block_on(async { drop(fresh(&guard, fingerprint()).await.release().await) });
    drop(first);
    runtime().block_on(async {
        fail(&guard, TIMEOUT).await;
        fresh(&guard, fingerprint()).await.commit().await.unwrap();
    });
}
