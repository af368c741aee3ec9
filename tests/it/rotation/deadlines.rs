//! Keys with a deadline.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use hubseal::{
    Endpoint, KeyRing, KeyRingError, RejectionKind, RequestHead, Signature, SignatureFailureStatus,
};

use super::ring;
use crate::{
    common::{PREVIOUS_SECRET, SECRET, endpoint, kind},
    verify_paths::{in_chunks, one_shot, through_endpoint},
};

/// The deadline of these tests, in seconds since 1970.
const DEADLINE: u64 = 1_800_000_000;

pub(super) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A clock that the test sets. It counts how often it is read.
#[derive(Clone, Default)]
pub(super) struct TestClock(Arc<(AtomicU64, AtomicUsize)>);

impl TestClock {
    pub(super) fn set(&self, seconds: u64) {
        self.0.0.store(seconds, Ordering::SeqCst);
    }

    fn reads(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }

    pub(super) fn read(&self) -> impl Fn() -> SystemTime + Send + Sync + use<> {
        let clock = self.clone();
        move || {
            clock.0.1.fetch_add(1, Ordering::SeqCst);
            at(clock.0.0.load(Ordering::SeqCst))
        }
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    Signature::sign(&hubseal::AppSecret::new(secret).unwrap(), body).to_string()
}

/// The outcome of a body in each of the three code paths: the key, or the kind of the rejection.
fn outcomes(endpoint: &Endpoint, secret: &str) -> [Result<String, RejectionKind>; 3] {
    let (header, body) = (sign(secret, b"a body"), b"a body");
    let (header, chunks): (_, [&[u8]; 2]) = (header.as_bytes(), [&body[..1], &body[1..]]);
    [
        one_shot(endpoint, header, body),
        in_chunks(endpoint, header, &chunks),
        through_endpoint(endpoint, header, &chunks),
    ]
    .map(|outcome| outcome.map(|(_, key)| key.to_string()))
}

#[test]
fn key_matches_before_its_deadline_only() {
    const OTHER: &str = "a secret that no ring of this test has";
    let expired = || Err(RejectionKind::KeyExpired);
    let mismatch = || Err(RejectionKind::SignatureMismatch);
    let named = |name: &str| Ok(name.to_owned());
    let two = [("current", SECRET), ("previous", PREVIOUS_SECRET)];
    let twice = [
        ("current", SECRET),
        ("old-name", PREVIOUS_SECRET),
        ("new-name", PREVIOUS_SECRET),
    ];
    for (keys, deadlines, now, signer, expected) in [
        (
            &two[..],
            &["previous"][..],
            DEADLINE - 1,
            PREVIOUS_SECRET,
            named("previous"),
        ),
        (&two, &["previous"], DEADLINE, PREVIOUS_SECRET, expired()),
        (
            &two,
            &["previous"],
            DEADLINE + 1,
            PREVIOUS_SECRET,
            expired(),
        ),
        (&two, &["previous"], DEADLINE + 1, SECRET, named("current")),
        (&two, &["previous"], DEADLINE + 1, OTHER, mismatch()),
        (&two, &["current"], DEADLINE - 1, SECRET, named("current")),
        (&two, &["current"], DEADLINE, SECRET, expired()),
        (
            &two,
            &["current"],
            DEADLINE,
            PREVIOUS_SECRET,
            named("previous"),
        ),
        (&two, &["current", "previous"], DEADLINE, OTHER, mismatch()),
        (
            &two,
            &[],
            u64::from(u32::MAX),
            PREVIOUS_SECRET,
            named("previous"),
        ),
        // The same secret under two names.
        (
            &twice,
            &["old-name"],
            DEADLINE - 1,
            PREVIOUS_SECRET,
            named("old-name"),
        ),
        (
            &twice,
            &["old-name"],
            DEADLINE,
            PREVIOUS_SECRET,
            named("new-name"),
        ),
        (
            &twice,
            &["new-name"],
            DEADLINE,
            PREVIOUS_SECRET,
            named("old-name"),
        ),
        (
            &twice,
            &["old-name", "new-name"],
            DEADLINE,
            PREVIOUS_SECRET,
            expired(),
        ),
    ] {
        let clock = TestClock::default();
        clock.set(now);
        let ring = deadlines.iter().fold(ring(keys), |ring, name| {
            ring.with_deadline(name, at(DEADLINE)).unwrap()
        });
        let endpoint = Endpoint::builder(ring.with_clock(clock.read()))
            .build()
            .unwrap();
        let case = format!("{keys:?} {deadlines:?} {now} {signer}");
        assert_eq!(
            outcomes(&endpoint, signer),
            [(); 3].map(|()| expected.clone()),
            "{case}"
        );
        let ring = endpoint.verifier().keys();
        for name in ring.names() {
            let matched = expected == named(name.as_str());
            let expected = if matched { 3 } else { 0 };
            assert_eq!(ring.match_count(name.as_str()), Some(expected), "{case}");
        }
    }
}

#[test]
fn clock_is_read_only_if_a_key_with_a_deadline_matches() {
    let clock = TestClock::default();
    let ring = ring(&[("current", SECRET), ("previous", PREVIOUS_SECRET)])
        .with_deadline("previous", at(DEADLINE))
        .unwrap();
    let endpoint = Endpoint::builder(ring.with_clock(clock.read()))
        .build()
        .unwrap();
    assert!(outcomes(&endpoint, SECRET).iter().all(Result::is_ok));
    assert!(
        outcomes(&endpoint, "a secret that the ring does not have")
            .iter()
            .all(Result::is_err)
    );
    assert_eq!(clock.reads(), 0);
    assert!(
        outcomes(&endpoint, PREVIOUS_SECRET)
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(clock.reads(), 3);
}

#[test]
fn deadline_is_checked_when_the_body_is_complete() {
    let clock = TestClock::default();
    let ring = ring(&[("previous", PREVIOUS_SECRET)]).with_deadline("previous", at(DEADLINE));
    let ring = ring.unwrap().with_clock(clock.read());
    let endpoint = Endpoint::builder(ring).build().unwrap();
    let signature = sign(PREVIOUS_SECRET, b"{}");
    let headers = [("x-hub-signature-256", &*signature)];
    for (ends, expected) in [
        (DEADLINE - 1, None),
        (DEADLINE, Some(RejectionKind::KeyExpired)),
    ] {
        clock.set(DEADLINE - 5);
        let mut body_verifier = endpoint
            .receive(&RequestHead::new("POST", &headers))
            .unwrap();
        body_verifier.push("{").unwrap();
        let signature = endpoint.verifier().scheme().parse(&signature).unwrap();
        let mut verification = endpoint.verifier().begin(signature);
        verification.update("{}");

        clock.set(ends);
        body_verifier.push("}").unwrap();
        assert_eq!(kind(body_verifier.finish()), expected);
        assert_eq!(kind(verification.finish()), expected);
    }
}

#[test]
fn sender_cannot_tell_expired_key_from_wrong_signature() {
    for status in [
        SignatureFailureStatus::Unauthorized,
        SignatureFailureStatus::Flows,
    ] {
        let endpoint = endpoint().signature_failure_status(status).build().unwrap();
        let ring = ring(&[("previous", PREVIOUS_SECRET)])
            .with_deadline("previous", at(1))
            .unwrap();
        endpoint.verifier().replace_keys(ring);
        let replies = [PREVIOUS_SECRET, SECRET].map(|secret| {
            let headers = [("x-hub-signature-256", sign(secret, b"{}"))];
            let body_verifier = endpoint
                .receive(&RequestHead::new("POST", &headers))
                .unwrap();
            let rejection = body_verifier.finish_with("{}").err().unwrap();
            (rejection.kind(), rejection.reply())
        });
        let [(expired, one), (mismatch, other)] = replies;
        assert_eq!(expired, RejectionKind::KeyExpired);
        assert_eq!(mismatch, RejectionKind::SignatureMismatch);
        assert_eq!(one, other);
    }
    let text = RejectionKind::KeyExpired.to_string();
    assert_eq!(text, "signature matches a key past its deadline");
}

#[test]
fn default_clock_is_that_of_the_system() {
    let hour = Duration::from_secs(3_600);
    for (deadline, expected) in [
        (SystemTime::now() + hour, None),
        (SystemTime::now() - hour, Some(RejectionKind::KeyExpired)),
    ] {
        let ring = ring(&[("app", SECRET)])
            .with_deadline("app", deadline)
            .unwrap();
        let verifier = hubseal::Verifier::new(ring);
        assert_eq!(kind(verifier.verify(sign(SECRET, b"{}"), "{}")), expected);
    }
}

#[test]
fn deadline_of_unknown_name_is_refused() {
    for name in ["Current", "previous", "", "no name at all"] {
        let refused = ring(&[("current", SECRET)]).with_deadline(name, at(DEADLINE));
        assert_eq!(refused.err(), Some(KeyRingError::UnknownName), "{name:?}");
    }
}

#[test]
fn ring_without_limit_holds_many_keys() {
    let secrets = || {
        (0..1_000).map(|app| {
            let secret = hubseal::AppSecret::new(format!("a secret of app {app}")).unwrap();
            (format!("app-{app}"), secret)
        })
    };
    assert_eq!(KeyRing::new(secrets()).err(), Some(KeyRingError::TooMany));
    let endpoint = Endpoint::builder(KeyRing::without_limit(secrets()).unwrap())
        .build()
        .unwrap();
    for app in [0, 8, 999] {
        let expected = [(); 3].map(|()| Ok(format!("app-{app}")));
        assert_eq!(
            outcomes(&endpoint, &format!("a secret of app {app}")),
            expected
        );
    }
    let repeated = KeyRing::without_limit(secrets().chain(secrets().skip(999)));
    assert!(
        matches!(repeated.err(), Some(KeyRingError::DuplicateName(name)) if name.as_str() == "app-999")
    );
    let none: [(&str, hubseal::AppSecret); 0] = [];
    assert_eq!(
        KeyRing::without_limit(none).err(),
        Some(KeyRingError::Empty)
    );
}
