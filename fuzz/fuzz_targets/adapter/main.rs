//! Runs a connection through hyper's server and the adapter. Compares each response with the
//! endpoint alone and with an oracle, for the requests that the server read.
//!
//! The first byte selects whether the client closes its sending side at the end, and whether the
//! server accepts that. The second byte selects the chunk size. The client sends the rest. In it,
//! `{signature}` is replaced by the signature of everything after the first empty line, and
//! `{signature of abc}` by that of `abc`.
#![no_main]

mod server;
mod wire;

use hubseal::{
    Admitted, Endpoint, PayloadLimit, Rejection, RejectionKind, RequestHead, VerifyToken,
};

use self::server::{Connection, End, Seen};
use hubseal_fuzz::{
    headers,
    known::{SECRET, secret, signed},
    query::{self, TOKENS},
    rejection::status,
};

/// Small, so that bodies often exceed it.
const LIMIT: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expected {
    Verified(Vec<u8>),
    Challenge(String),
    Rejected(RejectionKind),
}
libfuzzer_sys::fuzz_target!(|input: &[u8]| check(input));

fn check(input: &[u8]) {
    let [ending, size, input @ ..] = input else {
        return;
    };
    let (leaves, half_close) = (ending & 1 == 1, ending & 2 == 2);
    let endpoint = endpoint();
    let connection = Connection {
        sent: wire::with_signatures(input),
        size: usize::from(size % 64) + 1,
        leaves,
        half_close,
    };
    let served = server::serve(&endpoint, &connection);

    let methods = served.seen.iter().map(|seen| seen.method.as_slice());
    let mut responses = wire::responses(&served.received, methods).into_iter();
    for seen in &served.seen {
        let expected = documented(seen);
        assert_eq!(endpoint_alone(&endpoint, seen), expected);
        assert_handled(seen, &expected);
        match responses.next() {
            Some(response) => response.assert_is(&expected),
            None => {
                let is_whole = matches!(seen.end, Some(End::Whole));
                let is_gone = leaves && !(half_close && is_whole);
                assert!(is_gone, "no response, expected {expected:?}");
            }
        }
    }
    // The server's own response to a head that it cannot parse.
    if let Some(response) = responses.next() {
        assert!(
            response.status >= 400 && response.body.is_empty(),
            "{response:?}"
        );
        assert_eq!(responses.next(), None);
    }
    if let Some(plain) = wire::plain(&connection.sent) {
        plain.assert_is(served.seen.first());
    }
}

fn endpoint() -> Endpoint {
    Endpoint::builder(secret())
        .verify_token(VerifyToken::new(TOKENS[0]).unwrap())
        .payload_limit(PayloadLimit::new(LIMIT))
        .build()
        .unwrap()
}

/// Returns the documented result.
fn documented(seen: &Seen) -> Expected {
    if seen.method == b"GET" {
        let answer = query::expected(&TOKENS[..1], &seen.query);
        return answer.map_or_else(Expected::Rejected, Expected::Challenge);
    }
    let declared = match headers::judged(&seen.method, &seen.headers, LIMIT) {
        Ok(declared) => declared.map(|declared| usize::try_from(declared).unwrap()),
        Err(kind) => return Expected::Rejected(kind),
    };
    let body = seen.chunks.concat();
    let too_much = |length: usize| body.len() > length;
    let kind = match seen.end {
        _ if too_much(LIMIT) => RejectionKind::PayloadTooLarge,
        _ if declared.is_some_and(too_much) => RejectionKind::LengthMismatch,
        None => RejectionKind::DeadlinePassed,
        Some(End::Failed) => RejectionKind::BodyUnreadable,
        Some(End::Whole) if declared.is_some_and(|declared| declared != body.len()) => {
            RejectionKind::LengthMismatch
        }
        Some(End::Whole) => {
            let mut signatures = seen
                .headers
                .iter()
                .filter(|(name, _)| name == b"x-hub-signature-256");
            let (_, signature) = signatures.next().unwrap();
            if signature.eq_ignore_ascii_case(signed(SECRET, &body).as_bytes()) {
                return Expected::Verified(body);
            }
            RejectionKind::SignatureMismatch
        }
    };
    Expected::Rejected(kind)
}

/// Returns the result of the endpoint alone.
fn endpoint_alone(endpoint: &Endpoint, seen: &Seen) -> Expected {
    let expected = || -> Result<Expected, Rejection> {
        let head = RequestHead::new(&seen.method, seen.headers.as_slice()).query(&seen.query);
        let mut body_verifier = match endpoint.admit(&head)? {
            Admitted::Handshake(challenge) => {
                return Ok(Expected::Challenge(challenge.as_str().to_owned()));
            }
            Admitted::Delivery(body_verifier) => body_verifier,
        };
        for chunk in &seen.chunks {
            body_verifier.push(chunk.clone())?;
        }
        match seen.end {
            None => Err(body_verifier.deadline_passed()),
            Some(End::Failed) => Err(body_verifier.body_failed("reset")),
            Some(End::Whole) => Ok(Expected::Verified(
                body_verifier.finish()?.into_inner().into(),
            )),
        }
    };
    expected().unwrap_or_else(|rejection| Expected::Rejected(rejection.kind()))
}

/// Checks that the handler got the verified body only, and that the body of a rejected head was not
/// requested.
fn assert_handled(seen: &Seen, expected: &Expected) {
    let verified = match expected {
        Expected::Verified(body) => Some(body),
        _ => None,
    };
    assert_eq!(seen.handled.as_ref(), verified);
    let wanted = headers::judged(&seen.method, &seen.headers, LIMIT).is_ok();
    assert_eq!(seen.polled, wanted, "{expected:?}");
}
