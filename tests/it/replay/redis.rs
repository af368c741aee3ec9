//! The store in Redis, with a real server.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use hubseal::{
    Fingerprint,
    replay::{Claim, RedisStore, ReplayGuard, StoreError, Ticket},
    testing::check_replay_store,
};
use tokio::time::sleep;

use super::{fingerprint, redis_server::RedisServer};

/// The time that an operation may take beyond its timeout on a busy machine.
pub(super) const SLACK: Duration = Duration::from_secs(5);

pub(super) const TIMEOUT: Duration = Duration::from_millis(300);

/// Runs a test with a server, or leaves it out.
macro_rules! server {
    () => {
        server!(RedisServer::start())
    };
    ($start:expr) => {
        match $start {
            Some(server) => server,
            None => return,
        }
    };
}

pub(super) use server;

pub(super) fn open(server: &RedisServer) -> RedisStore {
    RedisStore::open(&server.url()).unwrap()
}

pub(super) async fn fresh(guard: &ReplayGuard, fingerprint: Fingerprint) -> Ticket {
    match guard.claim(fingerprint).await.unwrap() {
        Claim::Fresh(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

/// Checks that a claim fails within the timeout. Returns the error.
pub(super) async fn fail(guard: &ReplayGuard, timeout: Duration) -> StoreError {
    let start = Instant::now();
    let error = guard.claim(fingerprint()).await.unwrap_err();
    assert!(start.elapsed() < timeout + SLACK, "{:?}", start.elapsed());
    error
}

#[tokio::test]
async fn keeps_the_rules_for_stores() {
    let server = server!();
    check_replay_store(&open(&server)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keeps_the_rules_on_several_threads() {
    let server = server!();
    check_replay_store(&open(&server)).await.unwrap();
}

#[tokio::test]
async fn keys_are_the_fingerprint_and_expire() {
    let server = server!();
    let guard = ReplayGuard::new(open(&server))
        .with_lease(Duration::from_secs(20))
        .with_time_to_live(Duration::from_secs(2_000));
    let claimed = Fingerprint::new(["claimed"]);
    let committed = Fingerprint::new(["committed"]);
    let ticket = fresh(&guard, claimed).await;
    fresh(&guard, committed).await.commit().await.unwrap();

    let keys: HashSet<String> = server.command(&["KEYS", "*"]).unwrap();
    let [of_claimed, of_committed] = [claimed, committed].map(|of| format!("hubseal:{of}"));
    assert_eq!(
        keys,
        HashSet::from([of_claimed.clone(), of_committed.clone()])
    );
    for (key, seconds) in [(&of_claimed, 20), (&of_committed, 2_000)] {
        let left: i64 = server.command(&["PTTL", key]).unwrap();
        let expected = seconds * 1_000 - 10_000..=seconds * 1_000;
        assert!(expected.contains(&left), "{key}: {left} ms");
    }
    let value: String = server.command(&["GET", &of_committed]).unwrap();
    assert_eq!(value, "");
    let value: String = server.command(&["GET", &of_claimed]).unwrap();
    assert_eq!(value.len(), 32);
    assert!(
        value.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{value}"
    );

    ticket.release().await.unwrap();
    let exist: bool = server.command(&["EXISTS", &of_claimed]).unwrap();
    assert!(!exist);
}

#[tokio::test]
async fn prefixes_isolate_stores() {
    let server = server!();
    let [shop, news] = ["shop:webhook:", "news:"]
        .map(|prefix| ReplayGuard::new(open(&server).with_prefix(prefix)));
    let ticket = fresh(&shop, fingerprint()).await;
    fresh(&news, fingerprint()).await.release().await.unwrap();
    ticket.commit().await.unwrap();
    fresh(&news, fingerprint()).await.release().await.unwrap();
    let keys: Vec<String> = server.command(&["KEYS", "*"]).unwrap();
    assert_eq!(keys, [format!("shop:webhook:{}", fingerprint())]);
}

#[tokio::test]
async fn stores_with_one_server_share_claims() {
    let server = server!();
    let [first, second] = [(); 2].map(|()| ReplayGuard::new(open(&server)));
    let ticket = fresh(&first, fingerprint()).await;
    let other = second.claim(fingerprint()).await.unwrap();
    assert!(matches!(other, Claim::InProgress));
    drop(other);
    ticket.release().await.unwrap();
    fresh(&second, fingerprint()).await.commit().await.unwrap();
    let other = first.claim(fingerprint()).await.unwrap();
    assert!(matches!(other, Claim::Duplicate));
}

#[tokio::test]
async fn dropped_ticket_releases_in_the_background() {
    let server = server!();
    let guard = ReplayGuard::new(open(&server));
    drop(fresh(&guard, fingerprint()).await);
    // Another connection, so that the order of commands does not help.
    let other = ReplayGuard::new(open(&server));
    let start = Instant::now();
    while !matches!(other.claim(fingerprint()).await.unwrap(), Claim::Fresh(_)) {
        assert!(start.elapsed() < SLACK);
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn flushed_scripts_are_sent_again() {
    let server = server!();
    let guard = ReplayGuard::new(open(&server));
    let ticket = fresh(&guard, fingerprint()).await;
    let () = server.command(&["SCRIPT", "FLUSH"]).unwrap();
    ticket.release().await.unwrap();
    let () = server.command(&["SCRIPT", "FLUSH"]).unwrap();
    fresh(&guard, fingerprint()).await.commit().await.unwrap();
}

#[tokio::test]
async fn longest_and_shortest_times_are_accepted() {
    let server = server!();
    for (number, time) in [
        Duration::MAX,
        Duration::from_millis(u64::MAX),
        Duration::from_secs(1 << 44),
    ]
    .into_iter()
    .enumerate()
    {
        let guard = ReplayGuard::new(open(&server))
            .with_lease(time)
            .with_time_to_live(time);
        let fingerprint = Fingerprint::new([number.to_le_bytes()]);
        let ticket = fresh(&guard, fingerprint).await;
        let other = guard.claim(fingerprint).await.unwrap();
        assert!(matches!(other, Claim::InProgress), "{other:?}");
        ticket.commit().await.unwrap();
        let other = guard.claim(fingerprint).await.unwrap();
        assert!(matches!(other, Claim::Duplicate), "{other:?}");
    }
    for time in [Duration::ZERO, Duration::from_nanos(1)] {
        let guard = ReplayGuard::new(open(&server))
            .with_lease(time)
            .with_time_to_live(time);
        for _ in 0..2 {
            let ticket = fresh(&guard, fingerprint()).await;
            sleep(Duration::from_millis(5)).await;
            ticket.commit().await.unwrap();
            sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn wrong_password_is_an_error_without_the_password() {
    let server = server!(RedisServer::start_with(&[
        "--requirepass",
        "right-password"
    ]));
    let right = server.url_with_password("right-password");
    let guard = ReplayGuard::new(RedisStore::open(&right).unwrap());
    fresh(&guard, fingerprint()).await.release().await.unwrap();

    for url in [server.url_with_password("wrong-password"), server.url()] {
        let store = RedisStore::open(&url).unwrap();
        assert!(!format!("{store:?}").contains("password"), "{store:?}");
        let error = fail(&ReplayGuard::new(store), Duration::ZERO).await;
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.contains("wrong-password"), "{text}");
            assert!(!text.contains("right-password"), "{text}");
        }
    }
}

#[tokio::test]
async fn malformed_url_is_an_error_without_the_password() {
    for url in [
        "",
        "redis",
        "http://:a-password@127.0.0.1/",
        "redis://:a-password@127.0.0.1:port/",
        "redis://:a-password@127.0.0.1/database",
        "redis://:a-password@/",
    ] {
        let error = RedisStore::open(url)
            .err()
            .unwrap_or_else(|| panic!("{url}"));
        let text = format!("{error} {error:?}");
        assert!(!text.contains("a-password"), "{text}");
    }
}

#[test]
fn outside_of_a_runtime_is_an_error() {
    let error = RedisStore::open("redis://127.0.0.1/").err().unwrap();
    assert_eq!(
        error.to_string(),
        "replay store is unavailable: no Tokio runtime; call it in an async function"
    );
}

#[tokio::test]
async fn debug_shows_prefix_and_timeout_only() {
    let store = RedisStore::open("redis://:a-password@127.0.0.1:1/").unwrap();
    assert_eq!(
        format!("{store:?}"),
        r#"RedisStore { prefix: "hubseal:", timeout: 500ms, .. }"#
    );
    let store = store.with_prefix("shop:").with_timeout(TIMEOUT);
    assert_eq!(
        format!("{store:?}"),
        r#"RedisStore { prefix: "shop:", timeout: 300ms, .. }"#
    );
}

#[test]
fn server_of_the_tests_keeps_its_data_over_a_restart() {
    let mut server = server!();
    let () = server.command(&["SET", "key", "value"]).unwrap();
    server.stop();
    assert!(server.command::<String>(&["GET", "key"]).is_err());
    server.restart();
    assert_eq!(server.command::<String>(&["GET", "key"]).unwrap(), "value");
    server.freeze();
    server.thaw();
    assert_eq!(server.command::<String>(&["GET", "key"]).unwrap(), "value");
}
