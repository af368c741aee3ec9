//! The gates of the example servers.

use std::{env, fs, path::PathBuf, process};

use hubseal::testing::{Answer, Request, exchange};

use super::{SERVERS, Server};
use crate::{adapters::PATIENCE, common::secret};

fn genuine() -> Request {
    Request::signed("/webhook", &secret(), "{}")
}

fn send(server: &Server, request: &Request) -> Answer {
    exchange(server.address, request, PATIENCE).unwrap()
}

/// A file of networks.
fn file(test: &str, name: &str, networks: &str) -> PathBuf {
    let path = env::temp_dir().join(format!("hubseal-{test}-{name}-{}", process::id()));
    fs::write(&path, networks).unwrap();
    path
}

#[test]
fn allow_list_is_enforced_or_reported() {
    for name in SERVERS {
        let path = file("sources", name, "192.0.2.0/24\n");
        let sources = ("ALLOW_SOURCES", path.to_str().unwrap());
        let proxies = ("TRUSTED_PROXIES", "127.0.0.1");
        let from = |client: &str| genuine().header("x-forwarded-for", client);

        let server = Server::start(name, &[sources, proxies]);
        assert_eq!(send(&server, &from("192.0.2.7")).status, 200, "{name}");
        assert_eq!(send(&server, &from("198.51.100.7")).status, 403, "{name}");
        assert_eq!(send(&server, &genuine()).status, 403, "{name}");
        drop(server);

        let server = Server::start(name, &[sources, proxies, ("ALLOW_MODE", "report")]);
        assert_eq!(send(&server, &from("198.51.100.7")).status, 200, "{name}");
        server.wait_for_log("source_not_allowed", 1);
        fs::remove_file(path).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn sighup_reads_allow_list_again() {
    for name in SERVERS {
        let path = file("sighup", name, "192.0.2.0/24\n");
        let server = Server::start(name, &[("ALLOW_SOURCES", path.to_str().unwrap())]);
        assert_eq!(send(&server, &genuine()).status, 403, "{name}");
        fs::write(&path, "192.0.2.0/24\nnonsense\n").unwrap();
        server.signal("-HUP");
        server.wait_for_log("ALLOW_SOURCES: line 2", 1);
        assert_eq!(send(&server, &genuine()).status, 403, "{name}");
        fs::write(&path, "127.0.0.0/8\n").unwrap();
        server.signal("-HUP");
        server.wait_for_log("allow-list reloaded", 1);
        assert_eq!(send(&server, &genuine()).status, 200, "{name}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn failure_limit_answers_429() {
    for name in SERVERS {
        let server = Server::start(name, &[("FAILURE_LIMIT", "2")]);
        let forged = genuine().body("[]");
        for expected in [401, 401, 429, 429] {
            assert_eq!(send(&server, &forged).status, expected, "{name}");
        }
        let limited = send(&server, &genuine());
        assert_eq!(limited.status, 429, "{name}");
        let wait: u64 = limited.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=30).contains(&wait), "{name}: {wait}");
    }
}
