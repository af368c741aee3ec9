//! Key rings with several keys, and their replacement while requests are active.

mod deadlines;
mod files;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use hubseal::{AppSecret, KeyRing, KeyRingError, RejectionKind, Verifier, VerifyToken};

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
fn match_count_of_a_name_goes_on_in_the_next_ring() {
    let verifier = Verifier::new(ring(&[("current", PREVIOUS_SECRET)]));
    let verify = |secret: &str| {
        let signature = Verifier::new(AppSecret::new(secret).unwrap()).sign("{}");
        verifier.verify_signature(&signature, "{}").map(drop)
    };
    let counts = || ["current", "previous"].map(|name| verifier.keys().match_count(name));
    verify(PREVIOUS_SECRET).unwrap();
    let mut under_way = verifier.begin(verifier.sign("{}"));
    under_way.update("{}");

    let rotated = || ring(&[("current", SECRET), ("previous", PREVIOUS_SECRET)]);
    verifier.replace_keys(rotated());
    assert_eq!(counts(), [Some(1), Some(0)]);
    // The request began with the old ring, in which its key was `current`.
    assert_eq!(under_way.finish().unwrap().as_str(), "current");
    assert_eq!(counts(), [Some(2), Some(0)]);
    verify(PREVIOUS_SECRET).unwrap();
    verify(SECRET).unwrap();
    assert_eq!(counts(), [Some(3), Some(1)]);

    verifier.replace_keys(rotated());
    assert_eq!(counts(), [Some(3), Some(1)]);
    // A name that is gone in between starts at zero.
    verifier.replace_keys(ring(&[("current", SECRET)]));
    assert_eq!(counts(), [Some(3), None]);
    verifier.replace_keys(rotated());
    assert_eq!(counts(), [Some(3), Some(0)]);
}

#[test]
fn endpoint_clones_see_replaced_verify_tokens() {
    let endpoint = endpoint().build().unwrap();
    let clone = endpoint.clone();
    let query = |token| format!("hub.mode=subscribe&hub.challenge=7&hub.verify_token={token}");
    let accepts = |token| clone.handshake(query(token)).is_ok();
    endpoint.replace_verify_tokens(["one", "two"].map(|token| VerifyToken::new(token).unwrap()));
    assert_eq!(["one", "two"].map(accepts), [true; 2]);
    let old = clone.handshake(
        "hub.mode=subscribe&hub.challenge=7&hub.verify_token=verify%2Btoken/of+these+tests",
    );
    assert_eq!(kind(old), Some(RejectionKind::HandshakeRejected));
    endpoint.replace_verify_tokens([]);
    assert_eq!(["one", "two"].map(accepts), [false; 2]);
}

#[test]
fn replacing_verify_tokens_rejects_no_accepted_one() {
    let endpoint = endpoint().build().unwrap();
    let token = |name: &str| VerifyToken::new(name).unwrap();
    endpoint.replace_verify_tokens([token("kept")]);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut count = 0_u32;
                while !done.load(Ordering::Relaxed) || count < 1_000 {
                    let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=kept";
                    assert!(endpoint.handshake(query).is_ok());
                    count += 1;
                }
            });
        }
        for _ in 0..500 {
            endpoint.replace_verify_tokens(["kept", "one"].map(token));
            endpoint.replace_verify_tokens(["two", "kept"].map(token));
        }
        done.store(true, Ordering::Relaxed);
    });
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
