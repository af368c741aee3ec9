//! Output of the servers at `RUST_LOG=trace`, including that of their frameworks.

use std::{
    collections::HashSet,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
};

use hubseal::{
    RejectionKind, Signature,
    testing::{Case, Expected, Request, exchange, sample},
};

use super::{SERVERS, Server};
use crate::{
    adapters::{self, PATIENCE, replay_attack_suite},
    common::{ACCESS_TOKEN, SECRET, TOKEN, secret},
};

#[tokio::test(flavor = "multi_thread")]
async fn attack_suite_leaves_no_secret_in_trace_log() {
    let secrets = all_secrets();
    for name in SERVERS {
        let server = Server::start(name, &[("RUST_LOG", "trace")]);
        replay_attack_suite(server.address, "/webhook", cases_for(name)).await;
        server.signal("-TERM");
        let written = server.end().to_lowercase();
        assert!(
            written.contains("signature_mismatch"),
            "{name} logs rejections"
        );
        // The library's own message names the format of a signature.
        let message = RejectionKind::SignatureMalformed.to_string();
        let written = written.replace(&message.to_lowercase(), "");
        for secret in &secrets {
            assert!(!written.contains(secret), "{name} logged {secret}");
        }
    }
}

/// Frameworks log parts of invalid requests: actix a bad `content-length`, HTTP/2 a bad path.
#[test]
fn redacts_secrets_in_trace_logs_of_frameworks() {
    let verify_token = TOKEN.replace('+', "%2B").replace(' ', "+");
    let query = format!("hub.verify_token={verify_token}&access_token={ACCESS_TOKEN}");
    let handshake = format!("/webhook?hub.mode=subscribe&hub.challenge=7&{query}");
    for name in SERVERS {
        let server = Server::start(name, &[("RUST_LOG", "trace")]);
        for (request, status) in [
            (Request::get(&handshake), 200),
            (
                Request::signed(&format!("/webhook?{query}"), &secret(), "{}"),
                200,
            ),
            (Request::get(&format!("/?{query}&secret={SECRET}")), 404),
        ] {
            let answer = exchange(server.address, &request, PATIENCE).unwrap();
            assert_eq!(answer.status, status, "{name}");
        }
        let no_length = format!("GET / HTTP/1.1\r\ncontent-length: {query}\r\n\r\n");
        send(server.address, no_length.as_bytes());
        send(server.address, &http2_request(&format!("/?{query} ")));
        server.signal("-TERM");
        let written = server.end();
        let shown = ["illegal Content-Length: ", "malformed path ("];
        assert!(
            shown.iter().any(|shown| written.contains(shown)),
            "{name} did not log the invalid request: {written}"
        );
        for secret in [ACCESS_TOKEN, &verify_token, TOKEN, SECRET] {
            assert!(
                !written.contains(secret),
                "{name} logged {secret}: {written}"
            );
        }
    }
}

/// Sends bytes and waits until the server closes the connection.
pub(super) fn send(address: SocketAddr, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    // The response does not matter, nor does a reset connection.
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Encodes an HTTP/2 request by hand, because no client sends an invalid path.
pub(super) fn http2_request(path: &str) -> Vec<u8> {
    let length = u8::try_from(path.len()).unwrap();
    assert!(length < 127, "fits the first byte of a length");
    // GET, http, and a literal path.
    let headers = [&[0x82, 0x86, 0x04, length], path.as_bytes()].concat();
    let length = u8::try_from(headers.len()).unwrap();
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(),
        &[0, 0, 0, 4, 0, 0, 0, 0, 0],
        &[0, 0, length, 1, 5, 0, 0, 0, 1],
        &headers,
    ]
    .concat()
}

/// Selects the cases that the server's framework leaves to the service.
pub(super) fn cases_for(name: &str) -> fn(&Case) -> bool {
    match name {
        "actix" => adapters::actix::without_expect_continue_case,
        _ => |_| true,
    }
}

/// Returns all strings that no log may contain, in lower case: secrets, numbers and signatures.
fn all_secrets() -> HashSet<String> {
    let mut secrets = vec![
        SECRET.to_owned(),
        TOKEN.to_owned(),
        sample::PHONE_NUMBER.to_owned(),
    ];
    secrets.push(TOKEN.replace(' ', "+").replace('/', "%2F"));
    secrets.push("hub.verify_token".to_owned());
    secrets.push("sha256=".to_owned());
    for case in crate::attack_suite::cases() {
        let tag = Signature::sign(&secret(), &case.request.body).to_string();
        secrets.push(tag[7..39].to_owned());
        if let Expected::Challenge(challenge) = case.expected {
            secrets.push(format!("challenge={challenge}"));
        }
        for (name, value) in case.request.headers {
            let value = String::from_utf8_lossy(&value).into_owned();
            if name.eq_ignore_ascii_case("x-hub-signature-256") && value.len() > 16 {
                secrets.push(value);
            }
        }
    }
    secrets
        .into_iter()
        .map(|secret| secret.to_lowercase())
        .collect()
}
