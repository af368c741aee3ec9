//! What is shown for debugging: what tells one from another, and nothing of a secret or a request.

use std::{fmt::Debug, time::Duration};

use hubseal::{AppSecret, KeyRing, MemoryBudget, PayloadLimit, Verified, Verifier};

use crate::common::{PREVIOUS_SECRET, SECRET, TOKEN, endpoint, receive, secret, token};

pub(crate) fn assert_shows(shown: &impl Debug, parts: &[&str]) {
    for shown in [format!("{shown:?}"), format!("{shown:#?}")] {
        for part in parts {
            assert!(shown.contains(part), "no {part} in {shown}");
        }
        for hidden in [SECRET, PREVIOUS_SECRET, TOKEN, "genuine body"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }
}

fn verified() -> Verified<&'static str> {
    let verifier = Verifier::new(secret());
    let signature = verifier.sign("genuine body").to_string();
    verifier.verify(signature, "genuine body").unwrap()
}

#[test]
fn an_endpoint_shows_its_keys_and_its_limits() {
    let previous = AppSecret::new(PREVIOUS_SECRET).unwrap();
    let ring = KeyRing::new([("mine", secret()), ("former", previous)]).unwrap();
    assert_shows(&ring, &["KeyRing", "mine", "former"]);

    let endpoint = hubseal::Endpoint::builder(ring)
        .verify_token(token())
        .payload_limit(PayloadLimit::new(123_456))
        .memory_budget(MemoryBudget::new(7_654_321))
        .read_deadline(Duration::from_secs(77))
        .build()
        .unwrap();
    let limits = ["123456", "7654321", "77s", "Unauthorized"];
    assert_shows(&endpoint, &limits);
    assert_shows(&endpoint, &["mine", "former", "tokens: 1"]);
}

#[test]
fn a_delivery_shows_how_much_of_it_has_arrived_or_why_it_was_refused() {
    let endpoint = endpoint()
        .payload_limit(PayloadLimit::new(12))
        .build()
        .unwrap();
    let mut body_verifier = receive(&endpoint, b"", &[]).unwrap();
    body_verifier.push("genuine body").unwrap();
    assert_shows(&body_verifier, &["BodyVerifier", "bytes: 12"]);
    body_verifier.push("!").unwrap_err();
    assert_shows(&body_verifier, &["BodyVerifier", "PayloadTooLarge"]);
}

#[test]
fn a_verdict_shows_the_key_and_not_the_body() {
    assert_shows(&verified(), &["Verified", "\"current\""]);
}

#[test]
fn a_key_shows_its_name() {
    let key = verified().key();
    assert_eq!(format!("{key} {key:?}"), "current \"current\"");
    assert_eq!((key.as_str(), key.as_ref()), ("current", "current"));
}

#[test]
fn a_signature_is_printed_for_a_header_and_hidden_from_a_log() {
    let signature = Verifier::new(secret()).sign("genuine body");
    assert!(signature.to_string().starts_with("sha256="));
    assert_eq!(format!("{signature:?}"), "Signature(..)");
}
