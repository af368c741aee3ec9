//! The forms in which the actix-web adapter is used.

use std::{net::SocketAddr, sync::mpsc, thread};

use actix_web::{
    App, Error, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    web,
};
use hubseal::{Endpoint, Verified, actix::Verify};

use super::{endpoint, is_delivery, replay_battery};

async fn on_delivery(_body: Verified<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A server in a thread of its own, which ends with the process: an actix system stays where it is.
async fn serve<F, T, B>(app: F) -> SocketAddr
where
    F: Fn() -> App<T> + Clone + Send + 'static,
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(app)
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap();
            tell.send(server.addrs()[0]).unwrap();
            server.run().await.unwrap();
        });
    });
    tokio::task::spawn_blocking(move || told.recv().unwrap())
        .await
        .unwrap()
}

/// A server with the route, at `/webhook`.
pub(crate) async fn route(endpoint: Endpoint) -> SocketAddr {
    serve(move || {
        let endpoint = endpoint.clone();
        App::new().service(hubseal::actix::webhook("/webhook", endpoint, on_delivery))
    })
    .await
}

/// A server with the middleware around a resource, at `/webhook`.
pub(crate) async fn middleware(endpoint: Endpoint) -> SocketAddr {
    serve(move || {
        let resource = web::resource("/webhook").to(on_delivery);
        App::new().service(resource.wrap(Verify::new(endpoint.clone())))
    })
    .await
}

/// A server with the extractor on a route of its own, at `/webhook`.
pub(crate) async fn extractor(endpoint: Endpoint) -> SocketAddr {
    serve(move || {
        App::new()
            .app_data(endpoint.clone())
            .route("/webhook", web::to(on_delivery))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_resource_passes_the_battery() {
    replay_battery(route(endpoint()).await, "/webhook", |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_behind_the_middleware_passes_the_battery() {
    replay_battery(middleware(endpoint()).await, "/webhook", |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extractor_on_any_route_passes_the_battery_of_deliveries() {
    replay_battery(extractor(endpoint()).await, "/webhook", is_delivery).await;
}
