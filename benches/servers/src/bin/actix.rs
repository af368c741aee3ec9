//! actix-web, configured like `examples/actix.rs`.

use std::{error::Error, net::TcpListener};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::header::HeaderValue,
    web::{self, Bytes, Data, PayloadConfig},
};
use hubseal::Verified;
use hubseal_servers::{ADDRESS, LIMIT, SIGNATURE, Settings, announce, is_genuine};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Settings { endpoint, secret } = Settings::from_env()?;
    let secret = Data::from(secret);
    let listener = TcpListener::bind(ADDRESS)?;
    announce(listener.local_addr()?);

    HttpServer::new(move || {
        App::new()
            .app_data(PayloadConfig::new(LIMIT))
            .app_data(secret.clone())
            .service(hubseal::actix::webhook(
                "/webhook",
                endpoint.clone(),
                on_delivery,
            ))
            .route("/read-only", web::post().to(read_only))
            .route("/hand-written", web::post().to(hand_written))
    })
    .workers(2)
    .disable_signals()
    .listen(listener)?
    .run()
    .await?;
    Ok(())
}

async fn on_delivery(_body: Verified<Bytes>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn read_only(_body: Bytes) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn hand_written(secret: Data<str>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let header = request.headers().get(SIGNATURE).map(HeaderValue::as_bytes);
    if is_genuine(&secret, header, &body) {
        HttpResponse::Ok().finish()
    } else {
        HttpResponse::Unauthorized().finish()
    }
}
