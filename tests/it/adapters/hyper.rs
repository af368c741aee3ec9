//! The hyper adapter, over HTTP/1.1 and HTTP/2.

use std::{convert::Infallible, future::Future, net::SocketAddr};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::Full;
use hubseal::{
    Endpoint, Verified,
    hyper::{Verify, verify},
    testing::{Request as Sent, sample},
};
use hyper::{
    body::{Body, Incoming},
    client::conn::http2,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::endpoint;
use crate::common::secret;

/// Serves a function on connections of either HTTP version.
pub(super) async fn listen<F, A, B, E>(function: F) -> SocketAddr
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Result<Response<B>, E>> + Send + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let function = function.clone();
            tokio::spawn(async move {
                let service = service_fn(function);
                let builder = auto::Builder::new(TokioExecutor::new());
                let _ = builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    address
}

async fn on_delivery(_: Request<Verified<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::default())
}

/// `verify` in a service function.
pub(super) async fn function(endpoint: Endpoint) -> SocketAddr {
    listen(move |request| {
        let endpoint = endpoint.clone();
        async move {
            match verify(request, &endpoint).await {
                Ok(request) => on_delivery(request).await,
                Err(answer) => Ok(answer.into()),
            }
        }
    })
    .await
}

/// The service around a handler.
pub(super) async fn service(endpoint: Endpoint) -> SocketAddr {
    let service = Verify::new(endpoint, on_delivery);
    listen(move |request| service.call(request)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_streams_side_by_side_get_their_own_answers() {
    let stream = TcpStream::connect(service(endpoint()).await).await.unwrap();
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);

    let mut sending = JoinSet::new();
    for index in 0..60_usize {
        let genuine = Sent::signed(
            "/webhook",
            &secret(),
            sample::of_size(600 + 20_000 * (index % 7)),
        );
        let (sent, expected) = match index % 4 {
            0 => (Sent::post("/webhook", "{}"), 401),
            1 => (genuine.body("{}"), 401),
            2 => (genuine.method("PUT"), 405),
            _ => (genuine, 200),
        };
        let mut sender = sender.clone();
        sending.spawn(async move {
            let mut request = Request::<Bytes>::try_from(sent).unwrap().map(Full::new);
            *request.uri_mut() = "http://localhost/webhook".parse().unwrap();
            *request.version_mut() = Version::HTTP_2;
            sender.ready().await.unwrap();
            (
                sender
                    .send_request(request)
                    .await
                    .unwrap()
                    .status()
                    .as_u16(),
                expected,
            )
        });
    }
    for (status, expected) in sending.join_all().await {
        assert_eq!(status, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_mebibytes_pass_over_http_2() {
    let stream = TcpStream::connect(function(endpoint()).await)
        .await
        .unwrap();
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let sent = Sent::signed(
        "http://localhost/webhook",
        &secret(),
        sample::of_size(3 << 20),
    );
    let request = Request::<Bytes>::try_from(sent).unwrap().map(Full::new);
    assert_eq!(sender.send_request(request).await.unwrap().status(), 200);
}
