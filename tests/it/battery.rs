//! The attack battery itself, and the state machine fed with it by hand.

use std::collections::HashSet;

use hubseal::{
    Admitted, Challenge, Endpoint, Head, PayloadLimit, Rejection, SignatureStatus,
    testing::{Case, Request, Sending, Target, Verdict, battery},
};

use crate::common::{endpoint, secret, token};

pub(crate) fn cases() -> Vec<Case> {
    let (secret, token) = (secret(), token());
    battery(&Target::new("/webhook", &secret, &token))
}

#[test]
fn it_holds_at_least_sixty_attacks_and_genuine_requests_among_them() {
    let cases = cases();
    let labels: HashSet<_> = cases.iter().map(|case| case.label).collect();
    assert_eq!(labels.len(), cases.len(), "no two cases share a label");

    let refused = cases
        .iter()
        .filter(|case| matches!(case.verdict, Verdict::Refused(_)))
        .count();
    let accepted = cases.len() - refused;
    assert!(refused >= 60, "{refused} attacks");
    assert!(accepted >= 15, "{accepted} genuine requests");
}

/// What a transport would make of a request, with the endpoint alone.
fn put_through(endpoint: &Endpoint, request: &Request) -> Result<Option<Challenge>, Rejection> {
    let (_, query) = request.target.split_once('?').unwrap_or_default();
    let head = Head::new(&request.method, request.headers.as_slice()).query(query);
    let mut intake = match endpoint.admit(&head)? {
        Admitted::Handshake(challenge) => return Ok(Some(challenge)),
        Admitted::Delivery(intake) => intake,
    };
    let size = match request.sending {
        Sending::Pieces { size, .. } | Sending::Chunked { size } => size,
        Sending::Stalled { after } => {
            intake.push(request.body.slice(..after))?;
            return Err(intake.deadline_passed());
        }
        Sending::CutShort { after } => {
            intake.push(request.body.slice(..after))?;
            return Err(intake.body_failed());
        }
        _ => usize::MAX,
    };
    for piece in request.body.chunks(size) {
        intake.push(piece.to_vec())?;
    }
    let verified = intake.finish()?;
    assert_eq!(verified.into_inner(), request.body);
    Ok(None)
}

#[test]
fn the_state_machine_reaches_every_verdict_without_a_framework() {
    let endpoint = endpoint().build();
    for Case {
        label,
        request,
        verdict,
    } in cases()
    {
        if label == "dribbling past the deadline" {
            continue; // it takes a clock to refuse this one
        }
        let reached = match put_through(&endpoint, &request) {
            Ok(Some(challenge)) => Verdict::Challenge(challenge.as_str().to_owned()),
            Ok(None) => Verdict::Verified,
            Err(rejection) => Verdict::Refused(rejection.kind()),
        };
        assert_eq!(reached, verdict, "{label}");
    }
}

#[test]
fn a_battery_fits_the_limit_of_its_target() {
    let limit = PayloadLimit::new(200_000);
    let endpoint = endpoint().payload_limit(limit).build();
    let (secret, token) = (secret(), token());
    for case in battery(&Target::new("/", &secret, &token).payload_limit(limit)) {
        if let Verdict::Verified = case.verdict {
            assert!(
                put_through(&endpoint, &case.request).is_ok(),
                "{}",
                case.label
            );
        }
    }
}

#[test]
fn a_flows_endpoint_answers_432_wherever_the_signature_is_at_fault_and_nowhere_else() {
    let endpoint = endpoint().signature_status(SignatureStatus::Flows).build();
    for Case {
        label,
        request,
        verdict,
    } in cases()
    {
        let Verdict::Refused(kind) = verdict else {
            continue;
        };
        if let Err(rejection) = put_through(&endpoint, &request) {
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
fn no_rejection_shows_a_byte_of_the_request_or_of_a_signature() {
    let endpoint = endpoint().build();
    let expected = endpoint
        .verifier()
        .sign(hubseal::testing::sample::text_message())
        .to_string();
    for Case { label, request, .. } in cases() {
        let Err(rejection) = put_through(&endpoint, &request) else {
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
