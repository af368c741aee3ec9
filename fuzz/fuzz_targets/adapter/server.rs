//! A server with the adapter, over an in-memory pipe and with a paused clock.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hubseal::{Endpoint, Verified, hyper::Verify};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex, split},
    runtime::{Builder, Runtime},
    task::yield_now,
    time::timeout,
};

use hubseal_fuzz::headers::Header;

/// Large enough for everything that a connection can send.
const PIPE: usize = 64 * 1024;
const LONG: Duration = Duration::from_secs(10);

/// One request as the server read it, and its result.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) method: Vec<u8>,
    pub(super) query: Vec<u8>,
    pub(super) headers: Vec<Header>,
    pub(super) chunks: Vec<Bytes>,
    /// `None` while more can arrive.
    pub(super) end: Option<End>,
    /// Whether the body was requested.
    pub(super) polled: bool,
    /// The body that the handler received.
    pub(super) handled: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Whole,
    Failed,
}

pub(super) struct Served {
    pub(super) seen: Vec<Seen>,
    pub(super) received: Vec<u8>,
}

/// Behaviour of the client and the server.
pub(super) struct Connection {
    pub(super) sent: Vec<u8>,
    /// The size of the chunks that it sends.
    pub(super) size: usize,
    pub(super) leaves: bool,
    pub(super) half_close: bool,
}

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
}

/// Sends everything. Then waits until the server closes the connection or sends nothing for a
/// minute.
pub(super) fn serve(endpoint: &Endpoint, connection: &Connection) -> Served {
    let log = Log::default();
    let received = RUNTIME
        .with(|runtime| runtime.block_on(exchange(endpoint.clone(), log.clone(), connection)));
    let seen = std::mem::take(&mut *log.all());
    Served { seen, received }
}

async fn exchange(endpoint: Endpoint, log: Log, connection: &Connection) -> Vec<u8> {
    let (sent, size, leaves) = (connection.sent.clone(), connection.size, connection.leaves);
    let (client, server) = duplex(PIPE);
    let handled = log.clone();
    let verify = Verify::new(endpoint, move |request| answer(handled.clone(), request));
    let service = service_fn(move |request| verify.call(log.begin(request)));
    let serving = http1::Builder::new()
        .half_close(connection.half_close)
        .timer(TokioTimer::new())
        .header_read_timeout(LONG)
        .serve_connection(TokioIo::new(server), service);
    let serving = tokio::spawn(serving);

    let (mut from, mut to) = split(client);
    let client = tokio::spawn(async move {
        for chunk in sent.chunks(size) {
            // A write fails if the server has closed the connection.
            if to.write_all(chunk).await.is_err() {
                break;
            }
            yield_now().await;
        }
        if leaves {
            let _ = to.shutdown().await;
        }
        to
    });
    let mut received = Vec::new();
    let _ = timeout(6 * LONG, from.read_to_end(&mut received)).await;
    for task in [serving.abort_handle(), client.abort_handle()] {
        task.abort();
    }
    if let Err(error) = serving.await {
        assert!(!error.is_panic(), "{error}");
    }
    received
}

async fn answer(
    log: Log,
    request: Request<Verified<Bytes>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let Number(number) = request.extensions().get().copied().unwrap();
    let body = request.into_body();
    let key = body.key().to_string();
    let before = log.all()[number].handled.replace(body.to_vec());
    assert_eq!(before, None, "handled twice");
    Ok(Response::new(key.into()))
}

#[derive(Clone, Copy)]
struct Number(usize);

/// All requests of one connection.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    fn all(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.0.lock().unwrap()
    }

    fn begin(&self, request: Request<Incoming>) -> Request<Recorded> {
        let mut all = self.all();
        let number = all.len();
        let headers = request.headers().iter();
        all.push(Seen {
            method: request.method().as_str().into(),
            query: request.uri().query().unwrap_or_default().into(),
            headers: headers
                .map(|(name, value)| (name.as_str().into(), value.as_bytes().into()))
                .collect(),
            ..Seen::default()
        });
        drop(all);
        let log = self.clone();
        let mut request = request.map(|body| Recorded { body, log, number });
        request.extensions_mut().insert(Number(number));
        request
    }
}

/// A body that records its frames.
struct Recorded {
    body: Incoming,
    log: Log,
    number: usize,
}

impl Body for Recorded {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let seen = &mut self.log.all()[self.number];
        seen.polled = true;
        match &polled {
            Poll::Ready(Some(Ok(frame))) => seen.chunks.extend(frame.data_ref().cloned()),
            Poll::Ready(Some(Err(_))) => seen.end = Some(End::Failed),
            Poll::Ready(None) => seen.end = Some(End::Whole),
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
