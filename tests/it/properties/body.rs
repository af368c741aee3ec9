//! Verification of whole and chunked bodies.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE},
};
use hubseal::{Endpoint, RejectionKind, RequestHead, Signature, Verifier, testing::ring_of_bytes};
use proptest::{collection::vec, prelude::*};

use super::{Edit, bodies, chunk_lengths, edits, split, with_cases_divided_by};
use crate::verify_paths::{Outcome, in_chunks, one_shot, through_endpoint};

/// Verifies on all three paths and checks that the outcomes are equal.
fn outcome(endpoint: &Endpoint, header: &str, chunks: &[&[u8]]) -> Result<Outcome, TestCaseError> {
    let header = header.as_bytes();
    let outcome = one_shot(endpoint, header, &chunks.concat());
    prop_assert_eq!(&in_chunks(endpoint, header, chunks), &outcome);
    prop_assert_eq!(&through_endpoint(endpoint, header, chunks), &outcome);
    Ok(outcome)
}

fn endpoint(key: &[u8]) -> Endpoint {
    Endpoint::builder(ring_of_bytes(key).unwrap())
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(with_cases_divided_by(3))]

    #[test]
    fn chunking_does_not_affect_verification(
        key in keys(),
        body in bodies(),
        lengths in chunk_lengths(),
    ) {
        let endpoint = endpoint(&key);
        let header = endpoint.verifier().sign(&body).to_string();
        let (returned, name) = outcome(&endpoint, &header, &split(&body, &lengths))?.unwrap();
        prop_assert!(returned == body, "returned other bytes");
        prop_assert_eq!(name.as_str(), "current");
    }

    #[test]
    fn rejects_changed_body(
        key in keys(),
        body in bodies(),
        edit in edits(),
        lengths in chunk_lengths(),
    ) {
        let endpoint = endpoint(&key);
        let header = endpoint.verifier().sign(&body).to_string();
        let changed = edit.apply(&body);
        let outcome = outcome(&endpoint, &header, &split(&changed, &lengths))?;
        prop_assert_eq!(outcome, Err(RejectionKind::SignatureMismatch));
    }
}

proptest! {
    #[test]
    fn rejects_changed_key(
        key in keys(),
        edit in edits(),
        body in vec(any::<u8>(), 0..300),
        lengths in chunk_lengths(),
    ) {
        let changed = edit.apply(&key);
        prop_assume!(!changed.is_empty() && padded(&key) != padded(&changed));
        let header = Verifier::new(ring_of_bytes(&changed).unwrap()).sign(&body).to_string();
        let outcome = outcome(&endpoint(&key), &header, &split(&body, &lengths))?;
        prop_assert_eq!(outcome, Err(RejectionKind::SignatureMismatch));
    }

    #[test]
    fn rejects_changed_tag(
        key in keys(),
        body in vec(any::<u8>(), 0..300),
        at in 0..Signature::BYTES,
        bits in 1..=u8::MAX,
        lengths in chunk_lengths(),
    ) {
        let endpoint = endpoint(&key);
        let signature = endpoint.verifier().sign(&body);
        let wrong = format!("{:02x}", signature.as_bytes()[at] ^ bits);
        let mut header = signature.to_string();
        header.replace_range(7 + 2 * at..9 + 2 * at, &wrong);
        let outcome = outcome(&endpoint, &header, &split(&body, &lengths))?;
        prop_assert_eq!(outcome, Err(RejectionKind::SignatureMismatch));
    }

    #[test]
    fn accepts_canonical_base64_only(
        key in keys(),
        (body, text) in base64_variants(),
    ) {
        let verifier = Verifier::new(ring_of_bytes(&key).unwrap());
        let header = verifier.sign(&body).to_string();
        let result = verifier.verify_base64(&header, &text);
        let headers = [(verifier.scheme().header(), &header)];
        let head = RequestHead::new("POST", &headers);
        let whole = endpoint(&key).verify_request(&head, text.clone(), true);
        prop_assert_eq!(
            whole.err().map(|reply| reply.status()),
            result.as_ref().err().map(hubseal::Rejection::status),
        );
        if text == BASE64_STANDARD.encode(&body).as_bytes() {
            prop_assert_eq!(result.unwrap().into_inner(), body);
        } else {
            let expected = match BASE64_STANDARD.decode(&text) {
                Ok(other) => verifier.verify(&header, other).err().map(|rejection| rejection.kind()),
                Err(_) => Some(RejectionKind::BodyUnreadable),
            };
            prop_assert!(expected.is_some());
            prop_assert_eq!(result.err().map(|rejection| rejection.kind()), expected);
        }
    }
}

/// Keys shorter and longer than a block of the hash.
fn keys() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..100)
}

/// HMAC pads short keys with zeros, so some different keys are equivalent.
fn padded(key: &[u8]) -> Vec<u8> {
    let mut padded = key.to_vec();
    padded.resize(key.len().max(64), 0);
    padded
}

/// A body, and its base64 or a similar text.
fn base64_variants() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let body = || vec(any::<u8>(), 0..60);
    let edited = |(body, edits): (Vec<u8>, Vec<Edit>)| {
        let text = BASE64_STANDARD.encode(&body).into_bytes();
        let text = edits.iter().fold(text, |text, edit| edit.apply(&text));
        (body, text)
    };
    // The last digit before the padding has unused bits, so only one digit is canonical.
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
