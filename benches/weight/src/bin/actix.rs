//! Receives deliveries on a route of actix-web.

use std::error::Error;

use actix_web::{App, HttpServer, web::Bytes};

#[cfg(feature = "hubseal")]
type Body = hubseal::Verified<Bytes>;
#[cfg(not(feature = "hubseal"))]
type Body = Bytes;

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    #[cfg(feature = "hubseal")]
    let endpoint = hubseal_weight::endpoint()?;
    let server = HttpServer::new(move || {
        #[cfg(feature = "hubseal")]
        let webhook = hubseal::actix::webhook("/webhook", endpoint.clone(), on_delivery);
        #[cfg(not(feature = "hubseal"))]
        let webhook = actix_web::web::resource("/webhook").post(on_delivery);
        App::new().service(webhook)
    });
    server.bind(("127.0.0.1", 0))?.run().await?;
    Ok(())
}

async fn on_delivery(body: Body) -> String {
    format!("{} bytes", body.len())
}
