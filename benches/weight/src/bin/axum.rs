//! Receives deliveries on a route of axum.

use std::error::Error;

use axum::{Router, body::Bytes};
use tokio::net::TcpListener;

#[cfg(feature = "hubseal")]
type Body = hubseal::Verified<Bytes>;
#[cfg(not(feature = "hubseal"))]
type Body = Bytes;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    #[cfg(feature = "hubseal")]
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .with_state(hubseal_weight::endpoint()?);
    #[cfg(not(feature = "hubseal"))]
    let app = Router::new().route("/webhook", axum::routing::post(on_delivery));

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn on_delivery(body: Body) -> String {
    format!("{} bytes", body.len())
}
