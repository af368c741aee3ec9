//! The verified body in the extensions of a request.

use bytes::Bytes;

use super::Endpoint;
use crate::signature::Verified;

/// A verified body and the endpoint that verified it, in the extensions of a request.
///
/// The axum, actix-web and tower adapters insert it. The hyper adapter returns the verified body as the
/// request body instead.
///
/// # Security
/// Only this crate creates one. If a process has several endpoints, check with
/// [`verified_by`](Self::verified_by) which one verified the body.
///
/// # Examples
/// ```
/// # #[cfg(feature = "axum")] {
/// use axum::{Extension, http::StatusCode};
/// use hubseal::VerifiedBody;
///
/// async fn on_delivery(Extension(body): Extension<VerifiedBody>) -> StatusCode {
///     println!("{} bytes signed with {}", body.verified().len(), body.verified().key());
///     StatusCode::OK
/// }
/// # let _ = on_delivery;
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct VerifiedBody {
    endpoint: Endpoint,
    verified: Verified<Bytes>,
}

impl VerifiedBody {
    #[cfg(any(feature = "actix", feature = "tower"))]
    pub(crate) const fn new(endpoint: Endpoint, verified: Verified<Bytes>) -> Self {
        Self { endpoint, verified }
    }

    /// Returns the verified body.
    ///
    /// # Examples
    /// ```
    /// fn size(body: &hubseal::VerifiedBody) -> usize {
    ///     body.verified().len()
    /// }
    /// # let _ = size;
    /// ```
    #[must_use]
    pub const fn verified(&self) -> &Verified<Bytes> {
        &self.verified
    }

    /// Returns the verified body if this endpoint or a clone of it verified it.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Endpoint, Verified, VerifiedBody};
    ///
    /// fn body_of(body: VerifiedBody, endpoint: &Endpoint) -> Option<Verified<bytes::Bytes>> {
    ///     body.verified_by(endpoint)
    /// }
    /// # let _ = body_of;
    /// ```
    #[must_use]
    pub fn verified_by(self, endpoint: &Endpoint) -> Option<Verified<Bytes>> {
        self.endpoint.is(endpoint).then_some(self.verified)
    }
}
