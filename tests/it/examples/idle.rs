//! Idle connections, which the hyper example closes.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use hubseal::testing::Request;

use super::{Server, logs::http2_request};
use crate::{adapters::READ_DEADLINE, common::secret};

/// Allowed delay on a busy machine.
const SLACK: Duration = Duration::from_secs(3);
/// Pause between writes of slow clients.
const PAUSE: Duration = Duration::from_secs(1);

const BODY: &[u8] = b"{}";

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
const SETTINGS_ACK: &[u8] = &[0, 0, 0, 4, 1, 0, 0, 0, 0];
const PING: &[u8] = &[0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
const PING_ACK: &[u8] = &[0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
/// The first frame of an unfinished head, with `:method: GET`.
const HEADERS: &[u8] = &[0, 0, 1, 1, 1, 0, 0, 0, 1, 0x82];
/// The scheme, without `END_HEADERS`.
const CONTINUATION: &[u8] = &[0, 0, 1, 9, 0, 0, 0, 0, 1, 0x86];

/// A client that sends the first bytes at once and then the others repeatedly.
struct Client {
    does: &'static str,
    first: Vec<u8>,
    again: &'static [u8],
    /// Part of the expected response.
    answer: &'static [u8],
}

fn clients() -> Vec<Client> {
    let silent = |does, first: &[&[u8]]| Client {
        does,
        first: first.concat(),
        again: b"",
        answer: b"",
    };
    let head = keep_alive_head(BODY);
    let request = [&head, BODY].concat();
    let half = &head[..head.len() / 2];
    vec![
        silent("sends nothing", &[]),
        silent("sends one byte", &[b"P"]),
        silent("sends a part of the preface", &[b"PRI * HT"]),
        silent("sends the preface", &[PREFACE]),
        silent("sends SETTINGS", &[PREFACE, SETTINGS]),
        silent("acknowledges SETTINGS", &[PREFACE, SETTINGS, SETTINGS_ACK]),
        silent(
            "sends half of an HTTP/2 head",
            &[PREFACE, SETTINGS, SETTINGS_ACK, HEADERS, CONTINUATION],
        ),
        silent("sends half of an HTTP/1.1 head", &[half]),
        Client {
            answer: b"HTTP/1.1 200 OK\r\n",
            ..silent("sends a request over HTTP/1.1", &[&request])
        },
        Client {
            // HEADERS of the response on stream 1, with END_HEADERS and END_STREAM.
            answer: &[1, 5, 0, 0, 0, 1],
            ..silent("sends a request over HTTP/2", &[&http2_request("/")])
        },
        Client {
            again: b"a",
            ..silent("goes on with an HTTP/1.1 head", &[half])
        },
        Client {
            again: PING,
            ..silent("pings", &[PREFACE, SETTINGS, SETTINGS_ACK])
        },
        Client {
            again: PING_ACK,
            ..silent("answers pings", &[PREFACE, SETTINGS, SETTINGS_ACK])
        },
    ]
}

/// The head of a delivery that keeps the connection alive.
pub(super) fn keep_alive_head(body: &[u8]) -> Vec<u8> {
    let head = Request::signed("/webhook", &secret(), body.to_vec()).head("test");
    let head = String::from_utf8(head).unwrap();
    head.replace("connection: close\r\n", "").into_bytes()
}

impl Client {
    /// Returns how long the server kept the connection, or an error if it did not close it.
    fn run(&self, mut stream: TcpStream) -> Result<Duration, String> {
        let began = Instant::now();
        let patience = READ_DEADLINE + SLACK;
        let mut answer = Vec::new();
        stream.set_read_timeout(Some(PAUSE)).unwrap();
        stream.write_all(&self.first).unwrap();
        while began.elapsed() < patience {
            let mut some = [0; 1024];
            match stream.read(&mut some) {
                Ok(0) => break,
                Ok(count) => answer.extend(&some[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                // The write fails if the server has closed the connection.
                Err(_) => drop(stream.write_all(self.again)),
            }
        }
        let kept = began.elapsed();
        if kept >= patience {
            return Err(format!("still connected after {kept:?}"));
        }
        let answered = self.answer.is_empty()
            || answer
                .windows(self.answer.len())
                .any(|part| part == self.answer);
        answered
            .then_some(kept)
            .ok_or_else(|| format!("answered with {}", answer.escape_ascii()))
    }
}

#[test]
fn hyper_server_closes_idle_connections() {
    let server = Server::start("hyper", &[]);
    let address = server.address;
    let failed: Vec<_> = thread::scope(|scope| {
        let clients: Vec<_> = clients()
            .into_iter()
            .map(|client| {
                scope.spawn(move || {
                    let ended = client.run(TcpStream::connect(address).unwrap());
                    (client.does, ended)
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .filter(|(_, ended)| !ended.as_ref().is_ok_and(|kept| *kept > READ_DEADLINE / 2))
            .collect()
    });
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Waits two thirds of the deadline before the head and again before the body.
#[test]
fn hyper_server_keeps_connections_with_active_request() {
    let server = Server::start("hyper", &[]);
    let wait = READ_DEADLINE * 2 / 3;
    let head = keep_alive_head(BODY);
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .set_read_timeout(Some(READ_DEADLINE + SLACK))
        .unwrap();
    for _ in 0..2 {
        thread::sleep(wait);
        stream.write_all(&head).unwrap();
        thread::sleep(wait);
        stream.write_all(BODY).unwrap();
        let mut answer = [0; 1024];
        let count = stream.read(&mut answer).unwrap();
        assert!(answer[..count].starts_with(b"HTTP/1.1 200 "));
    }
}
