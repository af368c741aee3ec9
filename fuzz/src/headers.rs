//! The head of a request, held against the documented order and table.
//!
//! The input is lines: two digits that pick the payload limit and the status of signatures, the method
//! and the query with a blank between, and a header each, name and value with a colon between.

use std::sync::LazyLock;

use hubseal::{
    Admitted, BodyVerifier, Endpoint, PayloadLimit, RejectionKind, RequestHead,
    SignatureFailureStatus, VerifyToken,
};

use crate::{
    known::{SECRET, secret, signed},
    query::{self, TOKENS},
    refusal::assert_refused,
    signature::is_signature,
};

/// Small ones, so that a body of the limit is quickly there.
const LIMITS: [usize; 4] = [2, 1, 64, 700];

pub(crate) type Header = (Vec<u8>, Vec<u8>);

/// For each limit, with each status.
static ENDPOINTS: LazyLock<[[Endpoint; 2]; 4]> = LazyLock::new(|| {
    LIMITS.map(|limit| {
        [
            SignatureFailureStatus::Unauthorized,
            SignatureFailureStatus::Flows,
        ]
        .map(|status| {
            Endpoint::builder(secret())
                .verify_token(VerifyToken::new(TOKENS[0]).unwrap())
                .payload_limit(PayloadLimit::new(limit))
                .signature_failure_status(status)
                .build()
                .unwrap()
        })
    })
});

pub fn check(input: &[u8]) {
    let [choice, other, input @ ..] = input else {
        return;
    };
    let (choice, flows) = (usize::from(*choice) % LIMITS.len(), other & 1 == 1);
    let limit = LIMITS[choice];
    let endpoint = &ENDPOINTS[choice][usize::from(flows)];
    let mut lines = input.split(|byte| *byte == b'\n');
    let (method, query) = split(lines.next().unwrap_or_default(), b' ');
    let headers: Vec<Header> = lines
        .map(|line| split(line, b':'))
        .map(|(name, value)| (name.to_vec(), value.to_vec()))
        .collect();

    let head = RequestHead::new(method, headers.as_slice()).query(query);
    let expected = judged(method, &headers, limit);

    match (endpoint.receive(&head), &expected) {
        (Ok(body_verifier), Ok(declared)) => {
            let receive = || endpoint.receive(&head).unwrap();
            bodies(body_verifier, receive, &headers, *declared, limit, flows);
        }
        (Err(rejection), Err(kind)) => assert_refused(&rejection, *kind, flows),
        (Ok(_), Err(kind)) => panic!("received, and not refused for {kind:?}"),
        (Err(rejection), Ok(_)) => panic!("refused: {rejection}"),
    }
    match (endpoint.admit(&head), expected) {
        (Ok(Admitted::Handshake(challenge)), _) => {
            assert_eq!(method, b"GET");
            let expected = query::expected(&TOKENS[..1], query);
            assert_eq!(Ok(challenge.as_str()), expected.as_deref());
        }
        (Err(rejection), _) if method == b"GET" => {
            let kind = query::expected(&TOKENS[..1], query).unwrap_err();
            assert_refused(&rejection, kind, flows);
        }
        (Ok(Admitted::Delivery(_)), Ok(_)) => {}
        (Err(rejection), Err(kind)) => assert_refused(&rejection, kind, flows),
        (admitted, expected) => panic!("{admitted:?} and not {expected:?}"),
    }
}

fn split(line: &[u8], at: u8) -> (&[u8], &[u8]) {
    let end = line
        .iter()
        .position(|byte| *byte == at)
        .unwrap_or(line.len());
    (&line[..end], line.get(end + 1..).unwrap_or_default())
}

/// The documented order, with the length that the head declares.
pub(crate) fn judged(
    method: &[u8],
    headers: &[Header],
    limit: usize,
) -> Result<Option<u64>, RejectionKind> {
    let values = |wanted: &str| -> Vec<&[u8]> {
        let known = headers
            .iter()
            .filter(|(name, _)| name.to_ascii_lowercase() == wanted.as_bytes());
        known.map(|(_, value)| value.as_slice()).collect()
    };
    if method != b"POST" {
        return Err(RejectionKind::MethodNotAllowed);
    }
    match values("x-hub-signature-256")[..] {
        [] => return Err(RejectionKind::SignatureMissing),
        [one] if is_signature(one) => {}
        [_] => return Err(RejectionKind::SignatureMalformed),
        _ => return Err(RejectionKind::SignatureRepeated),
    }
    let codings = values("content-encoding").join(&b',');
    let codings = String::from_utf8_lossy(&codings).to_ascii_lowercase();
    let blank = |character: char| " \t\n\r\u{c}".contains(character);
    if codings
        .split(',')
        .any(|coding| !["", "identity"].contains(&coding.trim_matches(blank)))
    {
        return Err(RejectionKind::ContentEncoded);
    }
    let lengths = values("content-length");
    match lengths[..] {
        [] => Ok(None),
        [digits] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
            let declared = std::str::from_utf8(&digits[zeros..]).unwrap();
            let limit = limit.to_string();
            // As numbers of any size are compared by hand.
            if (declared.len(), declared) > (limit.len(), limit.as_str()) {
                return Err(RejectionKind::PayloadTooLarge);
            }
            Ok(Some(declared.parse().unwrap_or(0)))
        }
        _ => Err(RejectionKind::LengthMismatch),
    }
}

/// What follows a head that was admitted: it keeps to the limit and to the length it declared, and ends
/// with the verdict.
fn bodies(
    body_verifier: BodyVerifier,
    receive: impl Fn() -> BodyVerifier,
    headers: &[Header],
    declared: Option<u64>,
    limit: usize,
    flows: bool,
) {
    assert_refused(
        &body_verifier.deadline_passed(),
        RejectionKind::DeadlinePassed,
        flows,
    );
    assert_refused(
        &receive().body_failed("reset"),
        RejectionKind::BodyUnreadable,
        flows,
    );

    let of_signature = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(b"x-hub-signature-256"));
    let digits = String::from_utf8_lossy(&of_signature.unwrap().1).to_lowercase();
    let declared = declared.map(|declared| usize::try_from(declared).unwrap());
    for length in [
        0,
        2,
        declared.unwrap_or(limit),
        declared.unwrap_or(limit) + 1,
    ] {
        // The seeds hold the signatures of both.
        let body = if length == 2 {
            b"{}".to_vec()
        } else {
            vec![b'a'; length]
        };
        let expected = if length > limit {
            Err(RejectionKind::PayloadTooLarge)
        } else if declared.is_some_and(|declared| declared != length) {
            Err(RejectionKind::LengthMismatch)
        } else if digits == signed(SECRET, &body) {
            Ok(())
        } else {
            Err(RejectionKind::SignatureMismatch)
        };
        let mut body_verifier = receive();
        let pushed = body_verifier.push(body.clone());
        match (pushed.and_then(|()| body_verifier.finish()), expected) {
            (Ok(verified), Ok(())) => assert_eq!(verified.into_inner(), body),
            (Err(rejection), Err(kind)) => assert_refused(&rejection, kind, flows),
            (verdict, expected) => panic!("{verdict:?} and not {expected:?}"),
        }
    }
}
