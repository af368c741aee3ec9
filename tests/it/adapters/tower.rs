//! The tower adapter: readiness, body types and error types.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use ::hyper::service::Service as _;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty, Full, Limited, StreamBody, combinators::UnsyncBoxBody};
use hubseal::{
    Endpoint, Rejection, VerifiedBody,
    testing::Request as Sent,
    tower::{Verify, VerifyLayer},
};
use hyper_util::service::TowerToHyperService;
use tokio::{task::JoinSet, time::timeout};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, limit::ConcurrencyLimitLayer, service_fn};

use super::{Calls, Handler, endpoint, hyper::listen};
use crate::{common::secret, debug_output::assert_debug};

/// Serves a tower service behind the layer with hyper.
pub(super) async fn service(endpoint: Endpoint, calls: Calls, handler: Handler) -> SocketAddr {
    let service = ServiceBuilder::new()
        .layer(ConcurrencyLimitLayer::new(64))
        .layer(VerifyLayer::new(endpoint))
        .service_fn(move |request| on_delivery(request, handler.clone()));
    let service = TowerToHyperService::new(service);
    let function = move |request| {
        let service = service.clone();
        async move { service.call(request).await }
    };
    listen(function, calls).await
}

async fn on_delivery(
    request: Request<Full<Bytes>>,
    handler: Handler,
) -> io::Result<Response<Full<Bytes>>> {
    let Ok(body) = request.into_body().collect().await;
    let mut response = Response::default();
    *response.status_mut() = handler.run(&body.to_bytes()).await?;
    Ok(response)
}

fn genuine() -> Request<Full<Bytes>> {
    Request::<Bytes>::try_from(Sent::signed("/", &secret(), "{}"))
        .unwrap()
        .map(Full::new)
}

/// Waits until the service is ready for this body type.
async fn ready<S: Service<Request<Full<Bytes>>, Error: std::fmt::Debug>>(
    service: &mut S,
) -> &mut S {
    service.ready().await.unwrap()
}

async fn echo(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, &'static str> {
    let body = request.extensions().get::<VerifiedBody>();
    let body = body.ok_or("no verified body")?;
    assert_eq!(body.verified().key().as_str(), "current");
    Ok(Response::new(request.into_body()))
}

#[tokio::test]
async fn inner_service_gets_body_and_extension() {
    let service = VerifyLayer::new(endpoint()).layer(service_fn(echo));
    let response = service.oneshot(genuine()).await.unwrap();
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "{}"
    );
}

#[tokio::test]
async fn verified_body_is_valid_for_its_endpoint_only() {
    let (mine, other) = (endpoint(), endpoint());
    let checked = service_fn({
        let mine = mine.clone();
        move |request: Request<Full<Bytes>>| {
            let body = request.extensions().get::<VerifiedBody>().unwrap();
            assert!(body.clone().verified_by(&other).is_none());
            let verified = body.clone().verified_by(&mine).unwrap();
            async { Ok::<_, Infallible>(Response::new(Full::new(verified.into_inner()))) }
        }
    });
    let service = VerifyLayer::new(mine).layer(checked);
    let response = service.oneshot(genuine()).await.unwrap();
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "{}"
    );
}

#[tokio::test]
async fn keeps_error_type_of_inner_service() {
    let failing = service_fn(async |_: Request<Full<Bytes>>| {
        Err::<Response<Empty<Bytes>>, _>(std::fmt::Error)
    });
    let mut service = VerifyLayer::new(endpoint()).layer(failing);
    let result: Result<_, std::fmt::Error> = ready(&mut service).await.call(genuine()).await;
    assert!(result.is_err());

    let unsigned = Request::post("/").body(Full::<Bytes>::default()).unwrap();
    let rejected = ready(&mut service).await.call(unsigned).await.unwrap();
    assert_eq!(rejected.status(), 401);
    assert!(rejected.extensions().get::<Rejection>().is_some());
    assert!(
        rejected
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .is_empty()
    );
}

#[tokio::test]
async fn accepts_any_body_type() {
    let service = || VerifyLayer::new(endpoint()).layer(service_fn(echo));
    let (parts, body) = genuine().into_parts();
    let limited = Request::from_parts(parts.clone(), Limited::new(body.clone(), 100));
    assert_eq!(service().oneshot(limited).await.unwrap().status(), 200);
    let boxed = Request::from_parts(parts.clone(), body.boxed());
    assert_eq!(service().oneshot(boxed).await.unwrap().status(), 200);
    let frames = [Ok::<_, Infallible>(http_body::Frame::data(
        Bytes::from_static(b"{}"),
    ))];
    let stream = Request::from_parts(parts, StreamBody::new(stream_of(frames)));
    assert_eq!(service().oneshot(stream).await.unwrap().status(), 200);
}

/// Makes a stream of an array without another dependency.
fn stream_of<T: Unpin, const N: usize>(items: [T; N]) -> Items<T, N> {
    Items(items.into_iter())
}

struct Items<T, const N: usize>(std::array::IntoIter<T, N>);

impl<T: Unpin, const N: usize> futures_core::Stream for Items<T, N> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        Poll::Ready(self.0.next())
    }
}

/// Panics if it is called before it is ready, like a limited service. Its clones are not ready.
struct RequiresReady {
    ready: bool,
}

impl Clone for RequiresReady {
    fn clone(&self) -> Self {
        Self { ready: false }
    }
}

impl Service<Request<Full<Bytes>>> for RequiresReady {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "called before poll_ready");
        std::future::ready(Ok(Response::default()))
    }
}

#[test]
fn debug_shows_endpoint_and_inner_service() {
    let layer = VerifyLayer::<Bytes>::with_body_type(endpoint());
    assert_debug(&layer, &["VerifyLayer", "Endpoint", "current"]);
    let service = layer.layer("within");
    assert_debug(&service, &["Verify", "Endpoint", "current", "within"]);
}

#[tokio::test]
async fn polls_inner_service_ready_before_call() {
    let mut service: Verify<RequiresReady> =
        VerifyLayer::new(endpoint()).layer(RequiresReady { ready: false });
    for _ in 0..3 {
        let answered = ready(&mut service).await.call(genuine());
        assert_eq!(answered.await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn releases_permit_of_inner_service() {
    let limited = ServiceBuilder::new().concurrency_limit(1).service_fn(echo);
    let mut service = VerifyLayer::new(endpoint()).layer(limited);
    for _ in 0..3 {
        let answered = ready(&mut service).await.call(genuine());
        assert_eq!(answered.await.unwrap().status(), 200);
        let forged = genuine().map(|_| Full::<Bytes>::from("[]"));
        let answered = ready(&mut service).await.call(forged);
        assert_eq!(answered.await.unwrap().status(), 401);
    }
}

/// A forged request that stalls after the first byte of its body.
fn stalled() -> Request<BoxBody> {
    let byte = Ok::<_, Infallible>(http_body::Frame::data(Bytes::from_static(b"{")));
    genuine().map(|_| StreamBody::new(Then([byte].into_iter())).boxed_unsync())
}

type BoxBody = UnsyncBoxBody<Bytes, Infallible>;

/// Yields the items and then stays pending.
struct Then<I>(I);

impl<I: Iterator + Unpin> futures_core::Stream for Then<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        self.0
            .next()
            .map_or(Poll::Pending, |item| Poll::Ready(Some(item)))
    }
}

/// Checks that a genuine request is not delayed by stalled ones when the inner service is limited.
async fn passes_beside_stalled<S, R>(inner: S)
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: std::fmt::Debug + Send,
    R: Send + 'static,
{
    let service = VerifyLayer::new(endpoint()).layer(inner);
    let mut held = JoinSet::new();
    for _ in 0..5 {
        let mut service = service.clone();
        held.spawn(async move {
            let service = ServiceExt::<Request<BoxBody>>::ready(&mut service).await;
            service.unwrap().call(stalled()).await.unwrap().status()
        });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut service = service.clone();
    let answered = async {
        let ready = ServiceExt::<Request<Full<Bytes>>>::ready(&mut service).await;
        ready.unwrap().call(genuine()).await.unwrap().status()
    };
    let answered = timeout(Duration::from_secs(1), answered).await;
    assert_eq!(answered.expect("waited for the stalled requests"), 200);
    assert!(held.try_join_next().is_none(), "the stalled requests ended");
}

#[tokio::test]
async fn stalled_requests_hold_no_inner_service_permit() {
    passes_beside_stalled(ServiceBuilder::new().concurrency_limit(2).service_fn(echo)).await;
    let shedding = ServiceBuilder::new().load_shed().concurrency_limit(2);
    passes_beside_stalled(shedding.service_fn(echo)).await;
    passes_beside_stalled(ServiceBuilder::new().buffer(2).service_fn(echo)).await;
    let buffered = ServiceBuilder::new().buffer(1).concurrency_limit(1);
    passes_beside_stalled(buffered.service_fn(echo)).await;
}

#[tokio::test]
async fn concurrency_limit_behind_layer_still_applies() {
    let limited = ServiceBuilder::new().load_shed().concurrency_limit(1);
    let inner = limited.service_fn(async |_: Request<Full<Bytes>>| {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    });
    let service = VerifyLayer::new(endpoint()).layer(inner);
    let (one, other) = tokio::join!(
        service.clone().oneshot(genuine()),
        service.clone().oneshot(genuine())
    );
    assert!(one.is_ok());
    assert!(
        other
            .err()
            .unwrap()
            .is::<tower::load_shed::error::Overloaded>()
    );
}
