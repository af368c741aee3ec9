//! A webhook receiver with hyper alone.
//!
//! ```sh
//! APP_SECRET=… VERIFY_TOKEN=… cargo run --example hyper --features hyper,json,audit,edge,metrics,redis,tracing-subscriber
//! ```
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `APP_SECRET` | the app secret: 32 lower-case hexadecimal digits, like Meta's | required |
//! | `APP_SECRET_FILE` | a file with the app secret, instead of `APP_SECRET` | none |
//! | `APP_SECRET_PREVIOUS` | a second accepted app secret, for a rotation | none |
//! | `APP_SECRET_PREVIOUS_FILE` | a file with it, instead of `APP_SECRET_PREVIOUS` | none |
//! | `VERIFY_TOKEN` | the token of the handshake | required |
//! | `HUBSEAL_ADDR` | the address to listen on; port 0 picks a free port | `127.0.0.1:8080` |
//! | `MAX_BODY` | the largest accepted body, in bytes | 4 MiB |
//! | `MEMORY_BUDGET` | the most unverified bytes held at a time, in bytes | 64 MiB |
//! | `READ_TIMEOUT_MS` | the time to read a body, in milliseconds | 10,000 |
//! | `TRUSTED_PROXIES` | networks of proxies whose `X-Forwarded-For` counts, such as `10.0.0.0/8,127.0.0.1` | none |
//! | `ALLOW_SOURCES` | a file with the networks that may send requests | all |
//! | `ALLOW_MODE` | `enforce`, or `report` to accept other sources and only report them | `enforce` |
//! | `FAILURE_LIMIT` | the failed requests of a source in a minute, from 1 to 65,535 | none |
//! | `REPLAY` | drops duplicates: `memory` for one process, or `redis://…` for several | off |
//! | `REPLAY_LEASE_MS` | the time after which a crashed process loses its claims, in milliseconds | 30,000 |
//! | `HANDLER_STATUS` | the status that the handler answers, for experiments: 200 to 599 | 200 |
//! | `HANDLER_DELAY_MS` | the time that the handler takes, for experiments, in milliseconds | 0 |
//! | `METRICS_ADDR` | the address for `/metrics` (Prometheus) and `/health` (JSON); keep it private | none |
//! | `AUDIT_LOG` | a file that gets a line of JSON for each request | none |
//!
//! With `REPLAY`, a duplicate gets status 200 with an empty body. `rediss://…` needs a TLS feature of the
//! crate `redis`.
//!
//! SIGTERM and SIGINT stop the server after the requests in progress. SIGHUP reads the app secrets
//! and the allow-list again; the verify token stays.
//!
//! A connection is closed after `READ_TIMEOUT_MS` without a request in progress. This bounds silent
//! connections, slow heads and idle connections, over HTTP/1.1 and HTTP/2.

mod shared;

use std::{convert::Infallible, io, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{Either, Empty, Full};
use hubseal::{Verified, hyper::Verify};
use hyper::{
    body::Incoming,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto, graceful::GracefulShutdown},
};
use shared::{Handler, Settings};
use tokio::{net::TcpListener, sync::watch, time::timeout};

/// The read buffer of an HTTP/1 connection, including the head, in bytes.
const READ_BUFFER: usize = 64 * 1024;

/// The concurrent requests of an HTTP/2 connection. Each takes memory before its body is read.
const STREAMS: u32 = 32;

/// The buffer of an HTTP/2 connection for unread bodies, in bytes.
const WINDOW: u32 = 256 * 1024;

#[tokio::main]
async fn main() -> io::Result<()> {
    let Settings {
        address,
        endpoint,
        handler,
        redactor,
        allow_file,
        monitoring,
    } = Settings::from_env_or_exit();
    shared::reload_on_hangup(&endpoint, redactor, allow_file)?;
    let stop_signal = shared::stop_signal()?;

    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/webhook", listener.local_addr()?);
    monitoring.serve()?;

    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        // `ActiveRequests::idle_for` bounds the head too.
        .header_read_timeout(None)
        // A client may close its sending side before it gets the response.
        .half_close(true)
        .max_buf_size(READ_BUFFER)
        .http2()
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW);
    // Heads and idle connections get the same time as a body.
    let idle_deadline = endpoint.read_deadline();
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop_signal);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Most likely out of file descriptors. Wait until other connections end.
                    tracing::error!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let requests = ActiveRequests::default();
        let service = {
            let requests = requests.clone();
            let webhook = Verify::new(endpoint.clone(), move |request| {
                on_delivery(handler, request)
            });
            service_fn(move |mut request: Request<Incoming>| {
                let guard = requests.begin();
                // The endpoint reports the address of the client.
                request.extensions_mut().insert(peer);
                let is_webhook = request.uri().path() == "/webhook";
                let response = is_webhook.then(|| webhook.call(request));
                async move {
                    let _guard = guard;
                    match response {
                        Some(response) => response.await.map(|response| response.map(Either::Left)),
                        None => Ok(not_found().map(Either::Right)),
                    }
                }
            })
        };
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection.into_owned());
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(error, "connection failed");
                },
                () = requests.idle_for(idle_deadline) => {
                    tracing::debug!("closed an idle connection");
                }
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// A count of the requests in progress on one connection, to close an idle connection.
///
/// hyper's `header_read_timeout` covers HTTP/1 only, and only after the version is detected. It does
/// not cover HTTP/2.
#[derive(Clone, Default)]
struct ActiveRequests(watch::Sender<usize>);

/// Counts one request until it is dropped.
struct Guard(ActiveRequests);

impl ActiveRequests {
    /// Counts a request until the guard is dropped. The head must be complete.
    fn begin(&self) -> Guard {
        self.0.send_modify(|count| *count += 1);
        Guard(self.clone())
    }

    /// Resolves once no request has been in progress for this time.
    ///
    /// The client has the same time to read the last response.
    async fn idle_for(&self, time: Duration) {
        let mut count = self.0.subscribe();
        loop {
            // The waits cannot fail, because `self` holds a sender.
            let _ = count.wait_for(|count| *count == 0).await;
            if timeout(time, count.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

async fn on_delivery(
    handler: Handler,
    request: Request<Verified<Bytes>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = handler.handle(request.body()).await;
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}

fn not_found() -> Response<Empty<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
