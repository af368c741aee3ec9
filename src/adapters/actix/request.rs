//! The conversion of actix requests for the endpoint.

use core::pin::Pin;

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderValue},
};
use bytes::Bytes;
use futures_core::Stream;

use crate::{
    adapters::read,
    endpoint::{BodyVerifier, Endpoint, HeaderLookup, RequestHead},
    rejection::{Rejection, RejectionKind},
    signature::Verified,
};

/// actix-web's own header map.
impl HeaderLookup for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).map(HeaderValue::as_bytes)
    }
}

pub(super) fn head(request: &HttpRequest) -> RequestHead<'_, HeaderMap> {
    RequestHead::new(request.method().as_str(), request.headers()).query(request.query_string())
}

/// Reads a payload into its intake, and returns the verdict.
pub(super) async fn read(
    request: &HttpRequest,
    endpoint: &Endpoint,
    intake: BodyVerifier,
    mut payload: Payload,
) -> Result<Verified<Bytes>, Rejection> {
    if let Payload::None = payload {
        return intake.finish_without_body().inspect_err(|rejection| {
            if rejection.kind() == RejectionKind::NotConfigured {
                log_not_configured(
                    request,
                    "the body was read before it could be verified: take the verified body in the \
                     first extractor, in no other beside it, and have no middleware read the payload",
                );
            }
        });
    }
    read::read(endpoint, intake, move |context| {
        Pin::new(&mut payload).poll_next(context)
    })
    .await
}

/// Explains a mistake of the application to its operator, with nothing of the request.
pub(super) fn log_not_configured(request: &HttpRequest, explanation: &str) {
    let route = request.match_pattern().unwrap_or_default();
    log::error!("a delivery at \"{route}\" cannot be verified: {explanation}");
}
