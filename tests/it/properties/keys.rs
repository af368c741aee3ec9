//! Rings of one to eight keys.

use hubseal::{AppSecret, Endpoint, KeyRing, RejectionKind, Signature};
use proptest::{prelude::*, sample::Index};

use super::{bodies, divide, one_in, piece_lengths, secrets};
use crate::ways::{at_once, in_pieces, taken_in};

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
    #![proptest_config(one_in(5))]

    #[test]
    fn the_key_that_signed_is_the_one_that_is_named_and_counted(
        text in secrets(),
        keys in 1..=KeyRing::MAX_KEYS,
        signer: Index,
        body in bodies(),
        lengths in piece_lengths(),
    ) {
        let endpoint = endpoint(&text, keys);
        let ring = endpoint.verifier().keys();
        let signer = signer.index(keys);
        let name = ring.names().nth(signer).unwrap();
        let header = Signature::sign(&secret(&text, signer), &body).to_string();
        let (header, pieces) = (header.as_bytes(), divide(&body, &lengths));

        for outcome in [
            at_once(&endpoint, header, &body),
            in_pieces(&endpoint, header, &pieces),
            taken_in(&endpoint, header, &pieces),
        ] {
            let (returned, key) = outcome.unwrap();
            prop_assert!(returned == body, "other bytes came back");
            prop_assert_eq!(key, name);
        }
        for (number, name) in ring.names().enumerate() {
            prop_assert_eq!(name.to_string(), format!("key-{number}"));
            let expected = if number == signer { 3 } else { 0 };
            prop_assert_eq!(ring.match_count(name.as_str()), Some(expected));
        }
    }

    #[test]
    fn a_key_that_is_not_in_the_ring_is_refused(
        text in secrets(),
        keys in 1..=KeyRing::MAX_KEYS,
        body in bodies(),
        lengths in piece_lengths(),
    ) {
        let endpoint = endpoint(&text, keys);
        let header = Signature::sign(&secret(&text, keys), &body).to_string();
        let (header, pieces) = (header.as_bytes(), divide(&body, &lengths));

        let refused = Err(RejectionKind::SignatureMismatch);
        prop_assert_eq!(&at_once(&endpoint, header, &body), &refused);
        prop_assert_eq!(&in_pieces(&endpoint, header, &pieces), &refused);
        prop_assert_eq!(&taken_in(&endpoint, header, &pieces), &refused);
        let ring = endpoint.verifier().keys();
        prop_assert!(ring.names().all(|name| ring.match_count(name.as_str()) == Some(0)));
    }
}
