//! The extractors.

use alloc::boxed::Box;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::state::{HoldsEndpoint, endpoint_of};
use crate::{
    adapters::http,
    endpoint::VerifiedBody,
    observe::json_mismatch,
    rejection::Rejection,
    signature::{Json, Verified},
};

/// Extracts the verified body.
///
/// Behind [`webhook`](crate::axum::webhook) the body is verified already. On a plain `post` route,
/// this extractor verifies it. Such a route does not answer the handshake.
///
/// # Errors
/// Rejects the request with a [`Rejection`] if the body cannot be verified.
///
/// # Security
/// A body that one endpoint verified is not verified for another. If the state holds another endpoint,
/// the extractor verifies the request with that one.
///
/// On a plain `post` route, this extractor does not use the replay guard of the endpoint: the handler runs
/// for every copy of a delivery. Use [`webhook`](crate::axum::webhook), or claim the
/// [fingerprint](Verified::fingerprint) yourself.
///
/// # Examples
/// ```
/// use axum::{Router, body::Bytes, routing::post};
/// use hubseal::{Endpoint, Verified};
///
/// let app: Router<Endpoint> = Router::new()
///     .route("/webhook", post(async |body: Verified<Bytes>| body.key().to_string()));
/// # drop(app);
/// ```
impl<S> FromRequest<S> for Verified<Bytes>
where
    S: HoldsEndpoint + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Rejection> {
        let endpoint = endpoint_of(state);
        let verified = request.extensions_mut().remove::<VerifiedBody>();
        // Another endpoint has other keys, so its proof does not count here.
        match verified.and_then(|body| body.verified_by(&endpoint)) {
            Some(verified) => Ok(verified),
            // Boxed, so that handlers behind a route or a layer do not pay for its size.
            None => Box::pin(http::receive(&endpoint, request)).await,
        }
    }
}

/// Extracts the verified body, parsed as JSON.
///
/// # Errors
/// Rejects the request like [`Verified<Bytes>`], or with 422 if the body does not parse as `T`. Meta
/// repeats a delivery for days after a 422: prefer `Verified<Bytes>` and [`json`](Verified::json).
///
/// # Examples
/// ```
/// use axum::Router;
/// use hubseal::{Endpoint, Json, Verified};
///
/// async fn on_update(update: Verified<Json<serde_json::Value>>) {
///     println!("{}", update["object"]);
/// }
///
/// let app: Router<Endpoint> = hubseal::axum::webhook("/webhook", on_update);
/// # drop(app);
/// ```
impl<T, S> FromRequest<S> for Verified<Json<T>>
where
    T: DeserializeOwned,
    S: HoldsEndpoint + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        Verified::<Bytes>::from_request(request, state)
            .await?
            .json()
            .inspect_err(json_mismatch)
    }
}

/// Extracts the verified body, parsed as JSON, in axum's own [`axum::Json`].
///
/// # Errors
/// Rejects the request like [`Verified<Json<T>>`](Json).
///
/// # Examples
/// ```
/// use axum::Router;
/// use hubseal::{Endpoint, Verified};
///
/// async fn on_update(update: Verified<axum::Json<serde_json::Value>>) {
///     println!("{}", update["object"]);
/// }
///
/// let app: Router<Endpoint> = hubseal::axum::webhook("/webhook", on_update);
/// # drop(app);
/// ```
impl<T, S> FromRequest<S> for Verified<axum::Json<T>>
where
    T: DeserializeOwned,
    S: HoldsEndpoint + Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let verified = Verified::<Json<T>>::from_request(request, state).await?;
        Ok(verified.map_json(axum::Json))
    }
}
