//! Receivers with the adapters of hubseal, over HTTP/1.1 and HTTP/2.

use std::{convert::Infallible, net::SocketAddr, sync::mpsc, thread};

use actix_web::{App, HttpResponse, HttpServer};
use http_body_util::Full;
use hubseal::{AppSecret, Endpoint, Json, Scheme, Verified, VerifyToken};
use hyper::{
    Response,
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::net::TcpListener;

use crate::common::{READ_DEADLINE, SECRET, TOKEN};

fn endpoint() -> Endpoint {
    Endpoint::builder(AppSecret::new(SECRET).unwrap())
        .verify_token(VerifyToken::new(TOKEN).unwrap())
        .read_deadline(READ_DEADLINE)
        .build()
        .unwrap()
}

pub(crate) async fn axum() -> SocketAddr {
    let route = hubseal::axum::webhook("/webhook", async |_: Verified<Bytes>| ());
    serve(route.with_state(endpoint())).await
}

/// Accepts JSON with an `entry` only.
pub(crate) async fn axum_of_updates() -> SocketAddr {
    let route = hubseal::axum::webhook("/webhook", async |_: Verified<Json<Update>>| ());
    serve(route.with_state(endpoint())).await
}

#[derive(serde::Deserialize)]
struct Update {
    #[serde(rename = "entry")]
    _entry: Vec<serde_json::Value>,
}

/// A receiver of another scheme, without a handshake.
pub(crate) async fn axum_with_scheme(secret: AppSecret, scheme: Scheme) -> SocketAddr {
    let endpoint = Endpoint::builder(secret)
        .scheme(scheme)
        .read_deadline(READ_DEADLINE)
        .build()
        .unwrap();
    let route = hubseal::axum::webhook("/webhook", async |_: Verified<Bytes>| ());
    serve(route.with_state(endpoint)).await
}

async fn serve(app: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

pub(crate) async fn hyper() -> SocketAddr {
    let endpoint = endpoint();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let endpoint = endpoint.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request: hyper::Request<Incoming>| {
                    let endpoint = endpoint.clone();
                    async move {
                        let response: Response<Full<Bytes>> =
                            match hubseal::hyper::verify(request, &endpoint).await {
                                Ok(_) => Response::default(),
                                Err(early) => early.into(),
                            };
                        Ok::<_, Infallible>(response)
                    }
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

/// In its own thread until the process ends, because an actix system cannot move.
pub(crate) fn actix() -> SocketAddr {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let endpoint = endpoint();
            let app = move || {
                let on_delivery = async |_: Verified<Bytes>| HttpResponse::Ok().finish();
                App::new().service(hubseal::actix::webhook(
                    "/webhook",
                    endpoint.clone(),
                    on_delivery,
                ))
            };
            let server = HttpServer::new(app).workers(1).disable_signals();
            let server = server.bind_auto_h2c(("127.0.0.1", 0)).unwrap();
            tell.send(server.addrs()[0]).unwrap();
            server.run().await.unwrap();
        });
    });
    told.recv().unwrap()
}
