//! Every request is reported to the observers exactly once.

#[cfg(all(feature = "replay", feature = "tower"))]
mod replay;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
    time::Duration,
};

use hubseal::{
    ConfigError, End, Endpoint, EndpointBuilder, HeaderLookup, MemoryBudget, Outcome, PayloadLimit,
    RejectionKind, RequestHead, VerifyToken,
};

use crate::common::{endpoint, receive};

/// The end and the body bytes of each outcome.
#[derive(Clone, Default)]
pub(crate) struct Record(Arc<Mutex<Vec<(End, u64)>>>);

impl Record {
    pub(crate) fn observe(&self) -> impl Fn(&Outcome<'_>) + Send + Sync + use<> {
        let record = self.clone();
        move |outcome: &Outcome<'_>| {
            record
                .0
                .lock()
                .unwrap()
                .push((outcome.end(), outcome.body_bytes()));
        }
    }

    /// Returns the number of outcomes since the last call of `take`.
    #[cfg(feature = "full")]
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Returns the outcomes since the last call.
    pub(crate) fn take(&self) -> Vec<(End, u64)> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

pub(crate) fn observed(builder: EndpointBuilder) -> (Endpoint, Record) {
    let record = Record::default();
    let endpoint = builder.add_observer(record.observe()).build().unwrap();
    (endpoint, record)
}

fn rejected(kind: RejectionKind) -> End {
    End::Rejected(kind)
}

#[track_caller]
fn assert_verified(outcomes: &[(End, u64)], bytes: u64) {
    match outcomes {
        [
            (
                end @ End::Verified {
                    key,
                    replay_unchecked: false,
                },
                body_bytes,
            ),
        ] => {
            assert_eq!((end.as_str(), &*end.to_string()), ("verified", "verified"));
            assert_eq!((key.as_str(), *body_bytes), ("current", bytes));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn reports_verified_delivery_once() {
    let (endpoint, record) = observed(endpoint());

    // In one chunk, with and without a declared length.
    let mut verifier = receive(&endpoint, b"{}", &[("content-length", "2")]).unwrap();
    verifier.push("{}").unwrap();
    assert_eq!(record.take(), [], "the verdict is not returned yet");
    let body = verifier.finish().unwrap();
    assert_verified(&record.take(), 2);
    drop(body);
    receive(&endpoint, b"{}", &[])
        .unwrap()
        .finish_with("{}")
        .unwrap();
    assert_verified(&record.take(), 2);

    // In several chunks, and empty.
    let mut verifier = receive(&endpoint, b"{ }", &[]).unwrap();
    for chunk in ["{", " ", "}"] {
        verifier.push(chunk).unwrap();
    }
    verifier.finish().unwrap();
    assert_verified(&record.take(), 3);
    receive(&endpoint, b"", &[])
        .unwrap()
        .finish_without_body()
        .unwrap();
    assert_verified(&record.take(), 0);
}

type Headers<'a> = &'a [(&'a str, &'a str)];

#[test]
fn reports_rejected_head_once() {
    let (endpoint, record) = observed(endpoint());
    let signature = endpoint.verifier().sign("{}").to_string();
    let signed = ("x-hub-signature-256", &*signature);
    let heads: [(&str, Headers<'_>, RejectionKind); 7] = [
        ("PUT", &[], RejectionKind::MethodNotAllowed),
        ("POST", &[], RejectionKind::SignatureMissing),
        ("POST", &[signed, signed], RejectionKind::SignatureRepeated),
        (
            "POST",
            &[("x-hub-signature-256", "sha1=")],
            RejectionKind::SignatureMalformed,
        ),
        (
            "POST",
            &[signed, ("content-encoding", "gzip")],
            RejectionKind::ContentEncoded,
        ),
        (
            "POST",
            &[signed, ("content-length", "-1")],
            RejectionKind::LengthMismatch,
        ),
        (
            "POST",
            &[signed, ("content-length", "9999999999")],
            RejectionKind::PayloadTooLarge,
        ),
    ];
    for (method, headers, kind) in heads {
        assert!(endpoint.admit(&RequestHead::new(method, headers)).is_err());
        assert_eq!(record.take(), [(rejected(kind), 0)]);
    }
}

#[test]
fn reports_handshake_once() {
    let token = VerifyToken::new("correct-horse").unwrap();
    let (endpoint, record) = observed(endpoint().verify_token(token));
    let headers: [(&str, &str); 0] = [];
    for (query, end) in [
        (
            "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse",
            End::Handshake,
        ),
        (
            "hub.mode=subscribe&hub.challenge=7&hub.verify_token=wrong-horse",
            rejected(RejectionKind::HandshakeRejected),
        ),
        ("", rejected(RejectionKind::HandshakeMalformed)),
    ] {
        let _ = endpoint.admit(&RequestHead::new("GET", &headers).query(query));
        assert_eq!(record.take(), [(end, 0)]);
        let _ = endpoint.handshake(query);
        assert_eq!(record.take(), [(end, 0)]);
    }
}

#[test]
fn reports_rejected_body_once() {
    let (endpoint, record) = observed(
        endpoint()
            .payload_limit(PayloadLimit::new(100_000))
            .memory_budget(MemoryBudget::new(200_000)),
    );
    let begin = |headers: &[(&str, &str)]| receive(&endpoint, b"{}", headers).unwrap();

    // Further calls return the same rejection and report nothing.
    let mut verifier = begin(&[("content-length", "2")]);
    assert!(verifier.push("[]").is_err());
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::SignatureMismatch), 2)]
    );
    assert!(verifier.push("{}").is_err());
    assert!(verifier.finish().is_err());
    assert_eq!(record.take(), []);

    assert!(begin(&[]).finish_with("[]").is_err());
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::SignatureMismatch), 2)]
    );

    assert!(begin(&[]).push(vec![0; 100_001]).is_err());
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::PayloadTooLarge), 100_001)]
    );

    let mut verifier = begin(&[("content-length", "4")]);
    verifier.push("{}").unwrap();
    assert!(verifier.finish().is_err());
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::LengthMismatch), 2)]
    );

    // More bytes than declared, after the declared ones have been verified.
    let mut verifier = begin(&[("content-length", "2")]);
    verifier.push("{}").unwrap();
    assert!(verifier.push("{}").is_err());
    drop(verifier);
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::LengthMismatch), 4)]
    );

    let mut large = begin(&[]);
    large.push(vec![0; 90_000]).unwrap();
    assert!(begin(&[]).push(vec![0; 90_000]).is_err());
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::BudgetExhausted), 90_000)]
    );

    assert_eq!(large.deadline_passed().status(), 408);
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::DeadlinePassed), 90_000)]
    );

    assert_eq!(begin(&[]).body_failed("connection reset").status(), 400);
    assert_eq!(
        record.take(),
        [(rejected(RejectionKind::BodyUnreadable), 0)]
    );

    assert!(
        begin(&[("content-length", "2")])
            .finish_without_body()
            .is_err()
    );
    assert_eq!(record.take(), [(rejected(RejectionKind::NotConfigured), 0)]);
}

/// Begins a delivery, and panics like a server that reads its body.
#[track_caller]
fn panic_while_reading(endpoint: &Endpoint) {
    let verifier = receive(endpoint, b"{}", &[]).unwrap();
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _verifier = verifier;
        panic!("the server panics");
    }));
    assert!(unwound.is_err());
}

#[test]
fn reports_dropped_body_as_abandoned() {
    let (endpoint, record) = observed(endpoint());
    drop(receive(&endpoint, b"{}", &[]).unwrap());
    assert_eq!(record.take(), [(End::Abandoned, 0)]);

    let mut verifier = receive(&endpoint, b"{}", &[]).unwrap();
    verifier.push("{").unwrap();
    drop(verifier);
    assert_eq!(record.take(), [(End::Abandoned, 1)]);

    // A panic of the server while it reads the body.
    panic_while_reading(&endpoint);
    assert_eq!(record.take(), [(End::Abandoned, 0)]);
}

#[test]
fn reports_request_whose_headers_panic() {
    struct Panics;

    impl HeaderLookup for Panics {
        fn values<'a>(&'a self, _: &'a str) -> impl Iterator<Item = &'a [u8]> {
            std::iter::from_fn(|| panic!("the lookup panics"))
        }
    }

    let (endpoint, record) = observed(endpoint());
    let head = RequestHead::new("POST", &Panics);
    assert!(catch_unwind(AssertUnwindSafe(|| endpoint.admit(&head).is_ok())).is_err());
    assert_eq!(record.take(), [(End::Abandoned, 0)]);
}

#[test]
fn panicking_observer_harms_no_request() {
    let record = Record::default();
    let endpoint = endpoint()
        .add_observer(|_: &Outcome<'_>| panic!("the observer panics"))
        .add_observer(record.observe())
        .build()
        .unwrap();
    receive(&endpoint, b"{}", &[])
        .unwrap()
        .finish_with("{}")
        .unwrap();
    assert_verified(&record.take(), 2);

    // Also while the server unwinds.
    panic_while_reading(&endpoint);
    assert_eq!(record.take(), [(End::Abandoned, 0)]);
}

#[test]
fn panic_payload_whose_drop_panics_harms_no_request() {
    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("the payload panics");
        }
    }

    let endpoint = endpoint()
        .add_observer(|_: &Outcome<'_>| std::panic::panic_any(Bomb))
        .build()
        .unwrap();
    receive(&endpoint, b"{}", &[])
        .unwrap()
        .finish_with("{}")
        .unwrap();
}

#[test]
fn outcome_has_name_source_and_elapsed_time() {
    let told = Arc::new(Mutex::new(None));
    let observed = Arc::clone(&told);
    let endpoint = endpoint()
        .name("whatsapp.v2")
        .add_observer(move |outcome: &Outcome<'_>| {
            *observed.lock().unwrap() = Some((
                format!("{outcome:?}"),
                outcome.endpoint().to_owned(),
                outcome.source(),
                outcome.elapsed(),
            ));
        })
        .build()
        .unwrap();
    let headers = [(
        "x-hub-signature-256",
        endpoint.verifier().sign("{}").to_string(),
    )];
    let head = RequestHead::new("POST", &headers).peer([192, 0, 2, 1].into());
    let verifier = endpoint.receive(&head).unwrap();
    std::thread::sleep(Duration::from_millis(5));
    verifier.finish_with("{}").unwrap();

    let (debug, name, source, elapsed) = told.lock().unwrap().take().unwrap();
    // Without the source, which is personal data.
    let end = r#"Verified { key: "current", replay_unchecked: false }"#;
    let start =
        format!(r#"Outcome {{ endpoint: "whatsapp.v2", end: {end}, body_bytes: 2, elapsed: Some("#);
    assert!(
        debug.starts_with(&start) && debug.ends_with("), report_only: None, .. }"),
        "{debug}"
    );
    assert!(!debug.contains("192.0.2.1"), "{debug}");
    assert_eq!(
        (&*name, source),
        ("whatsapp.v2", Some([192, 0, 2, 1].into()))
    );
    assert!(elapsed.unwrap() >= Duration::from_millis(5));
    assert!(elapsed.unwrap() < Duration::from_secs(60));

    // The handshake has a source too.
    let head = RequestHead::new("GET", &headers).peer([192, 0, 2, 2].into());
    assert!(endpoint.admit(&head).is_err());
    assert_eq!(
        told.lock().unwrap().take().unwrap().2,
        Some([192, 0, 2, 2].into())
    );
}

#[test]
fn refuses_invalid_endpoint_name() {
    for name in ["", "whats app", "a\"b", "naïve", &"x".repeat(33)] {
        assert_eq!(
            endpoint().name(name).build().err(),
            Some(ConfigError::NameInvalid),
            "{name}"
        );
    }
    let longest = "x".repeat(32);
    assert_eq!(endpoint().name(&longest).build().unwrap().name(), longest);
    assert_eq!(endpoint().build().unwrap().name(), Endpoint::DEFAULT_NAME);
}

#[test]
fn end_has_a_name_and_a_sentence() {
    let rejected = rejected(RejectionKind::SignatureMismatch);
    for (end, name, sentence) in [
        (End::Handshake, "handshake", "handshake answered"),
        (End::Abandoned, "abandoned", "abandoned before the result"),
        (
            rejected,
            "rejected",
            "rejected: signature matches no configured key",
        ),
    ] {
        assert_eq!((end.as_str(), &*end.to_string()), (name, sentence));
    }
    assert_eq!(
        rejected.rejection_kind(),
        Some(RejectionKind::SignatureMismatch)
    );
    assert_eq!(End::Abandoned.rejection_kind(), None);
}

#[test]
fn body_is_freed_before_it_is_reported() {
    let budget = MemoryBudget::new(8 << 20);
    let available = Arc::new(Mutex::new(Vec::new()));
    let (seen, observed) = (budget.clone(), Arc::clone(&available));
    let endpoint = endpoint()
        .memory_budget(budget.clone())
        .add_observer(move |_: &Outcome<'_>| observed.lock().unwrap().push(seen.available()))
        .build()
        .unwrap();
    let begin = || {
        let declared = [("content-length", "2000000")];
        let mut verifier = receive(&endpoint, b"", &declared).unwrap();
        verifier.push(vec![0; 1 << 20]).unwrap();
        assert!(budget.available() < 8 << 20);
        verifier
    };
    drop(begin());
    let _ = begin().deadline_passed();
    let _ = begin().body_failed("reset");
    assert!(begin().finish().is_err());
    assert!(begin().push(vec![0; 1 << 20]).is_err());
    assert_eq!(*available.lock().unwrap(), [8 << 20; 5]);
}
