//! Runs the hyper adapter as a function and as a service.

use std::{future::Future, io, net::SocketAddr};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hubseal::{
    Endpoint, Verified,
    hyper::{Verify, verify},
};
use hyper::{
    body::{Body, Incoming},
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::net::TcpListener;

use super::{Calls, Handler};

/// Serves a function over HTTP/1.1 and HTTP/2, and counts its calls.
pub(super) async fn listen<F, A, B, E>(function: F, calls: Calls) -> SocketAddr
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Result<Response<B>, E>> + Send + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            let (function, calls) = (function.clone(), calls.clone());
            tokio::spawn(async move {
                let service = service_fn(move |mut request: Request<Incoming>| {
                    calls.add();
                    request.extensions_mut().insert(peer);
                    function(request)
                });
                let builder = auto::Builder::new(TokioExecutor::new());
                let _ = builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    address
}

async fn on_delivery(
    request: Request<Verified<Bytes>>,
    handler: Handler,
) -> io::Result<Response<Full<Bytes>>> {
    let mut response = Response::default();
    *response.status_mut() = handler.run(request.body()).await?;
    Ok(response)
}

/// Serves a function that calls `verify`.
pub(super) async fn function(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let function = move |request| {
        let (endpoint, handler) = (endpoint.clone(), handler.clone());
        async move {
            match verify(request, &endpoint).await {
                Ok(request) => on_delivery(request, handler).await,
                Err(answer) => Ok(answer.into()),
            }
        }
    };
    listen(function, calls).await
}

/// Serves `Verify` around a handler.
pub(super) async fn service(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let service = Verify::new(endpoint, move |request| {
        on_delivery(request, handler.clone())
    });
    listen(move |request| service.call(request), calls).await
}
