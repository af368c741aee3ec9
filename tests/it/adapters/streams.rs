//! HTTP/2 scenarios: many streams on one connection share one memory budget.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hubseal::{
    MemoryBudget, PayloadLimit,
    testing::{Request as Sent, sample},
};
use hyper::{
    body::{Frame, Incoming},
    client::conn::http2::{self, SendRequest},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    net::TcpStream,
    sync::mpsc,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use super::{Form, PATIENCE, READ_DEADLINE};
use crate::common::secret;

type Body = UnsyncBoxBody<Bytes, io::Error>;

const KIB: usize = 1024;

pub(super) async fn connect(address: SocketAddr) -> SendRequest<Body> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let io = TokioIo::new(stream);
    let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn request(sent: Sent) -> Request<Bytes> {
    let mut request = Request::<Bytes>::try_from(sent).unwrap();
    *request.uri_mut() = "http://localhost/webhook".parse().unwrap();
    *request.version_mut() = Version::HTTP_2;
    request
}

/// Sends a complete request and returns the status.
pub(super) async fn send(sender: &SendRequest<Body>, sent: Sent) -> u16 {
    let mut sender = sender.clone();
    sender.ready().await.unwrap();
    let request = request(sent).map(|body| {
        let body = Full::new(body).map_err(|never| match never {});
        body.boxed_unsync()
    });
    let response = timeout(PATIENCE, sender.send_request(request)).await;
    response
        .expect("no response in time")
        .unwrap()
        .status()
        .as_u16()
}

/// Sends a request without its last byte and returns the status.
async fn stall(sender: SendRequest<Body>, sent: Sent) -> u16 {
    let upload = Upload::start(&sender, sent).await;
    let response = timeout(PATIENCE, upload.response).await;
    response
        .expect("no response in time")
        .unwrap()
        .unwrap()
        .status()
        .as_u16()
}

/// A request without the last byte of its body, on an open stream.
pub(super) struct Upload {
    frames: mpsc::UnboundedSender<io::Result<Frame<Bytes>>>,
    response: JoinHandle<hyper::Result<Response<Incoming>>>,
}

impl Upload {
    pub(super) async fn start(sender: &SendRequest<Body>, sent: Sent) -> Self {
        let (frames, queue) = mpsc::unbounded_channel();
        let request = request(sent).map(|body| {
            let all_but_one = body.slice(..body.len() - 1);
            frames.send(Ok(Frame::data(all_but_one))).unwrap();
            StreamBody::new(Queue(queue)).boxed_unsync()
        });
        let mut sender = sender.clone();
        sender.ready().await.unwrap();
        let response = tokio::spawn(sender.send_request(request));
        Self { frames, response }
    }

    /// Resets the stream: hyper sends `RST_STREAM` if the body fails.
    pub(super) async fn reset(self) {
        let failed = Err(io::ErrorKind::Interrupted.into());
        self.frames.send(failed).unwrap();
        let response = timeout(PATIENCE, self.response).await;
        let answered = response.expect("no response in time").unwrap();
        assert!(answered.is_err(), "{answered:?}");
    }
}

/// The frames of a body. The stream is pending while the queue is empty.
struct Queue(mpsc::UnboundedReceiver<io::Result<Frame<Bytes>>>);

impl futures_core::Stream for Queue {
    type Item = io::Result<Frame<Bytes>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

pub(super) async fn concurrent_streams_get_their_own_responses(form: Form) {
    let endpoint = form.endpoint().read_deadline(READ_DEADLINE);
    let address = form.serve(endpoint.build().unwrap()).await;
    let sender = connect(address).await;
    let mut sending = JoinSet::new();
    for index in 0..60_usize {
        let size = 600 + index + 20_000 * (index % 7);
        let genuine = Sent::signed("/webhook", &secret(), sample::of_size(size));
        let (sent, expected) = match index % 4 {
            0 => (Sent::post("/webhook", "{}"), 401),
            1 => (genuine.body("{}"), 401),
            2 => (genuine.method("PUT"), 405),
            _ => (genuine, 200),
        };
        let sender = sender.clone();
        sending.spawn(async move { (send(&sender, sent).await, expected) });
    }
    for (status, expected) in sending.join_all().await {
        assert_eq!(status, expected);
    }
    let large = Sent::signed("/webhook", &secret(), sample::of_size(3 << 20));
    assert_eq!(send(&connect(address).await, large).await, 200);
}

/// 80 stalled bodies of 64 KiB need 5 MiB. The budget has 2 MiB.
pub(super) async fn stalled_streams_share_one_memory_budget(form: Form) {
    let budget = MemoryBudget::new(2_048 * KIB);
    let endpoint = form
        .endpoint()
        .payload_limit(PayloadLimit::new(1_024 * KIB))
        .memory_budget(budget.clone())
        .read_deadline(READ_DEADLINE)
        .build()
        .unwrap();
    let address = form.serve(endpoint).await;
    let mut stalled = JoinSet::new();
    for _ in 0..4 {
        let sender = connect(address).await;
        for _ in 0..20 {
            let forged = Sent::signed("/webhook", &secret(), sample::of_size(64 * KIB));
            let forged = forged.body(vec![b' '; 64 * KIB]);
            stalled.spawn(stall(sender.clone(), forged));
        }
    }
    // Meanwhile, ordinary deliveries on another connection still succeed.
    let used_up = async {
        while budget.available() > 1_024 * KIB + 64 * KIB {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = timeout(PATIENCE, used_up).await;
    assert!(waited.is_ok(), "{budget:?}");
    let sender = connect(address).await;
    for index in 0..10 {
        let ordinary = Sent::signed("/webhook", &secret(), sample::of_size(600 + index));
        assert_eq!(send(&sender, ordinary).await, 200);
    }
    let mut statuses = stalled.join_all().await;
    statuses.sort_unstable();
    let held = statuses.iter().filter(|status| **status == 408).count();
    let rejected = statuses.iter().filter(|status| **status == 503).count();
    assert_eq!(held + rejected, statuses.len(), "{statuses:?}");
    // Each body ends in a buffer of 64 KiB, and the shared half of the budget holds 16 of them.
    assert!((1..=16).contains(&held), "{held} held, {rejected} rejected");
    assert_eq!(budget.available(), 2_048 * KIB);
}

/// A forged body with all declared bytes is rejected before its stream ends.
pub(super) async fn rejects_complete_forgery_before_stream_ends(form: Form) {
    let budget = MemoryBudget::default();
    let endpoint = form
        .endpoint()
        .memory_budget(budget.clone())
        .read_deadline(PATIENCE)
        .build()
        .unwrap();
    let sender = connect(form.serve(endpoint).await).await;
    for size in [700, 64 * KIB] {
        let forged = Sent::signed("/webhook", &secret(), sample::of_size(size));
        // `stall` withholds the last byte, so the body has one byte more than declared.
        let length = (size - 1).to_string();
        let forged = forged
            .body(vec![b' '; size])
            .without("content-length")
            .header("content-length", length);
        let status = timeout(Duration::from_secs(5), stall(sender.clone(), forged)).await;
        assert_eq!(status.expect("waited for the end of the stream"), 401);
        assert_eq!(budget.available(), budget.capacity());
    }
}
