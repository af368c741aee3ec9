//! A webhook receiver with hyper and nothing above it.
//!
//! ```sh
//! APP_SECRET=… VERIFY_TOKEN=… cargo run --example hyper --features hyper,tracing
//! ```
//!
//! Optional settings:
//! - `APP_SECRET_PREVIOUS`: a second secret that is accepted, during a rotation.
//! - `HUBSEAL_ADDR`: where to listen, `127.0.0.1:8080` by default. Port 0 picks a free one.
//! - `MAX_BODY`: the largest body, in bytes; 4 MiB by default.
//! - `MEMORY_BUDGET`: the most unverified bytes to hold at a time, in bytes; 64 MiB by default.
//! - `READ_TIMEOUT_MS`: how long a body may take, in milliseconds; 10,000 by default.
//!
//! SIGTERM and SIGINT stop it after the requests in progress. `APP_SECRET_FILE` and
//! `APP_SECRET_PREVIOUS_FILE` name files with the app secrets, which SIGHUP reads again; the verify
//! token stays. App secrets are 32 lower-case hexadecimal digits, as Meta's are.
//!
//! A connection is closed when it has had no request under way for `READ_TIMEOUT_MS`. This bounds
//! silent connections, slow heads and idle ones, over HTTP/1.1 and HTTP/2.

mod shared;

use std::{convert::Infallible, io, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use hubseal::{Endpoint, Verified, http::EarlyResponse};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto, graceful::GracefulShutdown},
};
use shared::Settings;
use tokio::{net::TcpListener, sync::watch, time::timeout};

/// The most that an HTTP/1 connection buffers of what it reads, a head included, in bytes.
const READ_BUFFER: usize = 64 * 1024;

/// The most requests at a time on one HTTP/2 connection. Each takes memory before its body is read.
const STREAMS: u32 = 32;

/// The most that an HTTP/2 connection buffers of bodies that no handler has read yet, in bytes.
const WINDOW: u32 = 256 * 1024;

#[tokio::main]
async fn main() -> io::Result<()> {
    let Settings {
        address,
        endpoint,
        logs,
    } = Settings::from_env_or_exit();
    shared::rotate_on_hangup(&endpoint, logs)?;
    let told_to_stop = shared::told_to_stop()?;

    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/webhook", listener.local_addr()?);

    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        // `Requests::none_for` bounds the head as well.
        .header_read_timeout(None)
        // A client that has sent everything may say so, and still gets its answer.
        .half_close(true)
        .max_buf_size(READ_BUFFER)
        .http2()
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW);
    // A head gets as much time as a body, and so does a connection between two requests.
    let head_deadline = endpoint.read_deadline();
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(told_to_stop);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, most likely: those that end make room.
                    tracing::error!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let requests = Requests::default();
        let service = {
            let (endpoint, requests) = (endpoint.clone(), requests.clone());
            service_fn(move |request| {
                let under_way = requests.begin();
                let response = on_request(request, endpoint.clone());
                async move {
                    let _under_way = under_way;
                    response.await
                }
            })
        };
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection.into_owned());
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(error, "a connection ended early");
                },
                () = requests.none_for(head_deadline) => {
                    tracing::debug!("a connection without requests was closed");
                }
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// Counts the requests under way on one connection, so that a connection without any can be closed.
///
/// hyper's own `header_read_timeout` is for HTTP/1 only. It covers neither the bytes that tell the
/// versions apart nor an HTTP/2 connection, which stays open as long as the client likes.
#[derive(Clone, Default)]
struct Requests(watch::Sender<usize>);

struct UnderWay(Requests);

impl Requests {
    /// Counts a request until the guard is dropped. Call this when the head is complete.
    fn begin(&self) -> UnderWay {
        self.0.send_modify(|count| *count += 1);
        UnderWay(self.clone())
    }

    /// Resolves when no request has been under way for so long. The answer to the last one has the
    /// same time to be taken.
    async fn none_for(&self, time: Duration) {
        let mut count = self.0.subscribe();
        loop {
            // Neither wait fails, because `self` holds a sender.
            let _ = count.wait_for(|count| *count == 0).await;
            if timeout(time, count.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

async fn on_request(
    request: Request<Incoming>,
    endpoint: Endpoint,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() != "/webhook" {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    }
    Ok(match hubseal::hyper::verify(request, &endpoint).await {
        Ok(request) => on_delivery(request.body()).await,
        Err(answer) => {
            if let EarlyResponse::Rejected(rejection) = &answer {
                shared::log_refusal(rejection);
            }
            answer.into()
        }
    })
}

async fn on_delivery(body: &Verified<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(shared::acknowledge(body).await.into());
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
