//! The audit log: its lines, and writers that fail.

mod disk;
mod failures;

use std::{
    io,
    net::IpAddr,
    thread,
    time::{Duration, SystemTime},
};

use hubseal::{AuditLog, Endpoint, HeaderLookup, RequestHead, redact::PseudonymKey};
use serde_json::{Value, json};

use crate::common::{TOKEN, endpoint, receive};
use disk::Disk;

fn audited(configure: impl FnOnce(AuditLog) -> AuditLog) -> (Endpoint, AuditLog, Disk) {
    let disk = Disk::default();
    let audit = configure(AuditLog::new(disk.clone()));
    let endpoint = endpoint().add_observer(audit.clone()).build().unwrap();
    (endpoint, audit, disk)
}

fn deliver(endpoint: &Endpoint, body: &'static str) {
    receive(endpoint, body.as_bytes(), &[])
        .unwrap()
        .finish_with(body)
        .unwrap();
}

/// Removes the time and the duration, after a check.
#[track_caller]
fn without_times(mut line: Value) -> Value {
    let fields = line.as_object_mut().unwrap();
    let time = fields.remove("time").unwrap();
    let time = humantime::parse_rfc3339(time.as_str().unwrap()).unwrap();
    let age = SystemTime::now().duration_since(time).unwrap();
    assert!(age < Duration::from_secs(600), "{age:?}");
    assert!(fields.remove("elapsed_us").unwrap().as_u64().unwrap() < 600_000_000);
    line
}

#[test]
fn writes_one_json_line_per_request() {
    let (endpoint, audit, disk) = audited(|audit| audit);
    deliver(&endpoint, "{}");
    assert!(
        receive(&endpoint, b"{}", &[])
            .unwrap()
            .finish_with("[]")
            .is_err()
    );
    drop(receive(&endpoint, b"{}", &[]).unwrap());
    let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=verify%2Btoken/of+these+tests";
    endpoint.handshake(query).unwrap();
    assert!(endpoint.handshake("").is_err());

    let expected = [
        json!({"endpoint": "webhook", "end": "verified", "key": "current", "body_bytes": 2}),
        json!({"endpoint": "webhook", "end": "rejected", "reason": "signature_mismatch", "body_bytes": 2}),
        json!({"endpoint": "webhook", "end": "abandoned", "body_bytes": 0}),
        json!({"endpoint": "webhook", "end": "handshake", "body_bytes": 0}),
        json!({"endpoint": "webhook", "end": "rejected", "reason": "handshake_malformed", "body_bytes": 0}),
    ];
    let lines: Vec<_> = disk.lines().into_iter().map(without_times).collect();
    assert_eq!(lines, expected);
    assert_eq!(audit.lost_lines(), 0);
    let disk = disk.lock();
    assert_eq!(
        (disk.writes, disk.flushes),
        (5, 5),
        "one write and one flush for each line"
    );
}

#[cfg(all(feature = "replay", feature = "tower"))]
#[test]
fn writes_duplicates_and_unchecked_deliveries() {
    use crate::guarded::{deliver, unchecked, with_guard};

    let disk = Disk::default();
    let audit = AuditLog::new(disk.clone());
    for guarded in [with_guard(endpoint()), unchecked(endpoint())] {
        let endpoint = guarded.add_observer(audit.clone()).build().unwrap();
        deliver(&endpoint, ["{}", "{}"]);
    }
    let verified =
        json!({"endpoint": "webhook", "end": "verified", "key": "current", "body_bytes": 2});
    let duplicate =
        json!({"endpoint": "webhook", "end": "duplicate", "key": "current", "body_bytes": 2});
    let mut unchecked = verified.clone();
    unchecked["reason"] = "replay_store_unavailable".into();
    let lines: Vec<_> = disk.lines().into_iter().map(without_times).collect();
    assert_eq!(lines, [verified, duplicate, unchecked.clone(), unchecked]);
}

#[test]
fn fields_have_documented_order_and_form() {
    let (endpoint, _, disk) = audited(|audit| audit);
    deliver(&endpoint, "{}");
    let line = disk.text();
    let (time, rest) = line.split_at(r#"{"time":"2026-11-26T16:40:00.123Z","#.len());
    let form: String = time
        .chars()
        .map(|character| {
            if character.is_ascii_digit() {
                '0'
            } else {
                character
            }
        })
        .collect();
    assert_eq!(form, r#"{"time":"0000-00-00T00:00:00.000Z","#);
    let start =
        r#""endpoint":"webhook","end":"verified","key":"current","body_bytes":2,"elapsed_us":"#;
    assert!(rest.starts_with(start) && rest.ends_with("}\n"), "{rest}");
}

#[test]
fn lines_contain_no_part_of_request() {
    let (endpoint, _, disk) = audited(|audit| audit.with_source_pseudonyms(key()));
    let address: IpAddr = [203, 0, 113, 77].into();
    let body = r#"{"marker":"needle"}"#;
    let signature = endpoint.verifier().sign(body).to_string();
    let headers = [
        ("x-hub-signature-256", &*signature),
        ("user-agent", "needle"),
        ("x-forwarded-for", "needle"),
    ];
    let query = format!("needle&hub.challenge=needle&hub.mode=needle&hub.verify_token={TOKEN}");
    for method in ["POST", "GET", "NEEDLE"] {
        let head = RequestHead::new(method, &headers)
            .query(&query)
            .peer(address);
        if let Ok(hubseal::Admitted::Delivery(verifier)) = endpoint.admit(&head) {
            verifier.finish_with(body).unwrap();
        }
    }
    assert_eq!(disk.lines().len(), 3);
    let text = disk.text().to_ascii_lowercase();
    let parts = ["needle", "203.0", "113.77", TOKEN, &signature[7..23]];
    for part in parts {
        assert!(!text.contains(part), "{part} is in {text}");
    }
}

fn key() -> PseudonymKey {
    PseudonymKey::new([7; 32]).unwrap()
}

#[test]
fn source_is_a_pseudonym_or_absent() {
    let disk = Disk::default();
    let without = AuditLog::new(disk.clone());
    let with = without.clone().with_source_pseudonyms(key());
    let endpoint = endpoint()
        .add_observer(with)
        .add_observer(without)
        .build()
        .unwrap();
    let headers: [(&str, &str); 0] = [];
    let head = RequestHead::new("PUT", &headers);
    let address: IpAddr = [203, 0, 113, 77].into();
    assert!(endpoint.admit(&head.peer(address)).is_err());
    let mapped = "::ffff:203.0.113.77".parse().unwrap();
    assert!(
        endpoint
            .admit(&RequestHead::new("PUT", &headers).peer(mapped))
            .is_err()
    );
    assert!(endpoint.admit(&RequestHead::new("PUT", &headers)).is_err());

    let sources: Vec<_> = disk
        .lines()
        .iter()
        .map(|line| line.get("source").cloned())
        .collect();
    let known = Some(Value::from(key().ip_address(address)));
    assert_eq!(sources, [known.clone(), None, known, None, None, None]);
}

#[test]
fn concurrent_requests_write_intact_lines() {
    const THREADS: usize = 16;
    const REQUESTS: usize = 250;

    let (endpoint, audit, disk) = audited(|audit| audit.with_source_pseudonyms(key()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..REQUESTS {
                    deliver(&endpoint, r#"{"object":"page"}"#);
                }
            });
        }
    });
    let lines = disk.lines();
    assert_eq!(lines.len(), THREADS * REQUESTS);
    let time = |line: &Value| line["time"].as_str().unwrap().to_owned();
    assert!(
        lines.iter().map(time).is_sorted(),
        "the lines are in order of time"
    );
    let expected =
        json!({"endpoint": "webhook", "end": "verified", "key": "current", "body_bytes": 17});
    assert!(
        lines
            .into_iter()
            .all(|line| without_times(line) == expected)
    );
    assert_eq!(audit.lost_lines(), 0);
}

#[test]
fn line_without_source_allocates_nothing() {
    struct NoHeaders;

    impl HeaderLookup for NoHeaders {
        fn values<'a>(&'a self, _: &'a str) -> impl Iterator<Item = &'a [u8]> {
            std::iter::empty()
        }
    }

    let audit = AuditLog::new(io::sink());
    let endpoint = endpoint().add_observer(audit).build().unwrap();
    let reject = || {
        assert!(
            endpoint
                .receive(&RequestHead::new("POST", &NoHeaders))
                .is_err()
        );
    };
    reject(); // grows the buffer
    let counted = allocation_counter::measure(reject);
    assert_eq!(counted.count_total, 0);
}
