//! Metrics, health and the audit log of the servers agree on every request.

use std::{
    env, fs,
    net::SocketAddr,
    path::PathBuf,
    process, thread,
    time::{Duration, Instant},
};

use hubseal::testing::{Request, exchange, sample};
use serde_json::Value;

use super::{SERVERS, Server, logs::send};
use crate::{
    adapters::{PATIENCE, replay_attack_suite},
    common::{SECRET, TOKEN, secret},
};

const ABORTED: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn metrics_health_and_audit_log_agree() {
    for name in SERVERS {
        let audit_log = audit_log(name);
        let server = Server::start(
            name,
            &[
                ("METRICS_ADDR", "127.0.0.1:0"),
                ("AUDIT_LOG", audit_log.to_str().unwrap()),
            ],
        );
        let metrics = metrics_address(&server);
        replay_attack_suite(server.address, "/webhook", super::logs::cases_for(name)).await;
        for _ in 0..ABORTED {
            abort_upload(server.address);
        }

        let health: Value = serde_json::from_str(&get(metrics, "/health", 200)).unwrap();
        let counted = sum(&get(metrics, "/metrics", 200), |_| true);
        let reported = health["counts"].as_object().unwrap().values();
        let reported: u64 = reported.map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(counted, reported, "{name}");
        assert!(counted > 100, "{name}: {counted} requests");
        assert_eq!(health["healthy"], true, "{name}");

        let rendered = get(metrics, "/metrics", 200);
        let lines = fs::read_to_string(&audit_log).unwrap();
        let lines: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len() as u64, counted, "{name}");
        for (end, reason) in [
            ("verified", ""),
            ("handshake", ""),
            ("rejected", "signature_mismatch"),
            ("rejected", "payload_too_large"),
        ] {
            let logged = lines.iter().filter(|line| {
                line["end"] == end && line["reason"].as_str().unwrap_or_default() == reason
            });
            let labels = format!(r#"end="{end}",reason="{reason}""#);
            let counted = sum(&rendered, |series| series.contains(&labels));
            assert_eq!(logged.count() as u64, counted, "{name}: {labels}");
            assert!(counted > 0, "{name}: {labels}");
        }
        let written = fs::read_to_string(&audit_log).unwrap();
        for secret in [SECRET, TOKEN, sample::PHONE_NUMBER, "127.0.0.1"] {
            assert!(!written.contains(secret), "{name} wrote {secret}");
        }
        fs::remove_file(&audit_log).unwrap();
    }
}

fn audit_log(name: &str) -> PathBuf {
    env::temp_dir().join(format!("hubseal-audit-{name}-{}.jsonl", process::id()))
}

/// Reads the address from the server's output.
fn metrics_address(server: &Server) -> SocketAddr {
    let began = Instant::now();
    loop {
        let written = server.written.lock().unwrap().clone();
        let mut lines = written.lines();
        let address = lines.find_map(|line| line.strip_prefix("metrics on http://"));
        if let Some(address) = address.and_then(|line| line.strip_suffix("/metrics")) {
            return address.parse().unwrap();
        }
        assert!(began.elapsed() < PATIENCE, "{written}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Sends half of a body, and waits until the server has noticed the end of the connection.
fn abort_upload(address: SocketAddr) {
    let request = Request::signed("/webhook", &secret(), sample::text_message());
    let mut bytes = request.head("test");
    bytes.extend_from_slice(&request.body[..request.body.len() / 2]);
    send(address, &bytes);
}

fn get(address: SocketAddr, path: &str, status: u16) -> String {
    let answer = exchange(address, &Request::get(path), PATIENCE).unwrap();
    assert_eq!(answer.status, status, "{path}");
    String::from_utf8(answer.body).unwrap()
}

/// Returns the sum of the series of `hubseal_requests_total` that pass the filter.
fn sum(rendered: &str, filter: impl Fn(&str) -> bool) -> u64 {
    rendered
        .lines()
        .filter_map(|line| line.strip_prefix("hubseal_requests_total")?.split_once(' '))
        .filter(|(labels, _)| filter(labels))
        .map(|(_, count)| count.parse::<u64>().unwrap())
        .sum()
}
