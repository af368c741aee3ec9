//! The conversion of actix requests.

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

/// Looks up headers in actix-web's header map.
impl HeaderLookup for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).map(HeaderValue::as_bytes)
    }
}

pub(super) fn head(request: &HttpRequest) -> RequestHead<'_, HeaderMap> {
    RequestHead::new(request.method().as_str(), request.headers()).query(request.query_string())
}

/// Reads a payload into its `BodyVerifier` and verifies it.
pub(super) async fn read(
    request: &HttpRequest,
    endpoint: &Endpoint,
    body_verifier: BodyVerifier,
    mut payload: Payload,
) -> Result<Verified<Bytes>, Rejection> {
    if let Payload::None = payload {
        return body_verifier.finish_without_body().inspect_err(|rejection| {
            if rejection.kind() == RejectionKind::NotConfigured {
                log_not_configured(
                    request,
                    "the payload was read before; make the verified body the first extractor and the \
                     only one of the body, and let no middleware read the payload",
                );
            }
        });
    }
    read::read(endpoint, body_verifier, move |context| {
        Pin::new(&mut payload).poll_next(context)
    })
    .await
}

/// Logs a mistake in the application's setup. The message contains the route and no other part of the
/// request.
pub(super) fn log_not_configured(request: &HttpRequest, explanation: &str) {
    let route = request.match_pattern().unwrap_or_default();
    log::error!("cannot verify a delivery at \"{route}\": {explanation}");
}
