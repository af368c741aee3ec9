//! A webhook receiver with actix-web.
//!
//! ```sh
//! APP_SECRET=… VERIFY_TOKEN=… cargo run --example actix --features actix,audit,edge,metrics,redis,tracing-subscriber
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

mod shared;

use std::{io, net::TcpListener, time::Duration};

use actix_web::{
    App, Error, HttpResponse, HttpServer, Responder,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware::{Next, from_fn},
    web::{Bytes, Data},
};
use hubseal::Verified;
use shared::{Handler, Settings};
use tokio::{sync::RwLock, time::timeout};

/// Each request holds a read lock. The shutdown waits for the write lock.
type ActiveRequests = RwLock<()>;

/// The time that the shutdown waits for requests in progress.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

#[actix_web::main]
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

    let listener = TcpListener::bind(address)?;
    let bound = listener.local_addr()?;
    let active = Data::new(ActiveRequests::default());
    let requests = active.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(requests.clone())
            .wrap(from_fn(on_request))
            .service(hubseal::actix::webhook(
                "/webhook",
                endpoint.clone(),
                move |body| on_delivery(handler, body),
            ))
    })
    .workers(2)
    .disable_signals()
    .listen(listener)?
    .run();
    println!("listening on http://{bound}/webhook");
    monitoring.serve()?;

    let handle = server.handle();
    actix_web::rt::spawn(async move {
        stop_signal.await;
        // In this order: no new connections, the end of active requests, the end of the server.
        handle.pause().await;
        if timeout(SHUTDOWN_TIMEOUT, active.write()).await.is_err() {
            tracing::warn!("stopped with requests in progress");
        }
        handle.stop(true).await;
    });
    server.await
}

async fn on_delivery(handler: Handler, body: Verified<Bytes>) -> impl Responder {
    let (status, body) = handler.handle(&body).await;
    // actix-web has another version of `http`.
    let status = StatusCode::from_u16(status.as_u16()).expect("valid in each version");
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "application/json"))
        .body(body)
}

async fn on_request(
    active: Data<ActiveRequests>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let _guard = active.read().await;
    next.call(request).await
}
