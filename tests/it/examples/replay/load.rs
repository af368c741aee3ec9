//! Many repeated deliveries over keep-alive connections, and counts of the answers.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use super::super::idle::keep_alive_head;
use crate::adapters::PATIENCE;

const CONNECTIONS: usize = 64;

/// The pause of a client before it sends a rejected delivery again.
const PAUSE: Duration = Duration::from_millis(20);

/// Distinct deliveries, each of which is sent several times, in a random order.
pub(super) struct Load {
    requests: Vec<Vec<u8>>,
    order: Vec<usize>,
    /// The next place in the order.
    next: AtomicUsize,
    accepted: AtomicUsize,
}

/// The answers of a load.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Deliveries that got the answer of the handler once.
    pub(super) handled: usize,
    /// Deliveries whose every 200 was empty. The answer of the handler did not reach the client.
    pub(super) handled_unseen: usize,
    pub(super) handled_twice: usize,
    /// Empty answers with status 200.
    pub(super) duplicates: usize,
    /// Answers with status 503, after which the client sent the delivery again.
    pub(super) rejected: usize,
    /// Requests that were sent and got no complete answer.
    pub(super) cut_off: usize,
}

impl Load {
    /// Sends each of these deliveries so many times.
    pub(super) fn new(deliveries: usize, times: usize) -> Self {
        let mut order: Vec<_> = (0..deliveries * times)
            .map(|place| place % deliveries)
            .collect();
        shuffle(&mut order);
        Self {
            requests: (0..deliveries).map(request).collect(),
            order,
            next: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
        }
    }

    /// Sends everything until it is accepted, and does something else meanwhile. Each connection uses the
    /// next server once its server is away.
    pub(super) fn send(&self, servers: &[SocketAddr], meanwhile: impl FnOnce(&Self)) -> Counts {
        let counts = Mutex::new(Counts::default());
        let seen: Vec<_> = self.requests.iter().map(|_| AtomicUsize::new(0)).collect();
        thread::scope(|scope| {
            for number in 0..CONNECTIONS {
                let (counts, seen) = (&counts, &seen);
                let mut servers = servers.iter().copied().cycle().skip(number);
                scope.spawn(move || {
                    let own = self.send_over_one_connection(&mut servers, seen);
                    let mut counts = counts.lock().unwrap();
                    counts.duplicates += own.duplicates;
                    counts.rejected += own.rejected;
                    counts.cut_off += own.cut_off;
                });
            }
            meanwhile(self);
        });
        let mut counts = counts.into_inner().unwrap();
        for seen in seen {
            match seen.into_inner() {
                0 => counts.handled_unseen += 1,
                1 => counts.handled += 1,
                _ => counts.handled_twice += 1,
            }
        }
        counts
    }

    /// Returns how many requests got status 200.
    pub(super) fn accepted(&self) -> usize {
        self.accepted.load(Relaxed)
    }

    /// Waits until half of the requests got status 200.
    pub(super) fn wait_for_half(&self) {
        let start = Instant::now();
        while self.accepted() < self.order.len() / 2 {
            assert!(start.elapsed() < 2 * PATIENCE, "too slow");
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn send_over_one_connection(
        &self,
        servers: &mut impl Iterator<Item = SocketAddr>,
        seen: &[AtomicUsize],
    ) -> Counts {
        let mut counts = Counts::default();
        let mut server = servers.next().unwrap();
        let mut connection = None;
        while let Some(&delivery) = self.order.get(self.next.fetch_add(1, Relaxed)) {
            let start = Instant::now();
            loop {
                assert!(start.elapsed() < PATIENCE, "not accepted in time");
                let open = match connection.take() {
                    Some(open) => Ok(open),
                    None => Connection::open(server),
                };
                let Ok(mut open) = open else {
                    server = servers.next().unwrap();
                    thread::sleep(PAUSE);
                    continue;
                };
                match open.exchange(&self.requests[delivery]) {
                    Ok((200, length)) => {
                        connection = Some(open);
                        match length {
                            0 => counts.duplicates += 1,
                            _ => _ = seen[delivery].fetch_add(1, Relaxed),
                        }
                        self.accepted.fetch_add(1, Relaxed);
                        break;
                    }
                    Ok((status, _)) => {
                        assert_eq!(status, 503);
                        connection = Some(open);
                        counts.rejected += 1;
                        thread::sleep(PAUSE);
                    }
                    Err(error) => {
                        assert_ne!(error.kind(), ErrorKind::WouldBlock, "no answer in time");
                        counts.cut_off += 1;
                        server = servers.next().unwrap();
                    }
                }
            }
        }
        counts
    }
}

struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            received: Vec::new(),
        })
    }

    /// Returns the status and the length of the body. Panics if a 503 has no `Retry-After`.
    fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, usize)> {
        self.stream.write_all(request)?;
        self.received.clear();
        loop {
            let mut some = [0; 1024];
            match self.stream.read(&mut some)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                count => self.received.extend(&some[..count]),
            }
            let mut headers = [httparse::EMPTY_HEADER; 16];
            let mut response = httparse::Response::new(&mut headers);
            let httparse::Status::Complete(head) = response.parse(&self.received).unwrap() else {
                continue;
            };
            let status = response.code.unwrap();
            let number = |name: &str| -> Option<usize> {
                let mut headers = response.headers.iter();
                let header = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
                std::str::from_utf8(header.value).unwrap().parse().ok()
            };
            let length = number("content-length").unwrap();
            if self.received.len() >= head + length {
                assert!(status != 503 || number("retry-after").is_some());
                return Ok((status, length));
            }
        }
    }
}

fn request(delivery: usize) -> Vec<u8> {
    let body = format!(r#"{{"object":"whatsapp_business_account","entry":[{delivery}]}}"#);
    let head = keep_alive_head(body.as_bytes());
    [head, body.into_bytes()].concat()
}

/// The same order in every run.
fn shuffle(order: &mut [usize]) {
    let mut state = 1_u64;
    for end in (1..order.len()).rev() {
        // The constants are Knuth's, for MMIX.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(end, usize::try_from(state >> 33).unwrap() % (end + 1));
    }
}
