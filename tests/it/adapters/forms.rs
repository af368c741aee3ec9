//! The forms of the adapters: every way to use one.

use std::{future::Future, net::SocketAddr, pin::Pin};

use hubseal::{
    Endpoint, EndpointBuilder, RejectionKind,
    edge::{AllowList, ClientAddress, FailureLimit},
    replay::ReplayGuard,
};

use super::{Calls, Handler, actix, axum, hyper, tower};

type Start = fn(Endpoint, Calls, Handler) -> Pin<Box<dyn Future<Output = SocketAddr> + Send>>;

/// One way to use an adapter.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// Starts a server that passes verified deliveries to `/webhook` to the handler.
    pub(super) start: Start,
    /// Whether the server sends `100 Continue` before it calls any service.
    pub(super) sends_continue_first: bool,
    /// The reason that is reported if an HTTP/1.1 connection closes within a body. actix then
    /// reports the end of the body instead of an error.
    pub(super) cut_off: RejectionKind,
    /// Whether its endpoints have a replay guard.
    pub(super) is_guarded: bool,
    /// Whether its endpoints have gates, which the requests of all scenarios pass.
    is_gated: bool,
}

pub(super) const AXUM_ROUTE: Form =
    Form::on_hyper(|endpoint, calls, handler| Box::pin(axum::route(endpoint, calls, handler)));
pub(super) const AXUM_LAYER: Form =
    Form::on_hyper(|endpoint, calls, handler| Box::pin(axum::layer(endpoint, calls, handler)));
pub(super) const AXUM_NESTED: Form =
    Form::on_hyper(|endpoint, calls, handler| Box::pin(axum::nested(endpoint, calls, handler)));
pub(super) const AXUM_EXTRACTOR: Form =
    Form::on_hyper(|endpoint, calls, handler| Box::pin(axum::extractor(endpoint, calls, handler)));
pub(super) const ACTIX_ROUTE: Form =
    Form::on_actix(|endpoint, calls, handler| Box::pin(actix::route(endpoint, calls, handler)));
pub(super) const ACTIX_MIDDLEWARE: Form = Form::on_actix(|endpoint, calls, handler| {
    Box::pin(actix::middleware(endpoint, calls, handler))
});
pub(super) const ACTIX_EXTRACTOR: Form =
    Form::on_actix(|endpoint, calls, handler| Box::pin(actix::extractor(endpoint, calls, handler)));
pub(super) const HYPER_FUNCTION: Form =
    Form::on_hyper(|endpoint, calls, handler| Box::pin(hyper::function(endpoint, calls, handler)));
pub(super) const HYPER_SERVICE: Form =
    Form::on_hyper(|endpoint, calls, handler| Box::pin(hyper::service(endpoint, calls, handler)));
pub(super) const TOWER_SERVICE: Form =
    Form::on_hyper(|endpoint, calls, handler| Box::pin(tower::service(endpoint, calls, handler)));

impl Form {
    const fn on_hyper(start: Start) -> Self {
        Self {
            start,
            sends_continue_first: false,
            cut_off: RejectionKind::BodyUnreadable,
            is_guarded: false,
            is_gated: false,
        }
    }

    const fn on_actix(start: Start) -> Self {
        Self {
            sends_continue_first: true,
            cut_off: RejectionKind::LengthMismatch,
            ..Self::on_hyper(start)
        }
    }

    pub(super) const fn guarded(self) -> Self {
        Self {
            is_guarded: true,
            ..self
        }
    }

    pub(super) const fn gated(self) -> Self {
        Self {
            is_gated: true,
            ..self
        }
    }

    /// Returns a builder with this form's replay guard and gates, if it has them.
    pub(super) fn endpoint(self) -> EndpointBuilder {
        let mut endpoint = crate::common::endpoint();
        if self.is_guarded {
            endpoint = endpoint.replay_guard(ReplayGuard::in_memory());
        }
        if self.is_gated {
            endpoint = endpoint
                .client_address(ClientAddress::behind_proxies("192.0.2.0/24").unwrap())
                .allow_list(AllowList::parse("127.0.0.0/8").unwrap())
                .failure_limit(FailureLimit::per_minute(u16::MAX));
        }
        endpoint
    }

    pub(super) async fn serve(self, endpoint: Endpoint) -> SocketAddr {
        (self.start)(endpoint, Calls::default(), Handler::default()).await
    }
}
