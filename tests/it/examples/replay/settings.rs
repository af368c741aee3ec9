//! Settings of the replay guard and of the handler.

use std::time::{Duration, Instant};

use super::{
    super::{SERVERS, Server, example, logs},
    failures::send,
};
use crate::{
    common::{SECRET, TOKEN},
    replay::redis_server::RedisServer,
};

const PASSWORD: &str = "correct-horse-battery";

#[test]
fn refused_replay_setting_is_named_and_not_printed() {
    for (variable, value) in [
        ("REPLAY", ""),
        ("REPLAY", "Memory"),
        ("REPLAY", "postgres://app:correct-horse-battery@db/"),
        ("REPLAY", "redis://:correct-horse-battery@[/"),
        // Without a TLS feature of the crate `redis`.
        ("REPLAY", "rediss://:correct-horse-battery@localhost/"),
        ("REPLAY_LEASE_MS", "30 s"),
        ("REPLAY_LEASE_MS", "0"),
        ("HANDLER_STATUS", "OK"),
        ("HANDLER_STATUS", "199"),
        ("HANDLER_STATUS", "600"),
        ("HANDLER_DELAY_MS", "-1"),
    ] {
        for server in SERVERS {
            let output = example(server)
                .env("APP_SECRET", SECRET)
                .env("VERIFY_TOKEN", TOKEN)
                .env("REPLAY", "memory")
                .env(variable, value)
                .output()
                .unwrap();
            let printed = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{server}: {printed}");
            assert_eq!(printed.lines().count(), 1, "{server}: {printed}");
            assert!(printed.starts_with(&format!("{variable}: ")), "{printed}");
            assert!(!printed.contains(PASSWORD), "{printed}");
            assert!(output.stdout.is_empty());
        }
    }
}

#[test]
fn password_of_redis_is_used_and_not_logged() {
    let Some(redis) = RedisServer::start_with(&["--requirepass", PASSWORD]) else {
        return;
    };
    for (name, password, answers) in [
        ("axum", PASSWORD, [(200, true), (200, false)]),
        ("actix", "not-the-password", [(503, false), (503, false)]),
    ] {
        let url = redis.url_with_password(password);
        let server = Server::start(name, &[("REPLAY", &url), ("RUST_LOG", "trace")]);
        for answer in answers {
            assert_eq!(send(server.address, "{}"), answer, "{name}");
        }
        server.signal("-TERM");
        let written = server.end();
        assert!(!written.contains(password), "{name}: {written}");
    }
}

/// The frameworks log parts of invalid requests.
#[test]
fn redacts_password_of_redis() {
    for name in SERVERS {
        // Nothing listens there.
        let url = "redis://app:battery%2Fstaple@127.0.0.1:1/";
        let server = Server::start(name, &[("REPLAY", url), ("RUST_LOG", "trace")]);
        assert_eq!(send(server.address, "{}"), (503, false), "{name}");
        server.signal("-HUP");
        server.wait_for_log("secrets reloaded", 1);
        let no_length = b"GET / HTTP/1.1\r\ncontent-length: battery/staple\r\n\r\n";
        logs::send(server.address, no_length);
        logs::send(server.address, &logs::http2_request("/battery/staple "));
        server.wait_for_log("[redacted:redis_password]", 1);
        let written = server.written.lock().unwrap();
        assert!(!written.contains("staple"), "{name}: {written}");
    }
}

#[test]
fn handler_delay_and_status_are_configurable() {
    for name in SERVERS {
        let settings = [("HANDLER_DELAY_MS", "300"), ("HANDLER_STATUS", "418")];
        let server = Server::start(name, &settings);
        let start = Instant::now();
        assert_eq!(send(server.address, "{}"), (418, true), "{name}");
        assert!(start.elapsed() >= Duration::from_millis(300), "{name}");
    }
}
