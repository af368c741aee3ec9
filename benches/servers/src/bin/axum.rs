//! axum, configured like `examples/axum.rs`.

use std::{error::Error, future::pending, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    routing::post,
};
use hubseal::Verified;
use hubseal_servers::{ADDRESS, LIMIT, SIGNATURE, Settings, announce, is_genuine};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Settings { endpoint, secret } = Settings::from_env()?;
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .with_state(endpoint)
        .route("/read-only", post(read_only))
        .route("/hand-written", post(hand_written).with_state(secret))
        .layer(DefaultBodyLimit::max(LIMIT));

    let listener = TcpListener::bind(ADDRESS).await?;
    announce(listener.local_addr()?);
    // With graceful shutdown like the example, because it is polled with every wake-up.
    axum::serve(listener, app)
        .with_graceful_shutdown(pending())
        .await?;
    Ok(())
}

async fn on_delivery(_body: Verified<Bytes>) -> StatusCode {
    StatusCode::OK
}

async fn read_only(_body: Bytes) -> StatusCode {
    StatusCode::OK
}

async fn hand_written(
    State(secret): State<Arc<str>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let header = headers.get(SIGNATURE).map(HeaderValue::as_bytes);
    if is_genuine(&secret, header, &body) {
        StatusCode::OK
    } else {
        StatusCode::UNAUTHORIZED
    }
}
