//! A webhook receiver with axum.
//!
//! ```sh
//! APP_SECRET=… VERIFY_TOKEN=… cargo run --example axum --features axum,audit,edge,metrics,redis,tracing-subscriber
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
//! `axum::serve` has no deadline for the head of a request. Use a proxy that has one, or serve the
//! router like the `hyper` example.

mod shared;

use std::{io, net::SocketAddr};

use axum::{Router, body::Bytes, http::header::CONTENT_TYPE, response::IntoResponse};
use hubseal::Verified;
use shared::{Handler, Settings};
use tokio::net::TcpListener;

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

    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", move |body| {
            on_delivery(handler, body)
        }))
        .with_state(endpoint);

    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/webhook", listener.local_addr()?);
    monitoring.serve()?;
    // The endpoint reports the address of the client.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(stop_signal)
        .await
}

async fn on_delivery(handler: Handler, body: Verified<Bytes>) -> impl IntoResponse {
    let (status, body) = handler.handle(&body).await;
    (status, [(CONTENT_TYPE, "application/json")], body)
}
