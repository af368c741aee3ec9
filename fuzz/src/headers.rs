//! The head of a request, compared with the documented order of checks.
//!
//! The input consists of lines. The first has two digits, for payload limit and signature failure
//! status. The second has the method and the query, separated by a space. Each other line is a
//! header: name, colon, value.

use std::sync::LazyLock;

use hubseal::{
    Admitted, BodyVerifier, Endpoint, PayloadLimit, RejectionKind, RequestHead,
    SignatureFailureStatus, VerifyToken,
};

use crate::{
    known::{SECRET, secret, signed},
    query::{self, TOKENS},
    rejection::assert_rejected,
    signature::is_signature,
};

/// Small limits, so that bodies reach them quickly.
const LIMITS: [usize; 4] = [2, 1, 64, 700];

pub type Header = (Vec<u8>, Vec<u8>);

/// One for each limit and status.
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
        (Err(rejection), Err(kind)) => assert_rejected(&rejection, *kind, flows),
        (Ok(_), Err(kind)) => panic!("received instead of rejected with {kind:?}"),
        (Err(rejection), Ok(_)) => panic!("rejected: {rejection}"),
    }
    match (endpoint.admit(&head), expected) {
        (Ok(Admitted::Handshake(challenge)), _) => {
            assert_eq!(method, b"GET");
            let expected = query::expected(&TOKENS[..1], query);
            assert_eq!(Ok(challenge.as_str()), expected.as_deref());
        }
        (Err(rejection), _) if method == b"GET" => {
            let kind = query::expected(&TOKENS[..1], query).unwrap_err();
            assert_rejected(&rejection, kind, flows);
        }
        (Ok(Admitted::Delivery(_)), Ok(_)) => {}
        (Err(rejection), Err(kind)) => assert_rejected(&rejection, kind, flows),
        (admitted, expected) => panic!("{admitted:?} instead of {expected:?}"),
    }
}

fn split(line: &[u8], at: u8) -> (&[u8], &[u8]) {
    let end = line
        .iter()
        .position(|byte| *byte == at)
        .unwrap_or(line.len());
    (&line[..end], line.get(end + 1..).unwrap_or_default())
}

/// Applies the documented order and returns the declared length.
pub fn judged(
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
            // Compares numbers of any size by their digits.
            if (declared.len(), declared) > (limit.len(), limit.as_str()) {
                return Err(RejectionKind::PayloadTooLarge);
            }
            Ok(Some(declared.parse().unwrap_or(0)))
        }
        _ => Err(RejectionKind::LengthMismatch),
    }
}

/// Checks the body after an admitted head: payload limit, declared length and signature.
fn bodies(
    body_verifier: BodyVerifier,
    receive: impl Fn() -> BodyVerifier,
    headers: &[Header],
    declared: Option<u64>,
    limit: usize,
    flows: bool,
) {
    assert_rejected(
        &body_verifier.deadline_passed(),
        RejectionKind::DeadlinePassed,
        flows,
    );
    assert_rejected(
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
        // The seeds contain the signatures of both.
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
            (Err(rejection), Err(kind)) => assert_rejected(&rejection, kind, flows),
            (result, expected) => panic!("{result:?} instead of {expected:?}"),
        }
    }
}
