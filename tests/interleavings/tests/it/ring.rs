//! Replacement of key rings during active requests.

use hubseal::{Endpoint, Verifier, VerifyToken};
use loom::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crate::explore::{every_interleaving, receive, ring, signed};

const OLD: [&str; 2] = ["old-first", "old-second"];
const NEW: [&str; 2] = ["new-first", "new-second"];

#[test]
fn each_verification_uses_one_ring_and_never_an_older_one() {
    every_interleaving(|| {
        let verifier = Verifier::new(ring(OLD));
        let replaced = verifier.clone();
        let replacing = thread::spawn(move || replaced.replace_keys(ring(NEW)));

        let mut is_new = false;
        for _ in 0..2 {
            let names: Vec<_> = verifier
                .keys()
                .names()
                .map(|name| name.to_string())
                .collect();
            assert!(names == NEW || names == OLD && !is_new, "{names:?}");
            is_new = names == NEW;
        }
        let by_the_old = verifier.verify(signed(OLD[1], b"{}"), "{}").is_ok();
        assert!(!(is_new && by_the_old), "used the old ring again");
        let by_the_new = verifier.verify(signed(NEW[1], b"{}"), "{}").is_ok();
        assert!(by_the_old || by_the_new, "a mix of both rings");

        replacing.join().unwrap();
        assert!(verifier.verify(signed(OLD[1], b"{}"), "{}").is_err());
        assert!(verifier.verify(signed(NEW[1], b"{}"), "{}").is_ok());
    });
}

#[test]
fn verification_after_replacement_uses_new_ring() {
    every_interleaving(|| {
        let verifier = Verifier::new(ring(OLD));
        let done = Arc::new(AtomicBool::new(false));
        let (replaced, said) = (verifier.clone(), Arc::clone(&done));
        let replacing = thread::spawn(move || {
            replaced.replace_keys(ring(NEW));
            said.store(true, Ordering::Release);
        });

        if done.load(Ordering::Acquire) {
            assert!(verifier.verify(signed(OLD[0], b"{}"), "{}").is_err());
            assert!(verifier.verify(signed(NEW[0], b"{}"), "{}").is_ok());
        }
        replacing.join().unwrap();
    });
}

#[test]
fn active_requests_keep_and_finally_drop_their_ring() {
    every_interleaving(|| {
        let endpoint = Endpoint::builder(ring(OLD)).build().unwrap();
        let old = endpoint.verifier().keys();
        let mut body_verifier = receive(&endpoint, &signed(OLD[1], b"{}"));
        let signature = endpoint.verifier().scheme().parse(signed(OLD[0], b"{}"));
        let mut verification = endpoint.verifier().begin(signature.unwrap());

        let replaced = endpoint.verifier().clone();
        let replacing = thread::spawn(move || replaced.replace_keys(ring(NEW)));
        let verifying = thread::spawn(move || {
            verification.update("{}");
            assert_eq!(verification.finish().unwrap().as_str(), OLD[0]);
        });
        body_verifier.push("{").unwrap();
        body_verifier.push("}").unwrap();
        assert!(Arc::strong_count(&old) >= 2, "freed during a request");
        assert_eq!(body_verifier.finish().unwrap().key().as_str(), OLD[1]);

        verifying.join().unwrap();
        replacing.join().unwrap();
        assert_eq!(OLD.map(|name| old.match_count(name)), [Some(1); 2]);
        assert_eq!(Arc::strong_count(&old), 1, "held by this test only");
    });
}

#[test]
fn match_count_loses_no_match() {
    every_interleaving(|| {
        let verifier = Verifier::new(ring(OLD));
        let threads = [(); 2].map(|()| {
            let verifier = verifier.clone();
            thread::spawn(move || {
                assert!(verifier.verify(signed(OLD[1], b"{}"), "{}").is_ok());
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(verifier.keys().match_count(OLD[1]), Some(2));
        assert_eq!(verifier.keys().match_count(OLD[0]), Some(0));
    });
}

/// Returns the name of the key that verifies a delivery signed with `kept`.
fn key_of_kept(verifier: &Verifier) -> String {
    let delivery = verifier.verify(signed("kept", b"{}"), "{}");
    delivery.unwrap().key().to_string()
}

#[test]
fn shared_key_always_matches_and_is_counted_once() {
    every_interleaving(|| {
        let verifier = Verifier::new(ring(["kept", "old-second"]));
        let old = verifier.keys();
        let replaced = verifier.clone();
        let replacing = thread::spawn(move || replaced.replace_keys(ring(["new-first", "kept"])));
        let verifying = {
            let verifier = verifier.clone();
            thread::spawn(move || {
                assert_eq!(key_of_kept(&verifier), "kept");
            })
        };
        assert_eq!(key_of_kept(&verifier), "kept");

        replacing.join().unwrap();
        verifying.join().unwrap();
        let uses = [old.match_count("kept"), verifier.keys().match_count("kept")];
        assert_eq!(uses, [Some(2); 2], "both rings share the count");
    });
}

#[test]
fn concurrent_replacements_keep_one_count() {
    every_interleaving(|| {
        let verifier = Verifier::new(ring(["kept", "old-second"]));
        let threads = ["one", "other"].map(|other| {
            let verifier = verifier.clone();
            thread::spawn(move || {
                verifier.replace_keys(ring([other, "kept"]));
                assert_eq!(key_of_kept(&verifier), "kept");
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(verifier.keys().match_count("kept"), Some(2));
    });
}

#[test]
fn handshake_uses_old_or_new_tokens_and_never_older_ones() {
    every_interleaving(|| {
        let token = |name: &str| VerifyToken::new(format!("token-{name}")).unwrap();
        let query =
            |name| format!("hub.mode=subscribe&hub.challenge=7&hub.verify_token=token-{name}");
        let endpoint = Endpoint::builder(ring(OLD)).verify_token(token("old"));
        let endpoint = endpoint.build().unwrap();
        let replaced = endpoint.clone();
        let replacing = thread::spawn(move || replaced.replace_verify_tokens([token("new")]));

        let is_new = endpoint.handshake(query("new")).is_ok();
        let by_the_old = endpoint.handshake(query("old")).is_ok();
        assert!(!(is_new && by_the_old), "used the old tokens again");

        replacing.join().unwrap();
        assert!(endpoint.handshake(query("new")).is_ok());
        assert!(endpoint.handshake(query("old")).is_err());
    });
}

#[test]
fn concurrent_replacements_leave_one_complete_ring() {
    every_interleaving(|| {
        let verifier = Verifier::new(ring(OLD));
        let old = verifier.keys();
        let replacing = [NEW, ["other-first", "other-second"]].map(|secrets| {
            let verifier = verifier.clone();
            thread::spawn(move || verifier.replace_keys(ring(secrets)))
        });
        for thread in replacing {
            thread.join().unwrap();
        }
        let names: Vec<_> = verifier
            .keys()
            .names()
            .map(|name| name.to_string())
            .collect();
        assert!(names == NEW || names == ["other-first", "other-second"]);
        assert_eq!(Arc::strong_count(&old), 1, "held by this test only");
    });
}
