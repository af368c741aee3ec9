//! A client on bare sockets, which can send invalid HTTP.

use std::{
    io, mem,
    net::SocketAddr,
    sync::OnceLock,
    time::{Duration, Instant},
};

use hubseal::{AppSecret, Signature};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::server::READ_DEADLINE;

/// Timeout of a response. It is longer than any flood delays a server.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// How long actix-web keeps an idle connection.
const KEPT_ALIVE: Duration = Duration::from_secs(5);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: bool,
    pub(crate) body: String,
}

/// Why there is no response.
#[derive(Debug)]
pub(crate) enum Silence {
    /// The connection was closed or reset.
    Closed,
    TookTooLong,
}

pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    arrived: Vec<u8>,
    /// When the connection was opened. `None` after the first write.
    opened: Option<Instant>,
    /// When the last response arrived.
    idle: Instant,
    /// Time between the last two responses, or until the last request failed.
    quiet: Duration,
    /// How long the server waited for the last request. For the first request, this includes the
    /// time since the connection was opened.
    sending: Duration,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let opened = Instant::now();
        let stream = timeout(PATIENCE, TcpStream::connect(address)).await??;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            arrived: Vec::new(),
            opened: Some(opened),
            idle: opened,
            quiet: Duration::ZERO,
            sending: Duration::ZERO,
        })
    }

    /// Returns the connection, unless it has been idle for so long that the server may close it.
    pub(crate) fn fresh(self) -> Option<Self> {
        (self.idle.elapsed() < KEPT_ALIVE / 2).then_some(self)
    }

    /// Whether the server may have closed the connection because it was idle. A stalled machine can
    /// cause this even if the request was sent in time.
    pub(crate) fn was_idle(&self) -> bool {
        self.quiet >= KEPT_ALIVE
    }

    /// Whether the server waited for the last request until its read deadline.
    pub(crate) fn took_the_deadline(&self) -> bool {
        self.sending >= READ_DEADLINE
    }

    /// Sends a request in chunks with a pause after each, and returns the response. The response
    /// can arrive before everything is sent.
    pub(crate) async fn ask<'p>(
        &mut self,
        chunks: impl IntoIterator<Item = &'p [u8]>,
        pause: Duration,
    ) -> Result<Answer, Silence> {
        let (mut read, mut write) = self.stream.split();
        let first = self.opened.take();
        let began = first.unwrap_or_else(Instant::now);
        let sent = OnceLock::new();
        let sending = async {
            for (index, chunk) in chunks.into_iter().enumerate() {
                if index > 0 && !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
                // A failed write can still be followed by a response.
                if write.write_all(chunk).await.is_err() {
                    break;
                }
            }
            let _ = sent.set(began.elapsed());
            std::future::pending().await
        };
        let arrived = &mut self.arrived;
        let receiving = async {
            loop {
                if let Some(answer) = take_answer(arrived) {
                    return Ok(answer);
                }
                if !matches!(read.read_buf(arrived).await, Ok(1..)) {
                    return Err(Silence::Closed);
                }
            }
        };
        let asked = async {
            tokio::select! {
                answer = receiving => answer,
                never = sending => never,
            }
        };
        let answer = timeout(PATIENCE, asked).await;
        self.sending = sent.into_inner().unwrap_or(began.elapsed());
        let last = mem::replace(&mut self.idle, Instant::now());
        self.quiet = first.map_or(self.idle - last, |_| Duration::ZERO);
        answer.unwrap_or(Err(Silence::TookTooLong))
    }

    pub(crate) async fn answer(&mut self) -> Result<Answer, Silence> {
        self.ask([], Duration::ZERO).await
    }

    /// Sends the bytes. Ignores a peer that stops reading.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(PATIENCE, self.stream.write_all(bytes)).await;
    }

    /// Resets the connection at once.
    pub(crate) fn reset(self) {
        let _ = self.stream.set_zero_linger();
    }
}

/// Removes the first complete response from the received bytes and returns it.
fn take_answer(arrived: &mut Vec<u8>) -> Option<Answer> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(start)) = head.parse(arrived) else {
        return None;
    };
    let header = |name: &str| {
        let header = head
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| String::from_utf8_lossy(header.value).into_owned())
    };
    let length: usize = header("content-length").map_or(Some(0), |length| length.parse().ok())?;
    let body = arrived.get(start..start + length)?;
    let answer = Answer {
        status: head.code?,
        retry_after: header("retry-after").is_some(),
        body: String::from_utf8_lossy(body).into_owned(),
    };
    arrived.drain(..start + length);
    Some(answer)
}

/// Returns the head of a delivery with this signature.
pub(crate) fn head(framing: &str, signature: &str) -> Vec<u8> {
    format!(
        "POST /webhook HTTP/1.1\r\nhost: soak\r\ncontent-type: application/json\r\n\
         x-hub-signature-256: {signature}\r\n{framing}\r\n\r\n"
    )
    .into_bytes()
}

/// Returns a complete delivery with a genuine signature.
pub(crate) fn delivery(secret: &AppSecret, body: &[u8]) -> Vec<u8> {
    let signature = Signature::sign(secret, body).to_string();
    let mut request = head(&format!("content-length: {}", body.len()), &signature);
    request.extend_from_slice(body);
    request
}

/// Returns the same delivery in chunked transfer encoding.
pub(crate) fn chunked_delivery(secret: &AppSecret, body: &[u8], size: usize) -> Vec<u8> {
    let signature = Signature::sign(secret, body).to_string();
    let mut request = head("transfer-encoding: chunked", &signature);
    for chunk in body.chunks(size) {
        request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend_from_slice(chunk);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    request
}

/// Returns a well-formed random signature.
pub(crate) fn forged_signature() -> String {
    let digits = (0..64).map(|_| char::from_digit(fastrand::u32(..16), 16).unwrap_or('0'));
    format!("sha256={}", digits.collect::<String>())
}
