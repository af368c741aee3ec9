//! Receives deliveries on hyper connections.

use std::error::Error;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, server::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    #[cfg(feature = "hubseal")]
    let endpoint = hubseal_weight::endpoint()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    loop {
        let stream = TokioIo::new(listener.accept().await?.0);
        #[cfg(feature = "hubseal")]
        let service = hubseal::hyper::Verify::new(endpoint.clone(), on_delivery);
        #[cfg(not(feature = "hubseal"))]
        let service = hyper::service::service_fn(on_request);
        tokio::spawn(http1::Builder::new().serve_connection(stream, service));
    }
}

#[cfg(feature = "hubseal")]
async fn on_delivery(
    request: Request<hubseal::Verified<Bytes>>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    Ok(answer(request.body()))
}

#[cfg(not(feature = "hubseal"))]
async fn on_request(
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    use http_body_util::BodyExt;

    Ok(answer(&request.into_body().collect().await?.to_bytes()))
}

fn answer(body: &Bytes) -> Response<Full<Bytes>> {
    Response::new(format!("{} bytes", body.len()).into())
}
