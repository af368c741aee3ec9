//! An HTTP/1.1 client that sends requests exactly as described.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;
use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream, ToSocketAddrs},
    sync::mpsc::{self, Receiver},
    thread,
};

use super::request::{Request, Sending};

/// The response to a [`Request`].
///
/// # Examples
/// ```
/// use hubseal::testing::Answer;
///
/// let answer = Answer {
///     status: 405,
///     headers: vec![("Allow".to_owned(), "GET, POST".to_owned())],
///     ..Answer::default()
/// };
/// assert_eq!(answer.header("allow"), Some("GET, POST"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status of the final response.
    pub status: u16,
    /// The headers of the final response, in order.
    pub headers: Vec<(String, String)>,
    /// The body of the final response, without the transfer coding.
    pub body: Vec<u8>,
    /// Whether a `100 Continue` preceded the final response.
    pub continued: bool,
}

impl Answer {
    /// Returns the first value of the header with this name, in any case.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::testing::Answer::default().header("allow"), None);
    /// ```
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Sends a request over a new TCP connection and returns the response.
///
/// Blocks the thread. `timeout` limits each read and each write, not the whole exchange. The response
/// is read while the body is still being written, because a receiver may respond early.
///
/// # Errors
/// Returns an error if the connection fails, closes without a response, or times out, or if the
/// response is not HTTP/1.
///
/// # Examples
/// ```no_run
/// use hubseal::testing::{Request, exchange};
/// use std::time::Duration;
///
/// let unsigned = Request::post("/webhook", "{}");
/// let answer = exchange("127.0.0.1:8080", &unsigned, Duration::from_secs(20))?;
/// assert_eq!(answer.status, 401);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn exchange(
    server: impl ToSocketAddrs,
    request: &Request,
    timeout: Duration,
) -> io::Result<Answer> {
    let stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    let host = &stream.peer_addr()?.to_string();
    let stream = &stream;

    let (go_on, continued) = mpsc::channel();
    // Owns the sender, so that the end of `receive` also ends a writer's wait for `100 Continue`.
    let on_continue = move || go_on.send(()).unwrap_or_default();
    thread::scope(|scope| {
        let writer = scope.spawn(move || send(stream, host, request, &continued, timeout));
        let answer = receive(stream, on_continue, request.method == "HEAD");
        // Unblocks a writer whose receiver reads no more. Its error does not matter, because the
        // answer is there.
        let _ = stream.shutdown(Shutdown::Both);
        let _ = writer.join();
        answer
    })
}

fn send(
    mut stream: &TcpStream,
    host: &str,
    request: &Request,
    continued: &Receiver<()>,
    timeout: Duration,
) -> io::Result<()> {
    let body = &request.body[..];
    let first = |count: usize| body.get(..count).unwrap_or(body);

    // Sends head and body of an ordinary request in one segment, like an HTTP client.
    let mut start = request.head(host);
    if request.sending == Sending::Whole {
        start.extend_from_slice(body);
    }
    stream.write_all(&start)?;

    match &request.sending {
        Sending::Whole | Sending::Withheld => {}
        Sending::Pieces { size, pause } => {
            let mut pieces = body.chunks((*size).max(1));
            stream.write_all(pieces.next().unwrap_or_default())?;
            for piece in pieces {
                if !pause.is_zero() {
                    thread::sleep(*pause);
                }
                stream.write_all(piece)?;
            }
        }
        Sending::Chunked { size } => {
            let mut coded = Vec::new();
            for chunk in body.chunks((*size).max(1)) {
                write!(coded, "{:x}\r\n", chunk.len())?;
                coded.extend_from_slice(chunk);
                coded.extend_from_slice(b"\r\n");
            }
            coded.extend_from_slice(b"0\r\n\r\n");
            stream.write_all(&coded)?;
        }
        Sending::Trailer { name, value } => {
            let mut coded = Vec::new();
            write!(coded, "{:x}\r\n", body.len())?;
            coded.extend_from_slice(body);
            write!(coded, "\r\n0\r\n{name}: {value}\r\n\r\n")?;
            stream.write_all(&coded)?;
        }
        Sending::AfterContinue => {
            if continued.recv_timeout(timeout).is_ok() {
                stream.write_all(body)?;
            }
        }
        Sending::Stalled { after } => stream.write_all(first(*after))?,
        Sending::CutShort { after } => {
            stream.write_all(first(*after))?;
            stream.shutdown(Shutdown::Write)?;
        }
    }
    Ok(())
}

fn receive(mut stream: &TcpStream, go_on: impl Fn(), bodiless: bool) -> io::Result<Answer> {
    let mut answer = Answer::default();
    let mut arrived = Vec::new();
    loop {
        let mut slots = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut slots);
        let length = match head.parse(&arrived) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => {
                if more(&mut stream, &mut arrived)? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                continue;
            }
            Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        };
        answer.status = head.code.unwrap_or_default();
        answer.headers = head
            .headers
            .iter()
            .map(|header| {
                (
                    header.name.into(),
                    String::from_utf8_lossy(header.value).into(),
                )
            })
            .collect();
        arrived.drain(..length);
        if answer.status != 100 {
            break;
        }
        answer.continued = true;
        go_on();
    }
    if !bodiless {
        answer.body = receive_body(&mut stream, &answer, arrived)?;
    }
    Ok(answer)
}

fn receive_body(
    stream: &mut &TcpStream,
    answer: &Answer,
    mut arrived: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let chunked = answer.header("transfer-encoding").is_some();
    let length = answer
        .header("content-length")
        .and_then(|value| value.parse::<usize>().ok());
    loop {
        if chunked {
            if let Some(body) = decode_chunks(&arrived)? {
                return Ok(body);
            }
        } else if length.is_some_and(|length| arrived.len() >= length) {
            return Ok(arrived);
        }
        if more(stream, &mut arrived)? == 0 {
            return match length {
                None if !chunked => Ok(arrived),
                _ => Err(io::ErrorKind::UnexpectedEof.into()),
            };
        }
    }
}

/// Decodes the body of a chunked response. Returns `None` while it is incomplete.
fn decode_chunks(mut coded: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let (start, size) = match httparse::parse_chunk_size(coded) {
            Ok(httparse::Status::Complete(chunk)) => chunk,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(io::ErrorKind::InvalidData.into()),
        };
        if size == 0 {
            return Ok(Some(body));
        }
        let chunk = usize::try_from(size)
            .ok()
            .and_then(|size| coded.get(start..)?.split_at_checked(size))
            .and_then(|(chunk, rest)| Some((chunk, rest.strip_prefix(b"\r\n")?)));
        let Some((chunk, rest)) = chunk else {
            return Ok(None);
        };
        body.extend_from_slice(chunk);
        coded = rest;
    }
}

fn more(stream: &mut &TcpStream, arrived: &mut Vec<u8>) -> io::Result<usize> {
    let mut buffer = [0; 4_096];
    let count = stream.read(&mut buffer)?;
    arrived.extend_from_slice(buffer.get(..count).unwrap_or_default());
    Ok(count)
}
