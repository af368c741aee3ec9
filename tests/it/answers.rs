//! What is answered: statuses, headers, bodies, and the words for a log.

use std::{error::Error, time::Duration};

use hubseal::{
    AppSecret, Challenge, Handshake, MemoryBudget, PayloadLimit, Rejection, RejectionKind, Reply,
    RequestHead, Scheme, SignatureFailureStatus, Verifier,
};

use crate::common::{PREVIOUS_SECRET, endpoint, receive, secret, token};

const TABLE: [(RejectionKind, &str, u16); 15] = [
    (RejectionKind::LengthMismatch, "length_mismatch", 400),
    (RejectionKind::BodyUnreadable, "body_unreadable", 400),
    (RejectionKind::SignatureMissing, "signature_missing", 401),
    (RejectionKind::SignatureRepeated, "signature_repeated", 401),
    (
        RejectionKind::SignatureMalformed,
        "signature_malformed",
        401,
    ),
    (RejectionKind::SignatureMismatch, "signature_mismatch", 401),
    (
        RejectionKind::HandshakeMalformed,
        "handshake_malformed",
        403,
    ),
    (RejectionKind::HandshakeRejected, "handshake_rejected", 403),
    (RejectionKind::MethodNotAllowed, "method_not_allowed", 405),
    (RejectionKind::DeadlinePassed, "deadline_passed", 408),
    (RejectionKind::PayloadTooLarge, "payload_too_large", 413),
    (RejectionKind::ContentEncoded, "content_encoded", 415),
    (RejectionKind::JsonMismatch, "json_mismatch", 422),
    (RejectionKind::NotConfigured, "not_configured", 500),
    (RejectionKind::BudgetExhausted, "budget_exhausted", 503),
];

/// Status, headers and body.
type Answer<'a> = (u16, Vec<(&'static str, &'a str)>, &'a [u8]);

fn answer(reply: &Reply) -> Answer<'_> {
    (reply.status(), reply.headers().collect(), reply.body())
}

const EMPTY: (&str, &str) = ("content-length", "0");

fn refused<T>(outcome: Result<T, Rejection>) -> Rejection {
    outcome.err().expect("it was to be refused")
}

fn challenge() -> Challenge {
    let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%2Btoken/of+these+tests";
    Handshake::new([token()]).answer(query).unwrap()
}

#[test]
fn every_reason_has_its_status_and_its_name() {
    for (kind, name, status) in TABLE {
        assert_eq!((kind.as_str(), kind.status()), (name, status));
    }
}

#[test]
fn a_refusal_says_its_status_and_nothing_else() {
    let refusal = refused(Scheme::META.parse("sha256="));
    assert_eq!(answer(&refusal.reply()), (401, vec![EMPTY], &b""[..]));
}

#[test]
fn another_method_is_told_which_ones_there_are() {
    let headers: [(&str, &str); 0] = [];
    let refusal = refused(
        endpoint()
            .build()
            .unwrap()
            .admit(&RequestHead::new("PUT", &headers)),
    );
    let allow = vec![EMPTY, ("allow", "GET, POST")];
    assert_eq!(answer(&refusal.reply()), (405, allow, &b""[..]));
}

#[test]
fn retry_after_is_the_read_deadline_in_whole_seconds() {
    for (milliseconds, seconds) in [
        (1, "1"),
        (999, "1"),
        (1_000, "1"),
        (1_001, "2"),
        (75_000, "75"),
    ] {
        let endpoint = endpoint()
            .payload_limit(PayloadLimit::new(1_000))
            .memory_budget(MemoryBudget::new(2_000))
            .read_deadline(Duration::from_millis(milliseconds))
            .build()
            .unwrap();
        let hold = || {
            let mut body_verifier = receive(&endpoint, b"", &[]).unwrap();
            body_verifier.push(vec![0; 1_000]).map(|()| body_verifier)
        };
        let _held = (hold().unwrap(), hold().unwrap());
        let rejection = refused(hold());
        let expected = (503, vec![EMPTY, ("retry-after", seconds)], &b""[..]);
        assert_eq!(answer(&rejection.reply()), expected);
    }
}

#[test]
fn a_broken_body_keeps_its_cause_which_is_not_printed() {
    let endpoint = endpoint().build().unwrap();
    let body_verifier = receive(&endpoint, b"", &[]).unwrap();
    let rejection = body_verifier.body_failed(std::io::Error::other("connection lost"));
    let cause = rejection.source().expect("a cause");
    assert_eq!(cause.to_string(), "connection lost");
    assert!(!format!("{rejection} {rejection:?}").contains("lost"));
    assert!(format!("{rejection:?}").ends_with("cause: Some(..) }"));
    let other = receive(&endpoint, b"", &[]).unwrap().body_failed("reset");
    assert_eq!(rejection, other, "compared without the cause");
    let late = receive(&endpoint, b"", &[]).unwrap().deadline_passed();
    assert_ne!(rejection, late);
}

#[test]
fn a_challenge_is_answered_as_text_that_no_browser_takes_for_a_page() {
    let challenge = challenge();
    assert_eq!(challenge.as_str(), "1158201444");
    let headers = vec![
        ("content-length", "10"),
        ("content-type", "text/plain; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
    ];
    let expected: Answer = (200, headers, b"1158201444");
    assert_eq!(answer(&challenge.reply()), expected);
}

#[test]
fn a_flows_endpoint_answers_432_to_a_signature_at_fault() {
    let flows = endpoint()
        .signature_failure_status(SignatureFailureStatus::Flows)
        .payload_limit(PayloadLimit::new(1))
        .build()
        .unwrap();
    let headers: [(&str, &str); 0] = [];
    let unsigned = refused(flows.receive(&RequestHead::new("POST", &headers)));
    assert_eq!((unsigned.status(), unsigned.reply().status()), (432, 432));
    let large = refused(receive(&flows, b"", &[("content-length", "2")]));
    assert_eq!((large.status(), large.reply().status()), (413, 413));
}

#[test]
fn an_answer_in_words_begins_with_the_reason() {
    for (kind, ..) in TABLE {
        assert!(!kind.to_string().is_empty(), "{kind:?}");
    }
    let refusal = refused(Scheme::META.parse("sha256="));
    assert_eq!(
        refusal.to_string(),
        RejectionKind::SignatureMalformed.to_string()
    );
}

#[test]
fn the_schemes_are_told_apart_by_their_names_and_share_a_header() {
    for (scheme, name) in [(Scheme::META, "meta"), (Scheme::GITHUB, "github")] {
        assert_eq!(
            (scheme.name(), scheme.header()),
            (name, "x-hub-signature-256")
        );
        let verifier = Verifier::new(secret()).with_scheme(scheme);
        assert_eq!(verifier.scheme().name(), name);
        let endpoint = endpoint().scheme(scheme).build().unwrap();
        assert_eq!(endpoint.verifier().scheme().name(), name);
    }
}

#[cfg(feature = "json")]
#[test]
fn json_is_parsed_under_its_proof_and_a_mismatch_is_placed_but_not_shown() {
    let former = AppSecret::new(PREVIOUS_SECRET).unwrap();
    let ring = hubseal::KeyRing::new([("mine", secret()), ("former", former)]).unwrap();
    let verifier = Verifier::new(ring);
    let former = Verifier::new(AppSecret::new(PREVIOUS_SECRET).unwrap());
    let verify = |body: &'static str| {
        let signature = former.sign(body).to_string();
        verifier.verify(signature, body).unwrap()
    };
    let numbers = verify("[1, 2, 3]");
    let numbers = numbers.json::<Vec<u8>>().unwrap();
    assert_eq!(
        (numbers.as_slice(), numbers.key().as_str()),
        (&[1, 2, 3][..], "former")
    );

    let refusal = refused(verify("[1,\n  \"secretive\"]").json::<Vec<u8>>());
    assert_eq!(
        (refusal.kind(), refusal.status()),
        (RejectionKind::JsonMismatch, 422)
    );
    let shown = refusal.to_string();
    assert!(shown.ends_with(", at line 2 column 13"), "{shown}");
    assert!(!format!("{shown} {refusal:?}").contains("secretive"));
}
