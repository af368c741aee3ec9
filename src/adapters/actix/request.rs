//! The conversion of actix requests.

use alloc::string::String;
use core::pin::Pin;

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderValue},
};
use futures_core::Stream;

use crate::{
    adapters::read,
    endpoint::{BodyVerifier, Delivery, Endpoint, RequestHead},
    header_lookup::HeaderLookup,
    observe::not_configured,
    rejection::{Rejection, RejectionKind},
};

/// Looks up headers in actix-web's header map.
impl HeaderLookup for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).map(HeaderValue::as_bytes)
    }
}

pub(super) fn head(request: &HttpRequest) -> RequestHead<'_, HeaderMap> {
    let head = RequestHead::new(request.method().as_str(), request.headers())
        .query(request.query_string());
    match request.peer_addr() {
        Some(peer) => head.peer(peer.ip()),
        None => head,
    }
}

/// Returns the pattern of the route, which contains no part of the request.
pub(super) fn route(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_default()
}

/// Reads a payload into its `BodyVerifier` and verifies it.
pub(super) async fn read(
    request: &HttpRequest,
    endpoint: &Endpoint,
    body_verifier: BodyVerifier,
    mut payload: Payload,
) -> Result<Delivery, Rejection> {
    if let Payload::None = payload {
        return body_verifier.end_without_body().inspect_err(|rejection| {
            if rejection.kind() == RejectionKind::NotConfigured {
                not_configured(
                    &route(request),
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
