//! Status, headers and body of responses, and messages for logs.

use std::{error::Error, time::Duration};

use hubseal::{
    Challenge, Handshake, MemoryBudget, PayloadLimit, Rejection, RejectionKind, Reply, RequestHead,
    Scheme, SignatureFailureStatus, Verifier,
};

use crate::common::{endpoint, receive, secret, token};

const TABLE: [(RejectionKind, &str, u16); 17] = [
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
    (
        RejectionKind::DeliveryInProgress,
        "delivery_in_progress",
        503,
    ),
    (
        RejectionKind::ReplayStoreUnavailable,
        "replay_store_unavailable",
        503,
    ),
    (RejectionKind::BudgetExhausted, "budget_exhausted", 503),
];

/// Status, headers and body.
type Answer<'a> = (u16, Vec<(&'static str, &'a str)>, &'a [u8]);

fn answer(reply: &Reply) -> Answer<'_> {
    (reply.status(), reply.headers().collect(), reply.body())
}

const EMPTY: (&str, &str) = ("content-length", "0");

fn rejection<T>(outcome: Result<T, Rejection>) -> Rejection {
    outcome.err().expect("not rejected")
}

fn challenge() -> Challenge {
    let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%2Btoken/of+these+tests";
    Handshake::new([token()]).answer(query).unwrap()
}

#[test]
fn every_rejection_kind_has_documented_name_and_status() {
    for (kind, name, status) in TABLE {
        assert_eq!((kind.as_str(), kind.status()), (name, status));
    }
}

#[test]
fn rejection_reply_has_status_and_empty_body() {
    let rejection = rejection(Scheme::META.parse("sha256="));
    assert_eq!(answer(&rejection.reply()), (401, vec![EMPTY], &b""[..]));
}

#[test]
fn method_not_allowed_lists_allowed_methods() {
    let headers: [(&str, &str); 0] = [];
    let rejection = rejection(
        endpoint()
            .build()
            .unwrap()
            .admit(&RequestHead::new("PUT", &headers)),
    );
    let allow = vec![EMPTY, ("allow", "GET, POST")];
    assert_eq!(answer(&rejection.reply()), (405, allow, &b""[..]));
}

#[test]
fn retry_after_is_read_deadline_in_seconds() {
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
        let rejection = rejection(hold());
        let expected = (503, vec![EMPTY, ("retry-after", seconds)], &b""[..]);
        assert_eq!(answer(&rejection.reply()), expected);
    }
}

#[test]
fn keeps_cause_of_broken_body_but_does_not_print_it() {
    let endpoint = endpoint().build().unwrap();
    let body_verifier = receive(&endpoint, b"", &[]).unwrap();
    let rejection = body_verifier.body_failed(std::io::Error::other("connection lost"));
    let cause = rejection.source().expect("a cause");
    assert_eq!(cause.to_string(), "connection lost");
    assert!(!format!("{rejection} {rejection:?}").contains("lost"));
    assert!(format!("{rejection:?}").ends_with("cause: Some(..) }"));
    let other = receive(&endpoint, b"", &[]).unwrap().body_failed("reset");
    assert_eq!(rejection, other, "equality ignores the cause");
    let late = receive(&endpoint, b"", &[]).unwrap().deadline_passed();
    assert_ne!(rejection, late);
}

#[test]
fn challenge_response_is_plain_text_with_nosniff() {
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
fn flows_endpoint_answers_432_to_bad_signature() {
    let flows = endpoint()
        .signature_failure_status(SignatureFailureStatus::Flows)
        .payload_limit(PayloadLimit::new(1))
        .build()
        .unwrap();
    let headers: [(&str, &str); 0] = [];
    let unsigned = rejection(flows.receive(&RequestHead::new("POST", &headers)));
    assert_eq!((unsigned.status(), unsigned.reply().status()), (432, 432));
    let large = rejection(receive(&flows, b"", &[("content-length", "2")]));
    assert_eq!((large.status(), large.reply().status()), (413, 413));
}

#[test]
fn rejection_message_starts_with_kind() {
    for (kind, ..) in TABLE {
        assert!(!kind.to_string().is_empty(), "{kind:?}");
    }
    let rejection = rejection(Scheme::META.parse("sha256="));
    assert_eq!(
        rejection.to_string(),
        RejectionKind::SignatureMalformed.to_string()
    );
}

#[test]
fn schemes_have_different_names_and_one_header() {
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
fn json_mismatch_shows_position_but_not_content() {
    use crate::common::PREVIOUS_SECRET;
    use hubseal::AppSecret;

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

    let rejection = rejection(verify("[1,\n  \"secretive\"]").json::<Vec<u8>>());
    assert_eq!(
        (rejection.kind(), rejection.status()),
        (RejectionKind::JsonMismatch, 422)
    );
    let shown = rejection.to_string();
    assert!(shown.ends_with(", at line 2 column 13"), "{shown}");
    assert!(!format!("{shown} {rejection:?}").contains("secretive"));
}
