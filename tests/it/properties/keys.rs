//! Key rings of one to eight keys.

use hubseal::{AppSecret, Endpoint, KeyRing, RejectionKind, Signature};
use proptest::{prelude::*, sample::Index};

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
