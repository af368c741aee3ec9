//! The handler that verifies a request before it calls another handler.

use alloc::boxed::Box;
use core::{
    future::Future,
    pin::{Pin, pin},
};

use axum::{
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    response::{IntoResponse, Response},
};

use super::state::{HoldsEndpoint, endpoint_of};
use crate::adapters::http;

/// A handler that [`webhook`](super::webhook) accepts: any axum handler.
///
/// The trait exists for its compiler message. Only the last argument may read the body:
/// ```compile_fail,E0277
/// # use axum::body::Bytes;
/// # use hubseal::{Endpoint, Verified};
/// async fn on_delivery(_first: Verified<Bytes>, _second: Verified<Bytes>) {}
/// let _: axum::Router<Endpoint> = hubseal::axum::webhook("/webhook", on_delivery);
/// ```
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler for a webhook with the state `{S}`",
    label = "not a handler",
    note = "a handler is an `async fn`; its last argument may read the body, such as `Verified<Bytes>` or `Verified<Json<T>>` where `T: DeserializeOwned`",
    note = "every other argument must implement `axum::extract::FromRequestParts`, so only one argument can read the body",
    note = "the return type must implement `axum::response::IntoResponse`",
    note = "add `#[axum::debug_handler]` to the function to see which argument does not fit"
)]
pub trait WebhookHandler<T, S>: Handler<T, S> {}

#[diagnostic::do_not_recommend]
impl<H: Handler<T, S>, T, S> WebhookHandler<T, S> for H {}

/// A handler behind the endpoint.
#[derive(Clone)]
pub(super) struct Webhook<H>(pub(super) H);

/// Keeps this implementation of `Handler` apart from those of axum.
pub(super) struct BehindEndpoint;

impl<H, T, S> Handler<(BehindEndpoint, T), S> for Webhook<H>
where
    H: Handler<T, S>,
    T: Send + 'static,
    S: HoldsEndpoint + Clone + Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let endpoint = endpoint_of(&state);
        let (parts, body) = request.into_parts();
        Box::pin(async move {
            let (key, settlement, handled) = match http::claim(&endpoint, &parts, pin!(body)).await
            {
                Ok((verified, settlement)) => {
                    let key = verified.key();
                    let mut request = http::verified_request(endpoint, parts, verified);
                    // A verified body is within the endpoint's limit already.
                    DefaultBodyLimit::disable().apply(&mut request);
                    (key, settlement, self.0.call(request, state))
                }
                Err(early) => return early.into_response(),
            };
            let response = handled.await;
            settlement.settle(response.status().as_u16()).await;
            http::handled(response, key)
        })
    }
}
