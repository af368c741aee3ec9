//! Bodies, whole and in pieces.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE},
};
use hubseal::{Endpoint, RejectionKind, Signature, Verifier, testing::ring_of_bytes};
use proptest::{collection::vec, prelude::*};

use super::{Edit, bodies, divide, edits, one_in, piece_lengths};
use crate::ways::{Outcome, at_once, in_pieces, taken_in};

/// What all three ways agree on.
fn outcome(endpoint: &Endpoint, header: &str, pieces: &[&[u8]]) -> Result<Outcome, TestCaseError> {
    let header = header.as_bytes();
    let outcome = at_once(endpoint, header, &pieces.concat());
    prop_assert_eq!(&in_pieces(endpoint, header, pieces), &outcome);
    prop_assert_eq!(&taken_in(endpoint, header, pieces), &outcome);
    Ok(outcome)
}

fn endpoint(key: &[u8]) -> Endpoint {
    Endpoint::builder(ring_of_bytes(key).unwrap())
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(one_in(3))]

    #[test]
    fn every_division_of_a_body_gives_what_the_whole_gives(
        key in keys(),
        body in bodies(),
        lengths in piece_lengths(),
    ) {
        let endpoint = endpoint(&key);
        let header = endpoint.verifier().sign(&body).to_string();
        let (returned, name) = outcome(&endpoint, &header, &divide(&body, &lengths))?.unwrap();
        prop_assert!(returned == body, "other bytes came back");
        prop_assert_eq!(name.as_str(), "current");
    }

    #[test]
    fn a_changed_body_is_refused(
        key in keys(),
        body in bodies(),
        edit in edits(),
        lengths in piece_lengths(),
    ) {
        let endpoint = endpoint(&key);
        let header = endpoint.verifier().sign(&body).to_string();
        let changed = edit.apply(&body);
        let outcome = outcome(&endpoint, &header, &divide(&changed, &lengths))?;
        prop_assert_eq!(outcome, Err(RejectionKind::SignatureMismatch));
    }
}

proptest! {
    #[test]
    fn a_changed_key_is_refused(
        key in keys(),
        edit in edits(),
        body in vec(any::<u8>(), 0..300),
        lengths in piece_lengths(),
    ) {
        let changed = edit.apply(&key);
        prop_assume!(!changed.is_empty() && padded(&key) != padded(&changed));
        let header = Verifier::new(ring_of_bytes(&changed).unwrap()).sign(&body).to_string();
        let outcome = outcome(&endpoint(&key), &header, &divide(&body, &lengths))?;
        prop_assert_eq!(outcome, Err(RejectionKind::SignatureMismatch));
    }

    #[test]
    fn a_changed_tag_is_refused(
        key in keys(),
        body in vec(any::<u8>(), 0..300),
        at in 0..Signature::BYTES,
        bits in 1..=u8::MAX,
        lengths in piece_lengths(),
    ) {
        let endpoint = endpoint(&key);
        let signature = endpoint.verifier().sign(&body);
        let wrong = format!("{:02x}", signature.as_bytes()[at] ^ bits);
        let mut header = signature.to_string();
        header.replace_range(7 + 2 * at..9 + 2 * at, &wrong);
        let outcome = outcome(&endpoint, &header, &divide(&body, &lengths))?;
        prop_assert_eq!(outcome, Err(RejectionKind::SignatureMismatch));
    }

    #[test]
    fn base64_is_accepted_in_its_one_canonical_spelling(
        key in keys(),
        (body, text) in spellings(),
    ) {
        let verifier = Verifier::new(ring_of_bytes(&key).unwrap());
        let header = verifier.sign(&body).to_string();
        let verdict = verifier.verify_base64(&header, &text);
        if text == BASE64_STANDARD.encode(&body).as_bytes() {
            prop_assert_eq!(verdict.unwrap().into_inner(), body);
        } else {
            let expected = match BASE64_STANDARD.decode(&text) {
                Ok(other) => verifier.verify(&header, other).err().map(|refused| refused.kind()),
                Err(_) => Some(RejectionKind::BodyUnreadable),
            };
            prop_assert!(expected.is_some());
            prop_assert_eq!(verdict.err().map(|refused| refused.kind()), expected);
        }
    }
}

/// Keys shorter and longer than a block of the hash.
fn keys() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..100)
}

/// HMAC fills a key that is shorter than a block with zeros, so that some keys are equal.
fn padded(key: &[u8]) -> Vec<u8> {
    let mut padded = key.to_vec();
    padded.resize(key.len().max(64), 0);
    padded
}

/// A body, and its base64 or something near it.
fn spellings() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let body = || vec(any::<u8>(), 0..60);
    let edited = |(body, edits): (Vec<u8>, Vec<Edit>)| {
        let text = BASE64_STANDARD.encode(&body).into_bytes();
        let text = edits.iter().fold(text, |text, edit| edit.apply(&text));
        (body, text)
    };
    // The last digit but the padding has bits that no byte holds: there is one right choice.
    let last_digit = |(body, digit): (Vec<u8>, u8)| {
        let mut text = BASE64_STANDARD.encode(&body).into_bytes();
        if let Some(last) = text.iter_mut().rfind(|digit| **digit != b'=') {
            *last = digit;
        }
        (body, text)
    };
    let in_alphabet = prop_oneof![
        b'A'..=b'Z',
        b'a'..=b'z',
        b'0'..=b'9',
        Just(b'+'),
        Just(b'/')
    ];
    prop_oneof![
        (body(), vec(edits(), 0..3)).prop_map(edited),
        (body(), in_alphabet).prop_map(last_digit),
        body().prop_map(|body| {
            let text = BASE64_STANDARD_NO_PAD.encode(&body).into_bytes();
            (body, text)
        }),
        body().prop_map(|body| {
            let text = BASE64_URL_SAFE.encode(&body).into_bytes();
            (body, text)
        }),
        (body(), body()),
    ]
}
