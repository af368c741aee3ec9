//! Endpoints with a replay guard, called without a socket.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hubseal::{
    Endpoint, EndpointBuilder, Fingerprint,
    replay::{
        ClaimId, ClaimStatus, OutagePolicy, ReplayGuard, ReplayStore, StoreError, StoreFuture,
    },
    tower::VerifyLayer,
};
use tower::{Layer, ServiceExt, service_fn};

/// A store that is unavailable.
pub(crate) struct Away;

impl ReplayStore for Away {
    fn claim(&self, _: Fingerprint, _: ClaimId, _: Duration) -> StoreFuture<'_, ClaimStatus> {
        Box::pin(async { Err(StoreError::new("connection refused")) })
    }

    fn commit(&self, _: Fingerprint, _: Duration) -> StoreFuture<'_, ()> {
        unreachable!("nothing is claimed")
    }

    fn release(&self, _: Fingerprint, _: ClaimId) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// Adds a guard that drops duplicates.
pub(crate) fn with_guard(endpoint: EndpointBuilder) -> EndpointBuilder {
    endpoint.replay_guard(ReplayGuard::in_memory())
}

/// Adds a guard that checks nothing, because its store is unavailable.
pub(crate) fn unchecked(endpoint: EndpointBuilder) -> EndpointBuilder {
    endpoint.replay_guard(ReplayGuard::new(Away).with_outage_policy(OutagePolicy::Accept))
}

/// Sends genuine deliveries with these bodies to a handler that answers 200. Returns the length of the
/// handler's response for each, or 0 if it did not run.
pub(crate) fn deliver<const N: usize>(endpoint: &Endpoint, bodies: [&'static str; N]) -> [u64; N] {
    let service = VerifyLayer::new(endpoint.clone()).layer(service_fn(
        async |request: Request<Full<Bytes>>| {
            Ok::<_, Infallible>(Response::new(request.into_body()))
        },
    ));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    bodies.map(|body| {
        let request = Request::post("/")
            .header(
                "x-hub-signature-256",
                endpoint.verifier().sign(body).to_string(),
            )
            .body(Full::<Bytes>::from(body));
        let response = runtime.block_on(service.clone().oneshot(request.unwrap()));
        let response = response.unwrap();
        assert_eq!(response.status(), 200);
        http_body::Body::size_hint(response.body()).exact().unwrap()
    })
}
