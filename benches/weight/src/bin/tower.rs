//! Passes a delivery from standard input, with its signature as an argument, to a tower service.

use std::{convert::Infallible, env, error::Error, io};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::{ServiceBuilder, ServiceExt, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let stack = ServiceBuilder::new();
    #[cfg(feature = "hubseal")]
    let stack = stack.layer(hubseal::tower::VerifyLayer::new(hubseal_weight::endpoint()?));
    let service = stack.service(service_fn(on_delivery));

    let request = Request::post("/webhook")
        .header(
            "x-hub-signature-256",
            env::args().nth(1).unwrap_or_default(),
        )
        .body(Full::<Bytes>::from(io::read_to_string(io::stdin())?))?;
    println!("{}", service.oneshot(request).await?.status());
    Ok(())
}

async fn on_delivery(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(request.into_body()))
}
