//! The attack suite itself, and the endpoint alone under the attack suite.

mod mistakes;

use std::{collections::HashSet, time::Duration};

use hubseal::{
    Admitted, Challenge, Endpoint, PayloadLimit, Rejection, RequestHead, Signature,
    SignatureFailureStatus,
    testing::{Answer, Case, Expected, Request, Sending, Target, attack_suite},
};

use crate::common::{endpoint, secret, token};

pub(crate) fn cases() -> Vec<Case> {
    let (secret, token) = (secret(), token());
    attack_suite(&Target::new("/webhook", &secret, &token))
}

#[test]
fn has_at_least_60_attacks_and_15_genuine_requests() {
    let cases = cases();
    let labels: HashSet<_> = cases.iter().map(|case| case.label).collect();
    assert_eq!(labels.len(), cases.len(), "labels are unique");

    let rejected = cases
        .iter()
        .filter(|case| matches!(case.expected, Expected::Rejected(_)))
        .count();
    let accepted = cases.len() - rejected;
    assert!(rejected >= 60, "{rejected} attacks");
    assert!(accepted >= 15, "{accepted} genuine requests");
}

/// Passes a request to the endpoint in the way of a transport.
pub(crate) fn submit(
    endpoint: &Endpoint,
    request: &Request,
) -> Result<Option<Challenge>, Rejection> {
    let (_, query) = request.target.split_once('?').unwrap_or_default();
    let head = RequestHead::new(&request.method, request.headers.as_slice()).query(query);
    let mut body_verifier = match endpoint.admit(&head)? {
        Admitted::Handshake(challenge) => return Ok(Some(challenge)),
        Admitted::Delivery(body_verifier) => body_verifier,
    };
    let size = match request.sending {
        Sending::Pieces { size, .. } | Sending::Chunked { size } => size,
        Sending::Stalled { after } => {
            body_verifier.push(request.body.slice(..after))?;
            return Err(body_verifier.deadline_passed());
        }
        Sending::CutShort { after } => {
            body_verifier.push(request.body.slice(..after))?;
            return Err(body_verifier.body_failed("cut short"));
        }
        _ => usize::MAX,
    };
    for chunk in request.body.chunks(size) {
        body_verifier.push(chunk.to_vec())?;
    }
    let verified = body_verifier.finish()?;
    assert_eq!(verified.into_inner(), request.body);
    Ok(None)
}

fn outcome(endpoint: &Endpoint, request: &Request) -> Expected {
    match submit(endpoint, request) {
        Ok(Some(challenge)) => Expected::Challenge(challenge.as_str().to_owned()),
        Ok(None) => Expected::Verified,
        Err(rejection) => Expected::Rejected(rejection.kind()),
    }
}

/// Whether the rejection depends on elapsed time.
fn needs_clock(case: &Case) -> bool {
    case.label == "dribbling past the deadline"
}

pub(crate) fn assert_passes(endpoint: &Endpoint, cases: Vec<Case>) {
    let limit = endpoint.payload_limit().bytes();
    for case in cases {
        let reached = outcome(endpoint, &case.request);
        assert!(
            reached == case.expected || needs_clock(&case),
            "{}, with a limit of {limit} bytes: {reached:?}",
            case.label
        );
    }
}

#[test]
fn endpoint_alone_passes_attack_suite() {
    assert_passes(&endpoint().build().unwrap(), cases());
}

#[test]
fn attack_suite_adapts_to_payload_limit() {
    let (secret, token) = (secret(), token());
    for (limit, least) in [
        (1, 128 * 1024),
        (128 * 1024, 128 * 1024),
        (200_000, 200_000),
        (5_000_000, 5_000_000),
    ] {
        let target = Target::new("/", &secret, &token).payload_limit(PayloadLimit::new(limit));
        let endpoint = endpoint()
            .payload_limit(PayloadLimit::new(least))
            .build()
            .unwrap();
        assert_passes(&endpoint, attack_suite(&target));
    }
}

#[test]
fn attack_suite_adapts_to_read_deadline() {
    let (secret, token) = (secret(), token());
    for deadline in [Duration::from_millis(500), Duration::from_secs(60)] {
        let target = Target::new("/", &secret, &token).read_deadline(deadline);
        let cases = attack_suite(&target);
        let takes = |label| {
            let case = cases.iter().find(|case| case.label == label).unwrap();
            let Sending::Pieces { size, pause } = case.request.sending else {
                panic!("{label}: sent at once");
            };
            let chunks = case.request.body.len().div_ceil(size);
            pause * u32::try_from(chunks - 1).unwrap()
        };
        assert!(takes("slow but in time") < deadline / 2);
        assert!(takes("dribbling past the deadline") > deadline * 2);
    }
}

#[test]
fn flipped_signatures_differ_in_one_bit() {
    let cases = cases();
    let signature = |label| {
        let case = cases.iter().find(|case| case.label == label).unwrap();
        let (_, value) = case.request.headers.last().unwrap();
        *Signature::parse(value).unwrap().as_bytes()
    };
    for (label, at, bit) in [("first bit flipped", 0, 0x80), ("last bit flipped", 31, 1)] {
        let mut tag = signature("genuine text message");
        tag[at] ^= bit;
        assert_eq!(signature(label), tag, "{label}");
    }
}

#[test]
fn flows_endpoint_answers_432_to_signature_failures_only() {
    let endpoint = endpoint()
        .signature_failure_status(SignatureFailureStatus::Flows)
        .build()
        .unwrap();
    for Case {
        label,
        request,
        expected,
        ..
    } in cases()
    {
        let Expected::Rejected(kind) = expected else {
            continue;
        };
        if let Err(rejection) = submit(&endpoint, &request) {
            let expected = if kind.status() == 401 {
                432
            } else {
                kind.status()
            };
            assert_eq!(rejection.status(), expected, "{label}");
            assert_eq!(rejection.reply().status(), expected, "{label}");
        }
    }
}

#[test]
fn rejections_reveal_no_request_or_signature_bytes() {
    let endpoint = endpoint().build().unwrap();
    let expected = endpoint
        .verifier()
        .sign(hubseal::testing::sample::text_message())
        .to_string();
    for Case { label, request, .. } in cases() {
        let Err(rejection) = submit(&endpoint, &request) else {
            continue;
        };
        let shown = format!("{rejection} {rejection:?} {:?}", rejection.reply());
        assert!(!shown.contains(&expected[7..23]), "{label}");
        for (name, value) in &request.headers {
            let value = String::from_utf8_lossy(value);
            let secretive = name.eq_ignore_ascii_case("x-hub-signature-256") && value.len() > 8;
            assert!(!(secretive && shown.contains(&*value)), "{label}");
        }
        assert!(rejection.reply().body().is_empty(), "{label}");
    }
}

#[test]
fn accepts_any_number_of_retry_after_seconds() {
    let (secret, token) = (secret(), token());
    let mut case = attack_suite(&Target::new("/", &secret, &token)).remove(0);
    case.expected = Expected::Rejected(hubseal::RejectionKind::BudgetExhausted);
    let answered = |seconds: &str| Answer {
        status: 503,
        headers: vec![("retry-after".to_owned(), seconds.to_owned())],
        body: Vec::new(),
        continued: false,
    };
    assert!(case.check(&answered("10")).is_ok());
    assert!(case.check(&answered("75")).is_ok());
    assert!(case.check(&answered("soon")).is_err());
}
