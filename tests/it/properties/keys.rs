//! Key rings of one to eight keys.

#[cfg(feature = "std")]
use std::time::{Duration, SystemTime};

use hubseal::{AppSecret, Endpoint, KeyRing, RejectionKind, Signature};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::{bodies, chunk_lengths, secrets, split, with_cases_divided_by};
use crate::verify_paths::{in_chunks, one_shot, through_endpoint};

fn secret(text: &str, number: usize) -> AppSecret {
    AppSecret::new(format!("{text}-{number}")).unwrap()
}

fn endpoint(text: &str, keys: usize) -> Endpoint {
    let named = (0..keys).map(|number| (format!("key-{number}"), secret(text, number)));
    Endpoint::builder(KeyRing::new(named).unwrap())
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(with_cases_divided_by(5))]

    #[test]
    fn names_and_counts_the_signing_key(
        text in secrets(),
        keys in 1..=KeyRing::MAX_KEYS,
        signer: Index,
        body in bodies(),
        lengths in chunk_lengths(),
    ) {
        let endpoint = endpoint(&text, keys);
        let ring = endpoint.verifier().keys();
        let signer = signer.index(keys);
        let name = ring.names().nth(signer).unwrap();
        let header = Signature::sign(&secret(&text, signer), &body).to_string();
        let (header, chunks) = (header.as_bytes(), split(&body, &lengths));

        for outcome in [
            one_shot(&endpoint, header, &body),
            in_chunks(&endpoint, header, &chunks),
            through_endpoint(&endpoint, header, &chunks),
        ] {
            let (returned, key) = outcome.unwrap();
            prop_assert!(returned == body, "returned other bytes");
            prop_assert_eq!(key, name);
        }
        for (number, name) in ring.names().enumerate() {
            prop_assert_eq!(name.to_string(), format!("key-{number}"));
            let expected = if number == signer { 3 } else { 0 };
            prop_assert_eq!(ring.match_count(name.as_str()), Some(expected));
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn key_with_a_deadline_matches_before_it_only(
        text in secrets(),
        keys in 1..=KeyRing::MAX_KEYS,
        signer: Index,
        deadlines in vec(proptest::option::of(0..10_u64), KeyRing::MAX_KEYS),
        now in 0..10_u64,
        body in bodies(),
        lengths in chunk_lengths(),
    ) {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let named = (0..keys).map(|number| (format!("key-{number}"), secret(&text, number)));
        let mut ring = KeyRing::new(named).unwrap().with_clock(move || at(now));
        for (number, deadline) in deadlines.iter().take(keys).enumerate() {
            if let Some(deadline) = deadline {
                ring = ring.with_deadline(&format!("key-{number}"), at(*deadline)).unwrap();
            }
        }
        let endpoint = Endpoint::builder(ring).build().unwrap();
        let signer = signer.index(keys);
        let header = Signature::sign(&secret(&text, signer), &body).to_string();
        let (header, chunks) = (header.as_bytes(), split(&body, &lengths));
        let is_expired = deadlines[signer].is_some_and(|deadline| deadline <= now);

        for outcome in [
            one_shot(&endpoint, header, &body),
            in_chunks(&endpoint, header, &chunks),
            through_endpoint(&endpoint, header, &chunks),
        ] {
            let expected = if is_expired {
                Err(RejectionKind::KeyExpired)
            } else {
                Ok(format!("key-{signer}"))
            };
            prop_assert_eq!(outcome.map(|(_, key)| key.to_string()), expected);
        }
    }

    #[test]
    fn rejects_key_outside_key_ring(
        text in secrets(),
        keys in 1..=KeyRing::MAX_KEYS,
        body in bodies(),
        lengths in chunk_lengths(),
    ) {
        let endpoint = endpoint(&text, keys);
        let header = Signature::sign(&secret(&text, keys), &body).to_string();
        let (header, chunks) = (header.as_bytes(), split(&body, &lengths));

        let rejected = Err(RejectionKind::SignatureMismatch);
        prop_assert_eq!(&one_shot(&endpoint, header, &body), &rejected);
        prop_assert_eq!(&in_chunks(&endpoint, header, &chunks), &rejected);
        prop_assert_eq!(&through_endpoint(&endpoint, header, &chunks), &rejected);
        let ring = endpoint.verifier().keys();
        prop_assert!(ring.names().all(|name| ring.match_count(name.as_str()) == Some(0)));
    }
}
