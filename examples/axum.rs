//! A webhook receiver with axum.
//!
//! ```sh
//! APP_SECRET=… VERIFY_TOKEN=… cargo run --example axum --features axum,tracing
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
//! `axum::serve` sets no deadline for the head of a request. Put a proxy in front of it that does, or
//! serve the router as the `hyper` example does.

mod shared;

use std::io;

use axum::{
    Router,
    body::Bytes,
    http::header::CONTENT_TYPE,
    middleware::map_response,
    response::{IntoResponse, Response},
};
use hubseal::{Rejection, Verified};
use shared::Settings;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    let Settings {
        address,
        endpoint,
        logs,
    } = Settings::from_env_or_exit();
    shared::rotate_on_hangup(&endpoint, logs)?;
    let told_to_stop = shared::told_to_stop()?;

    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .layer(map_response(log_refusals))
        .with_state(endpoint);

    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/webhook", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(told_to_stop)
        .await
}

async fn on_delivery(body: Verified<Bytes>) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "application/json")],
        shared::acknowledge(&body).await,
    )
}

async fn log_refusals(response: Response) -> Response {
    if let Some(rejection) = response.extensions().get::<Rejection>() {
        shared::log_refusal(rejection);
    }
    response
}
