//! Header lookup in maps and lists of the standard library.

use std::collections::BTreeMap;
#[cfg(feature = "std")]
use std::collections::HashMap;

use hubseal::{Endpoint, HeaderLookup, RejectionKind, RequestHead};

use crate::common::{endpoint, kind};

const BODY: &str = "{}";

/// Headers of a genuine delivery, with names in upper case.
fn headers(endpoint: &Endpoint) -> [(String, String); 2] {
    let signature = endpoint.verifier().sign(BODY).to_string();
    [
        ("X-HUB-SIGNATURE-256".to_owned(), signature),
        ("CONTENT-LENGTH".to_owned(), BODY.len().to_string()),
    ]
}

/// The same headers with two equal signatures in one value, as some frameworks join them.
fn joined(endpoint: &Endpoint) -> [(String, String); 2] {
    headers(endpoint).map(|(name, value)| {
        let is_signature = name.starts_with('X');
        let value = if is_signature {
            format!("{value}, {value}")
        } else {
            value
        };
        (name, value)
    })
}

fn receive<H: HeaderLookup>(endpoint: &Endpoint, headers: &H) -> Option<RejectionKind> {
    let verified = endpoint
        .receive(&RequestHead::new("POST", headers))
        .and_then(|body_verifier| body_verifier.finish_with(BODY));
    kind(verified)
}

#[test]
fn names_in_upper_case_match() {
    let endpoint = endpoint().build().unwrap();
    let headers = headers(&endpoint);
    let list = Vec::from(headers.clone());
    assert_eq!(receive(&endpoint, &list), None);
    assert_eq!(receive(&endpoint, &BTreeMap::from(headers.clone())), None);
    #[cfg(feature = "std")]
    assert_eq!(receive(&endpoint, &HashMap::from(headers)), None);
}

#[test]
fn reads_every_header_from_maps() {
    let endpoint = endpoint().build().unwrap();
    let mut headers = BTreeMap::from(headers(&endpoint));
    headers.insert("CONTENT-LENGTH".to_owned(), "3".to_owned());
    assert_eq!(
        receive(&endpoint, &headers),
        Some(RejectionKind::LengthMismatch)
    );
    headers.insert("Content-Encoding".to_owned(), "gzip".to_owned());
    assert_eq!(
        receive(&endpoint, &headers),
        Some(RejectionKind::ContentEncoded)
    );
    headers.remove("X-HUB-SIGNATURE-256");
    assert_eq!(
        receive(&endpoint, &headers),
        Some(RejectionKind::SignatureMissing)
    );
}

#[test]
fn rejects_joined_duplicate_signature_as_malformed() {
    let endpoint = endpoint().build().unwrap();
    let joined = joined(&endpoint);
    let malformed = Some(RejectionKind::SignatureMalformed);
    let list = Vec::from(joined.clone());
    assert_eq!(receive(&endpoint, &list), malformed);
    let map = BTreeMap::from(joined.clone());
    assert_eq!(receive(&endpoint, &map), malformed);
    #[cfg(feature = "std")]
    assert_eq!(receive(&endpoint, &HashMap::from(joined)), malformed);
}

#[test]
fn rejects_names_that_differ_in_case_as_repeated() {
    let endpoint = endpoint().build().unwrap();
    let signature = endpoint.verifier().sign(BODY).to_string();
    let headers = ["x-hub-signature-256", "X-Hub-Signature-256"].map(|name| (name, &signature));
    let repeated = Some(RejectionKind::SignatureRepeated);
    assert_eq!(receive(&endpoint, &Vec::from(headers)), repeated);
    assert_eq!(receive(&endpoint, &BTreeMap::from(headers)), repeated);
    #[cfg(feature = "std")]
    assert_eq!(receive(&endpoint, &HashMap::from(headers)), repeated);
}
