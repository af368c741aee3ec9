//! A server for apps of actix-web.

use alloc::boxed::Box;

use actix_web::{
    App, Error, HttpServer,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    rt::System,
};

use super::server::Serve;

pub(super) fn serve<F, T, B>(app: F) -> Serve
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
    Box::new(move |listener, stopped| {
        System::new().block_on(async move {
            let server = HttpServer::new(app)
                .workers(1)
                .disable_signals()
                .listen(listener)?
                .run();
            let handle = server.handle();
            // The server runs once it is polled.
            let running = actix_web::rt::spawn(server);
            stopped.await;
            handle.stop(false).await;
            running.await.unwrap_or(Ok(()))
        })
    })
}
