//! Handlers that fail, and clients that leave.

use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::Full;
use hubseal::testing::{Request, exchange};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::time::timeout;

use super::super::{SERVERS, Server};
use crate::{adapters::PATIENCE, common::secret, replay::redis_server::RedisServer};

/// The client leaves in the middle of the handler. The lease does not end.
const SETTINGS: [(&str, &str); 3] = [
    ("REPLAY", "memory"),
    ("REPLAY_LEASE_MS", "600000"),
    ("HANDLER_DELAY_MS", "1000"),
];
const LEAVES_AFTER: Duration = Duration::from_millis(400);

fn delivery(body: &str) -> Request {
    Request::signed("/webhook", &secret(), body.to_owned())
}

/// Returns the status, and whether the handler answered.
pub(super) fn send(address: SocketAddr, body: &str) -> (u16, bool) {
    let answer = exchange(address, &delivery(body), PATIENCE).unwrap();
    (answer.status, answer.body.starts_with(b"{\"key\":"))
}

/// Sends a delivery until the status is 200.
fn send_until_accepted(address: SocketAddr, body: &str) -> bool {
    let start = Instant::now();
    loop {
        match send(address, body) {
            (200, by_handler) => return by_handler,
            answer => assert_eq!(answer, (503, false)),
        }
        assert!(start.elapsed() < PATIENCE, "not accepted in time");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn failed_delivery_is_handled_again_by_another_process() {
    let Some(redis) = RedisServer::start() else {
        return;
    };
    let url = redis.url();
    for name in SERVERS {
        let start = |status| {
            let settings = [("REPLAY", url.as_str()), ("HANDLER_STATUS", status)];
            Server::start(name, &settings)
        };
        // Meta sends a delivery again after any other status than 200.
        let failing = start("500");
        let other = start("202");
        assert_eq!(send(failing.address, name), (500, true), "{name}");
        assert_eq!(send(other.address, name), (202, true), "{name}");
        drop((failing, other));
        let working = start("200");
        assert_eq!(send(working.address, name), (200, true), "{name}");
        assert_eq!(send(working.address, name), (200, false), "{name}");
    }
}

#[test]
fn failed_delivery_is_handled_again_by_the_same_process() {
    for name in SERVERS {
        let server = Server::start(name, &[("REPLAY", "memory"), ("HANDLER_STATUS", "500")]);
        for _ in 0..3 {
            assert_eq!(send(server.address, name), (500, true), "{name}");
        }
    }
}

/// axum cancels the handler. actix and this hyper server support half-closed connections, so there the
/// handler runs to its end.
#[test]
fn delivery_is_handled_once_if_the_client_leaves() {
    for (name, is_cancelled) in [("axum", true), ("actix", false), ("hyper", false)] {
        let server = Server::start(name, &SETTINGS);
        let request = delivery(name);
        let mut client = TcpStream::connect(server.address).unwrap();
        client.write_all(&request.head("test")).unwrap();
        client.write_all(&request.body).unwrap();
        thread::sleep(LEAVES_AFTER);
        assert_eq!(send(server.address, name), (503, false), "{name}");
        drop(client);
        let by_handler = send_until_accepted(server.address, name);
        assert_eq!(by_handler, is_cancelled, "{name}");
        assert_eq!(send(server.address, name), (200, false), "{name}");
    }
}

/// hyper cancels the handler then.
#[tokio::test(flavor = "multi_thread")]
async fn delivery_is_handled_again_after_reset_of_its_stream() {
    let server = Server::start("hyper", &SETTINGS);
    let stream = tokio::net::TcpStream::connect(server.address)
        .await
        .unwrap();
    let io = TokioIo::new(stream);
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let mut request = http::Request::<Bytes>::try_from(delivery("{}")).unwrap();
    *request.uri_mut() = "http://localhost/webhook".parse().unwrap();
    *request.version_mut() = http::Version::HTTP_2;
    let response = sender.send_request(request.map(Full::new));
    assert!(timeout(LEAVES_AFTER, response).await.is_err(), "too early");
    assert!(send_until_accepted(server.address, "{}"));
    assert_eq!(send(server.address, "{}"), (200, false));
}
