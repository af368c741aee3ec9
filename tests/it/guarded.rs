//! Endpoints with a replay guard, called without a socket.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hubseal::{
    Endpoint, EndpointBuilder, Fingerprint,
    replay::{
        ClaimId, ClaimStatus, MemoryStore, OutagePolicy, ReplayGuard, ReplayStore, StoreError,
        StoreFuture,
    },
    tower::VerifyLayer,
};
use tower::{Layer, ServiceExt, service_fn};

/// A store whose claims and commits fail while it is away.
#[derive(Clone, Default)]
pub(crate) struct Faulty(Arc<(MemoryStore, AtomicBool)>);

impl Faulty {
    pub(crate) fn away() -> Self {
        let store = Self::default();
        store.set_away(true);
        store
    }

    pub(crate) fn set_away(&self, is_away: bool) {
        self.0.1.store(is_away, SeqCst);
    }

    fn or_fail<'a, T>(&self, future: impl FnOnce() -> StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        if self.0.1.load(SeqCst) {
            return Box::pin(async { Err(StoreError::new("connection refused")) });
        }
        future()
    }
}

impl ReplayStore for Faulty {
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus> {
        self.or_fail(|| self.0.0.claim(fingerprint, claim, lease))
    }

    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
        self.or_fail(|| self.0.0.commit(fingerprint, time_to_live))
    }

    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
        self.0.0.release(fingerprint, claim)
    }
}

/// Adds a guard that drops duplicates.
pub(crate) fn with_guard(endpoint: EndpointBuilder) -> EndpointBuilder {
    endpoint.replay_guard(ReplayGuard::in_memory())
}

/// Adds a guard that checks nothing, because its store is unavailable.
pub(crate) fn unchecked(endpoint: EndpointBuilder) -> EndpointBuilder {
    endpoint.replay_guard(ReplayGuard::new(Faulty::away()).with_outage_policy(OutagePolicy::Accept))
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
