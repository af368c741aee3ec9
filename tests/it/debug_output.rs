//! `Debug` output: identifies values and shows no part of a secret or a request.

use std::{fmt::Debug, time::Duration};

use hubseal::{AppSecret, KeyRing, MemoryBudget, PayloadLimit, Verified, Verifier};

use crate::common::{PREVIOUS_SECRET, SECRET, TOKEN, endpoint, receive, secret, token};

pub(crate) fn assert_debug(shown: &impl Debug, parts: &[&str]) {
    for shown in [format!("{shown:?}"), format!("{shown:#?}")] {
        for part in parts {
            assert!(shown.contains(part), "{part} is missing in {shown}");
        }
        for hidden in [SECRET, PREVIOUS_SECRET, TOKEN, "genuine body"] {
            assert!(!shown.contains(hidden), "{hidden} is shown in {shown}");
        }
    }
}

fn verified() -> Verified<&'static str> {
    let verifier = Verifier::new(secret());
    let signature = verifier.sign("genuine body").to_string();
    verifier.verify(signature, "genuine body").unwrap()
}

#[test]
fn endpoint_shows_key_names_and_limits() {
    let previous = AppSecret::new(PREVIOUS_SECRET).unwrap();
    let ring = KeyRing::new([("mine", secret()), ("former", previous)]).unwrap();
    assert_debug(&ring, &["KeyRing", "mine", "former"]);

    let endpoint = hubseal::Endpoint::builder(ring)
        .verify_token(token())
        .payload_limit(PayloadLimit::new(123_456))
        .memory_budget(MemoryBudget::new(7_654_321))
        .read_deadline(Duration::from_secs(77))
        .build()
        .unwrap();
    let limits = ["123456", "7654321", "77s", "Unauthorized"];
    assert_debug(&endpoint, &limits);
    assert_debug(&endpoint, &["mine", "former", "tokens: 1"]);
}

#[test]
fn body_verifier_shows_received_bytes_or_rejection() {
    let endpoint = endpoint()
        .payload_limit(PayloadLimit::new(12))
        .build()
        .unwrap();
    let mut body_verifier = receive(&endpoint, b"", &[]).unwrap();
    body_verifier.push("genuine body").unwrap();
    assert_debug(&body_verifier, &["BodyVerifier", "bytes: 12"]);
    body_verifier.push("!").unwrap_err();
    assert_debug(&body_verifier, &["BodyVerifier", "PayloadTooLarge"]);
}

#[test]
fn verified_shows_key_but_not_body() {
    assert_debug(&verified(), &["Verified", "\"current\""]);
}

#[test]
fn key_name_shows_its_text() {
    let key = verified().key();
    assert_eq!(format!("{key} {key:?}"), "current \"current\"");
    assert_eq!((key.as_str(), key.as_ref()), ("current", "current"));
}

#[test]
fn signature_has_display_but_opaque_debug() {
    let signature = Verifier::new(secret()).sign("genuine body");
    assert!(signature.to_string().starts_with("sha256="));
    assert_eq!(format!("{signature:?}"), "Signature(..)");
}
