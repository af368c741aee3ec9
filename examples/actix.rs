//! A webhook receiver with actix-web.
//!
//! ```sh
//! APP_SECRET=… VERIFY_TOKEN=… cargo run --example actix --features actix,tracing
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

mod shared;

use std::{io, net::TcpListener, time::Duration};

use actix_web::{
    App, Error, HttpResponse, HttpServer, Responder,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::CONTENT_TYPE,
    middleware::{Next, from_fn},
    web::{Bytes, Data},
};
use hubseal::{Rejection, Verified};
use shared::Settings;
use tokio::{sync::RwLock, time::timeout};

/// Every request holds it for reading while it is under way, and the end for writing.
type UnderWay = RwLock<()>;

/// How long the end waits for requests under way.
const PATIENCE: Duration = Duration::from_secs(30);

#[actix_web::main]
async fn main() -> io::Result<()> {
    let Settings {
        address,
        endpoint,
        logs,
    } = Settings::from_env_or_exit();
    shared::rotate_on_hangup(&endpoint, logs)?;
    let told_to_stop = shared::told_to_stop()?;

    let listener = TcpListener::bind(address)?;
    let bound = listener.local_addr()?;
    let under_way = Data::new(UnderWay::default());
    let requests = under_way.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(requests.clone())
            .wrap(from_fn(on_request))
            .service(hubseal::actix::webhook(
                "/webhook",
                endpoint.clone(),
                on_delivery,
            ))
    })
    .workers(2)
    .disable_signals()
    .listen(listener)?
    .run();
    println!("listening on http://{bound}/webhook");

    let handle = server.handle();
    actix_web::rt::spawn(async move {
        told_to_stop.await;
        // No more of them, then those under way, and then the server itself.
        handle.pause().await;
        if timeout(PATIENCE, under_way.write()).await.is_err() {
            tracing::warn!("stopped with requests under way");
        }
        handle.stop(true).await;
    });
    server.await
}

async fn on_delivery(body: Verified<Bytes>) -> impl Responder {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .body(shared::acknowledge(&body).await)
}

async fn on_request(
    under_way: Data<UnderWay>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let _under_way = under_way.read().await;
    let response = next.call(request).await?;
    if let Some(rejection) = response.response().extensions().get::<Rejection>() {
        shared::log_refusal(rejection);
    }
    Ok(response)
}
