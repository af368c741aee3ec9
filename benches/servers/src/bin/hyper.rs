//! hyper, configured like `examples/hyper.rs`.

use std::{convert::Infallible, error::Error, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hubseal_servers::{ADDRESS, LIMIT, SIGNATURE, Settings, announce, is_genuine};
use hyper::{
    Request, Response, StatusCode, body::Incoming, header::HeaderValue, service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings::from_env()?;
    let listener = TcpListener::bind(ADDRESS).await?;
    announce(listener.local_addr()?);

    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(30))
        .half_close(true)
        .max_buf_size(64 * 1024);
    let connections = GracefulShutdown::new();
    loop {
        let (stream, _) = listener.accept().await?;
        let settings = settings.clone();
        let service = service_fn(move |request| on_request(request, settings.clone()));
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection.into_owned());
        // An error means that the client disconnected.
        tokio::spawn(async move { connection.await.ok() });
    }
}

async fn on_request(
    request: Request<Incoming>,
    settings: Settings,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let status = match request.uri().path() {
        "/webhook" => {
            return Ok(
                match hubseal::hyper::verify(request, &settings.endpoint).await {
                    Ok(_) => Response::default(),
                    Err(answer) => answer.into(),
                },
            );
        }
        "/read-only" => match read(request.into_body()).await {
            Some(_) => StatusCode::OK,
            None => StatusCode::BAD_REQUEST,
        },
        "/hand-written" => {
            let (head, body) = request.into_parts();
            let header = head.headers.get(SIGNATURE).map(HeaderValue::as_bytes);
            match read(body).await {
                Some(body) if is_genuine(&settings.secret, header, &body) => StatusCode::OK,
                Some(_) => StatusCode::UNAUTHORIZED,
                None => StatusCode::BAD_REQUEST,
            }
        }
        _ => StatusCode::NOT_FOUND,
    };
    let mut response = Response::default();
    *response.status_mut() = status;
    Ok(response)
}

/// Returns the whole body, or `None` if it is incomplete or too large.
async fn read(body: Incoming) -> Option<Bytes> {
    let collected = Limited::new(body, LIMIT).collect().await.ok()?;
    Some(collected.to_bytes())
}
