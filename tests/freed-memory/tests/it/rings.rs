//! Key rings: an HMAC state can sign like the secret it is derived from.

use std::{hint::black_box, sync::Arc};

use hubseal::{AppSecret, KeyRing, KeyRingError, Signature, Verifier};
use hubseal_freed_memory::{Watched, left_by};

/// Each secret is watched separately, also in rings with many keys.
const SECRETS: [&str; 9] = [
    "a1f4c7093be2d5686c9f0e1d2b3a4958",
    "b2e5d8104cf3e6797da01f2e3c4b5a69",
    "c3d6e9215d04f78a8eb1203f4d5c6b7a",
    "d4c7fa326e15089b9fc231405e6d7c8b",
    "e5b80b437f2619acadd342516f7e8d9c",
    "f6a91c54803720bdbee453627f8f9ead",
    "079a2d65914831cecff56473809fa0be",
    "188b3e76a25942dfd0067584910b1ccf",
    "297c4f87b36a53e0e1178695a21c2dd0",
];

fn watched() -> Watched {
    let keys = SECRETS.iter().map(|secret| Watched::key(secret.as_bytes()));
    keys.reduce(Watched::and).unwrap()
}

fn ring(count: usize) -> Result<KeyRing, KeyRingError> {
    let secrets = SECRETS.iter().take(count);
    KeyRing::new(secrets.map(|text| (&text[..4], AppSecret::new(*text).unwrap())))
}

#[test]
fn wipes_key_rings_of_every_size() {
    for count in 1..=8 {
        let found = left_by(&watched(), || {
            drop(black_box(Box::new(ring(count).unwrap())))
        });
        assert_eq!(found, [], "{count} keys");
    }
    let moved = left_by(&watched(), || {
        let ring = black_box(Box::new(ring(8).unwrap()));
        drop(black_box(Box::new(Verifier::new(*ring))));
    });
    assert_eq!(moved, []);
    let from_one = left_by(&watched(), || {
        let secret = AppSecret::new(SECRETS[0]).unwrap();
        drop(black_box(Arc::new(KeyRing::from(&secret))));
        drop(black_box(Arc::new(KeyRing::from(secret))));
    });
    assert_eq!(from_one, []);
}

#[test]
fn wipes_refused_key_rings() {
    let too_many = left_by(&watched(), || {
        assert_eq!(ring(9).err(), Some(KeyRingError::TooMany));
    });
    assert_eq!(too_many, []);
    let named = |names: [&'static str; 3]| {
        move || {
            let keys = names.into_iter().zip(SECRETS);
            let keys = keys.map(|(name, text)| (name, AppSecret::new(text).unwrap()));
            assert!(KeyRing::new(keys.collect::<Vec<_>>()).is_err());
        }
    };
    assert_eq!(left_by(&watched(), named(["a", "b", "a"])), [], "repeated");
    assert_eq!(left_by(&watched(), named(["a", "b", ""])), [], "bad name");
    assert_eq!(
        left_by(&watched(), named(["", "b", "c"])),
        [],
        "bad first name"
    );
}

#[test]
fn wipes_keys_longer_than_a_hash_block() {
    let long = SECRETS.concat();
    let watched = Watched::key(long.as_bytes());
    let found = left_by(&watched, || {
        let secret = AppSecret::new(long.as_str()).unwrap();
        drop(black_box(Verifier::new(secret)));
    });
    assert_eq!(found, []);
}

#[test]
fn wipes_verifier_and_its_verifications() {
    let found = left_by(&watched(), || {
        let verifier = Verifier::new(ring(8).unwrap());
        let signature = verifier.sign("{}");
        assert!(verifier.verify_signature(&signature, "{}").is_ok());
        assert!(verifier.verify_signature(&signature, "[]").is_err());
        let mut verification = Box::new(verifier.clone().begin(signature));
        verification.update("{");
        verification.update("}");
        drop(black_box(verification));
        for body in ["{}", "[]"] {
            let mut verification = Box::new(verifier.begin(verifier.sign("{}")));
            verification.update(body);
            let _ = black_box((*verification).finish());
        }
        drop(black_box(format!("{verifier:?} {:?}", verifier.keys())));
    });
    assert_eq!(found, []);
    let signing = left_by(&watched(), || {
        let secret = AppSecret::new(SECRETS[0]).unwrap();
        black_box(Signature::sign(&secret, "{}").to_string());
    });
    assert_eq!(signing, []);
}

#[test]
fn wipes_replaced_key_ring_after_its_last_request() {
    let verifier = Verifier::new(AppSecret::new("another secret of this test").unwrap());
    let found = left_by(&watched(), || {
        verifier.replace_keys(ring(8).unwrap());
        let signature = verifier.sign("{}");
        let last = verifier.keys();
        verifier.replace_keys(AppSecret::new("another secret of this test").unwrap());
        assert!(verifier.verify_signature(&signature, "{}").is_err());
        drop(black_box(last));
    });
    assert_eq!(found, []);

    // An active request still holds the ring.
    let mut last = None;
    let found = left_by(&watched(), || {
        verifier.replace_keys(ring(1).unwrap());
        last = Some(verifier.keys());
        verifier.replace_keys(AppSecret::new("another secret of this test").unwrap());
    });
    assert!(
        found.iter().any(|found| found.form == "outer state"),
        "{found:?}"
    );
}
