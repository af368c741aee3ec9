//! Key rings with several keys, and their replacement while requests are active.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use hubseal::{AppSecret, KeyRing, KeyRingError, RejectionKind, Verifier};

use crate::common::{PREVIOUS_SECRET, SECRET, endpoint, kind, receive};

fn ring(keys: &[(&str, &str)]) -> KeyRing {
    let keys = keys
        .iter()
        .map(|(name, secret)| (name, AppSecret::new(*secret).unwrap()));
    KeyRing::new(keys.map(|(name, secret)| (*name, secret))).unwrap()
}

#[test]
fn key_name_identifies_one_of_two_apps() {
    let apps = [("shop", SECRET), ("support", PREVIOUS_SECRET)];
    let verifier = Verifier::new(ring(&apps));
    for (name, secret) in apps {
        let signature = Verifier::new(AppSecret::new(secret).unwrap())
            .sign("{}")
            .to_string();
        assert_eq!(
            verifier.verify(signature, "{}").unwrap().key().as_str(),
            name
        );
    }
    let again = verifier.sign("[]").to_string();
    assert!(verifier.verify(again, "[]").is_ok());
    assert_eq!(verifier.keys().match_count("shop"), Some(2));
    assert_eq!(verifier.keys().match_count("support"), Some(1));
    assert_eq!(verifier.keys().match_count("nobody"), None);
}

#[test]
fn key_ring_holds_1_to_8_keys_with_distinct_names() {
    let keys = |count: usize| {
        KeyRing::new((0..count).map(|n| (format!("key-{n}"), AppSecret::new(SECRET).unwrap())))
    };
    assert_eq!(keys(0).err(), Some(KeyRingError::Empty));
    assert!(keys(1).is_ok());
    assert!(keys(8).is_ok());
    assert_eq!(keys(9).err(), Some(KeyRingError::TooMany));
    // An endless iterator is refused without being collected.
    assert_eq!(keys(usize::MAX).err(), Some(KeyRingError::TooMany));

    let named = |name: &str| KeyRing::new([(name, AppSecret::new(SECRET).unwrap())]);
    for good in ["a", "A.b-c_9", &"x".repeat(32)] {
        assert_eq!(named(good).unwrap().names().next().unwrap().as_str(), good);
    }
    for bad in ["", " ", "a b", "é", "a\n", "\"", "{}", &"x".repeat(33)] {
        assert_eq!(named(bad).err(), Some(KeyRingError::BadName), "{bad:?}");
    }
}

#[test]
fn active_request_keeps_its_key_ring() {
    let endpoint = endpoint().build().unwrap();
    let mut under_way = receive(&endpoint, b"{}", &[]).unwrap();
    under_way.push("{").unwrap();
    let verification = endpoint.verifier().begin(endpoint.verifier().sign(""));

    endpoint
        .verifier()
        .replace_keys(AppSecret::new(PREVIOUS_SECRET).unwrap());

    under_way.push("}").unwrap();
    assert!(under_way.finish().is_ok());
    assert!(verification.finish().is_ok());

    let old = Verifier::new(AppSecret::new(SECRET).unwrap())
        .sign("{}")
        .to_string();
    assert_eq!(
        kind(endpoint.verifier().verify(old, "{}")),
        Some(RejectionKind::SignatureMismatch)
    );
}

#[test]
fn endpoint_clones_see_replaced_key_ring() {
    let endpoint = endpoint().build().unwrap();
    let clone = endpoint.clone();
    endpoint
        .verifier()
        .replace_keys(AppSecret::new(PREVIOUS_SECRET).unwrap());
    let signature = endpoint.verifier().sign("{}").to_string();
    assert!(clone.verifier().verify(signature, "{}").is_ok());
}

#[test]
fn replacing_key_rings_rejects_no_genuine_request() {
    let verifier = Verifier::new(ring(&[("current", SECRET), ("previous", PREVIOUS_SECRET)]));
    let signatures = [SECRET, PREVIOUS_SECRET].map(|secret| {
        Verifier::new(AppSecret::new(secret).unwrap())
            .sign("{}")
            .to_string()
    });
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for signature in &signatures {
            let (verifier, done) = (verifier.clone(), &done);
            scope.spawn(move || {
                let mut count = 0_u32;
                while !done.load(Ordering::Relaxed) || count < 1_000 {
                    assert!(verifier.verify(signature, "{}").is_ok());
                    count += 1;
                }
            });
        }
        for _ in 0..500 {
            verifier.replace_keys(ring(&[("new", PREVIOUS_SECRET), ("old", SECRET)]));
            verifier.replace_keys(ring(&[("old", SECRET), ("new", PREVIOUS_SECRET)]));
        }
        done.store(true, Ordering::Relaxed);
    });
}
