//! A webhook receiver with hyper and nothing above it.
//!
//! ```sh
//! APP_SECRET=… VERIFY_TOKEN=… cargo run --example hyper --features hyper,tracing
//! ```
//!
//! `APP_SECRET_PREVIOUS`, `HUBSEAL_ADDR` (`127.0.0.1:8080`; port 0 picks one), `MAX_BODY` (bytes)
//! and `READ_TIMEOUT_MS` are optional. SIGTERM and SIGINT stop it after the requests under way.
//! The secrets may be in files, and rotate at SIGHUP: `shared/secrets.rs` says how.

mod shared;

use std::{convert::Infallible, io, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use hubseal::{Endpoint, Verified, http::Answer};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use shared::Settings;
use tokio::net::TcpListener;

/// How long the head of a request may take to arrive, and a connection to bring the next.
const HEAD_DEADLINE: Duration = Duration::from_secs(30);

/// The most that a connection buffers of what it reads, a head included, in bytes.
const READ_BUFFER: usize = 64 * 1024;

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
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        // A client that has sent everything may say so, and still gets its answer.
        .half_close(true)
        .max_buf_size(READ_BUFFER);
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
        let endpoint = endpoint.clone();
        let service = service_fn(move |request| on_request(request, endpoint.clone()));
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection.into_owned());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection ended early");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
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
            if let Answer::Refusal(rejection) = &answer {
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
