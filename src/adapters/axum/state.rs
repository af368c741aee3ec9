//! The endpoint in the router's state.

use axum::extract::FromRef;

use crate::{adapters::read, endpoint::Endpoint};

/// A router state from which [`FromRef`] extracts an [`Endpoint`].
///
/// The trait exists for its compiler message. Implement [`FromRef`] instead. A state without an
/// endpoint does not compile:
/// ```compile_fail,E0277
/// # async fn on_delivery(_body: hubseal::Verified<axum::body::Bytes>) {}
/// let _: axum::Router = hubseal::axum::webhook("/webhook", on_delivery).with_state(());
/// ```
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the router state `{Self}` contains no `hubseal::Endpoint`",
    label = "this state contains no endpoint",
    note = "give the router an endpoint with `.with_state(endpoint)`, or implement `axum::extract::FromRef<{Self}>` for `hubseal::Endpoint`"
)]
pub trait HoldsEndpoint {
    /// Returns the endpoint.
    fn endpoint(&self) -> Endpoint;
}

#[diagnostic::do_not_recommend]
impl<S> HoldsEndpoint for S
where
    Endpoint: FromRef<S>,
{
    fn endpoint(&self) -> Endpoint {
        Endpoint::from_ref(self)
    }
}

/// Returns the endpoint of a state.
///
/// # Panics
/// Panics if the state returns another endpoint on each call, or if the runtime has no timer.
pub(super) fn endpoint_of<S: HoldsEndpoint>(state: &S) -> Endpoint {
    let endpoint = state.endpoint();
    endpoint.check_once(|| {
        assert!(
            endpoint.is(&state.endpoint()),
            "hubseal: the router's state returns another endpoint, with its own memory budget, on \
             each call; build the endpoint once and clone it in FromRef"
        );
        read::assert_timer();
    });
    endpoint
}
