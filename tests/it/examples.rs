//! Runs the example servers as processes and checks their documented behaviour.

mod filter;
mod gates;
mod idle;
mod logs;
mod monitoring;
mod mtls;
mod replay;
mod rotation;
mod server;

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Output,
    thread,
    time::Duration,
};

use hubseal::{
    RejectionKind,
    testing::{Case, Expected, Request, Sending, exchange, sample},
};

use self::server::{Server, example};
use crate::{
    adapters::PATIENCE,
    common::{PREVIOUS_SECRET, SECRET, TOKEN, secret},
};

/// Servers with identical behaviour.
const SERVERS: [&str; 3] = ["axum", "actix", "hyper"];

#[test]
fn example_servers_send_identical_responses() {
    let answers = SERVERS.map(|name| {
        let server = Server::start(name, &[]);
        let answer = |case: Case| {
            let mut answer = exchange(server.address, &case.request, PATIENCE).unwrap();
            answer
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("date"));
            answer
                .headers
                .iter_mut()
                .for_each(|(name, _)| name.make_ascii_lowercase());
            answer.headers.sort();
            if let Expected::Rejected(_) = case.expected {
                // `100 Continue` depends on the server. The attack suite checks it for each.
                answer.continued = false;
            }
            (case.label, answer)
        };
        let elsewhere = Request::signed("/elsewhere", &secret(), "{}");
        let elsewhere = exchange(server.address, &elsewhere, PATIENCE).unwrap();
        assert_eq!((elsewhere.status, elsewhere.body.len()), (404, 0), "{name}");
        // Other tests cover the slow cases.
        let quick =
            |case: &Case| case.expected != Expected::Rejected(RejectionKind::DeadlinePassed);
        let cases = crate::attack_suite::cases().into_iter().filter(quick);
        cases.map(answer).collect::<Vec<_>>()
    });
    let (first, others) = answers.split_first().unwrap();
    for other in others {
        for (one, another) in first.iter().zip(other) {
            assert_eq!(one, another);
        }
    }
}

#[test]
fn verified_delivery_response_has_key_and_size() {
    let previous = || hubseal::AppSecret::new(PREVIOUS_SECRET).unwrap();
    for (name, secret, key) in SERVERS
        .iter()
        .flat_map(|name| [(name, secret(), "current"), (name, previous(), "previous")])
    {
        let server = Server::start(name, &[("APP_SECRET_PREVIOUS", PREVIOUS_SECRET)]);
        let request = Request::signed("/webhook", &secret, "{}");
        let answer = exchange(server.address, &request, PATIENCE).unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let body = String::from_utf8(answer.body).unwrap();
        assert_eq!(body, format!(r#"{{"key":"{key}","bytes":2}}"#));
    }
}

#[test]
fn payload_limit_is_configurable() {
    for (name, size, status) in SERVERS
        .iter()
        .flat_map(|name| [(name, 100, 200), (name, 101, 413)])
    {
        let server = Server::start(name, &[("MAX_BODY", "100")]);
        let request = Request::signed("/webhook", &secret(), vec![b'a'; size]);
        assert_eq!(
            exchange(server.address, &request, PATIENCE).unwrap().status,
            status
        );
    }
}

/// `axum::serve` closes half-closed connections and has no setting for it.
#[test]
fn half_closed_client_still_gets_response() {
    for name in ["actix", "hyper"] {
        let server = Server::start(name, &[]);
        let body = sample::text_message();
        let after = body.len();
        let whole = Request::signed("/webhook", &secret(), body);
        let whole = whole.sending(Sending::CutShort { after });
        // This is a race: without the setting, several of these attempts fail.
        for _ in 0..50 {
            let answer = exchange(server.address, &whole, PATIENCE).map_err(|error| (name, error));
            assert_eq!(answer.unwrap().status, 200, "{name}");
        }
    }
}

#[test]
fn shutdown_waits_for_active_requests() {
    for (name, signal) in SERVERS
        .iter()
        .flat_map(|name| [(name, "-TERM"), (name, "-INT")])
    {
        let server = Server::start(name, &[("READ_TIMEOUT_MS", "20000")]);
        let address = server.address;
        let request = Request::signed("/webhook", &secret(), sample::text_message())
            .header("expect", "100-continue");
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(&request.head("test")).unwrap();
        // The server asks for the body, so the request is active.
        let mut answer = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 100 "), "{name} {signal}");

        server.signal(signal);
        thread::sleep(Duration::from_millis(200));
        stream.write_all(&request.body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200 "),
            "{name} {signal}: {answer}"
        );
        server.end();
        assert!(
            TcpStream::connect(address)
                .and_then(|mut s| s.write_all(b"x"))
                .is_err()
        );
    }
}

#[test]
fn exits_with_status_2_and_message_on_bad_setting() {
    let run = |name: &str, settings: &[(&str, &str)]| -> Output {
        example(name)
            .envs(settings.iter().copied())
            .output()
            .unwrap()
    };
    let (secret, token) = (("APP_SECRET", SECRET), ("VERIFY_TOKEN", TOKEN));
    let quoted = format!("'{SECRET}'");
    for (settings, named) in [
        (vec![token], "APP_SECRET"),
        (vec![secret], "VERIFY_TOKEN"),
        (vec![("APP_SECRET", ""), token], "APP_SECRET"),
        (vec![("APP_SECRET", "changeme"), token], "APP_SECRET"),
        (vec![("APP_SECRET", &quoted), token], "APP_SECRET"),
        (
            vec![("APP_SECRET", "not of Meta's form"), token],
            "APP_SECRET",
        ),
        (vec![secret, ("VERIFY_TOKEN", " padded ")], "VERIFY_TOKEN"),
        (
            // A short token is accepted, so `MAX_BODY` is the error.
            vec![secret, ("VERIFY_TOKEN", "1234567"), ("MAX_BODY", "x")],
            "MAX_BODY",
        ),
        (
            vec![secret, token, ("APP_SECRET_PREVIOUS", "xxxx")],
            "APP_SECRET_PREVIOUS",
        ),
        (vec![secret, token, ("MAX_BODY", "4 MiB")], "MAX_BODY"),
        (vec![secret, token, ("MAX_BODY", "0")], "MAX_BODY"),
        (
            vec![secret, token, ("MEMORY_BUDGET", "64 MiB")],
            "MEMORY_BUDGET",
        ),
        (
            // Too small for the payload limit.
            vec![secret, token, ("MEMORY_BUDGET", "8388606")],
            "MEMORY_BUDGET",
        ),
        (
            vec![secret, token, ("READ_TIMEOUT_MS", "-1")],
            "READ_TIMEOUT_MS",
        ),
        (
            vec![secret, token, ("READ_TIMEOUT_MS", "0")],
            "READ_TIMEOUT_MS",
        ),
        (
            vec![secret, token, ("HUBSEAL_ADDR", "localhost")],
            "HUBSEAL_ADDR",
        ),
        (
            vec![secret, token, ("METRICS_ADDR", "localhost")],
            "METRICS_ADDR",
        ),
        (
            vec![secret, token, ("TRUSTED_PROXIES", "10.0.0.1/8")],
            "TRUSTED_PROXIES",
        ),
        (
            vec![secret, token, ("ALLOW_SOURCES", "/no/such/file")],
            "ALLOW_SOURCES",
        ),
        (vec![secret, token, ("ALLOW_MODE", "report")], "ALLOW_MODE"),
        (vec![secret, token, ("FAILURE_LIMIT", "0")], "FAILURE_LIMIT"),
        (
            vec![secret, token, ("FAILURE_LIMIT", "70000")],
            "FAILURE_LIMIT",
        ),
        (
            vec![secret, token, ("AUDIT_LOG", "/no/such/folder/log")],
            "AUDIT_LOG",
        ),
    ] {
        for server in SERVERS {
            let output = run(server, &settings);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{server}, {named}: {said}");
            assert_eq!(said.lines().count(), 1, "{server}, {named}: {said}");
            assert!(said.contains(named), "{server}, {named}: {said}");
            assert!(
                !["changeme", "padded", "1234567"]
                    .iter()
                    .any(|value| said.contains(value)),
                "{said}"
            );
            assert!(output.stdout.is_empty());
        }
    }
}
