//! From the bytes of a connection to the verdict, through hyper's server and the adapter, held against the
//! state machine and its oracle, which are fed with what the server read.
//!
//! The first byte says whether the client closes its side when it has sent everything, and whether the
//! server takes that for more than a connection that broke; the second into what pieces the rest is cut,
//! which is what the client sends. `{signature}` in it stands for the signature of all that
//! follows the first empty line, `{signature of abc}` for that of `abc`.

mod server;
mod wire;

use hubseal::{
    Admitted, Endpoint, PayloadLimit, Rejection, RejectionKind, RequestHead, VerifyToken,
};

use self::server::{Connection, End, Seen};
use crate::{
    headers,
    known::{SECRET, secret, signed},
    query::{self, TOKENS},
    refusal::status,
};

/// Small, so that it is easily exceeded.
const LIMIT: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expected {
    Verified(Vec<u8>),
    Challenge(String),
    Rejected(RejectionKind),
}

pub fn check(input: &[u8]) {
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
        let verdict = by_the_page(seen);
        assert_eq!(by_hand(&endpoint, seen), verdict);
        assert_handled(seen, &verdict);
        match responses.next() {
            Some(response) => response.assert_is(&verdict),
            None => {
                let is_whole = matches!(seen.end, Some(End::Whole));
                let is_gone = leaves && !(half_close && is_whole);
                assert!(is_gone, "no answer: {verdict:?}");
            }
        }
    }
    // What the server has to say itself, of a head that it cannot read.
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

/// The verdict that the documentation asks for.
fn by_the_page(seen: &Seen) -> Expected {
    if seen.method == b"GET" {
        let answer = query::expected(&TOKENS[..1], &seen.query);
        return answer.map_or_else(Expected::Rejected, Expected::Challenge);
    }
    let declared = match headers::judged(&seen.method, &seen.headers, LIMIT) {
        Ok(declared) => declared.map(|declared| usize::try_from(declared).unwrap()),
        Err(kind) => return Expected::Rejected(kind),
    };
    let body = seen.pieces.concat();
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

/// The verdict of the state machine.
fn by_hand(endpoint: &Endpoint, seen: &Seen) -> Expected {
    let verdict = || -> Result<Expected, Rejection> {
        let head = RequestHead::new(&seen.method, seen.headers.as_slice()).query(&seen.query);
        let mut body_verifier = match endpoint.admit(&head)? {
            Admitted::Handshake(challenge) => {
                return Ok(Expected::Challenge(challenge.as_str().to_owned()));
            }
            Admitted::Delivery(body_verifier) => body_verifier,
        };
        for piece in &seen.pieces {
            body_verifier.push(piece.clone())?;
        }
        match seen.end {
            None => Err(body_verifier.deadline_passed()),
            Some(End::Failed) => Err(body_verifier.body_failed("reset")),
            Some(End::Whole) => Ok(Expected::Verified(
                body_verifier.finish()?.into_inner().into(),
            )),
        }
    };
    verdict().unwrap_or_else(|rejection| Expected::Rejected(rejection.kind()))
}

/// The handler saw what was verified and nothing else, and a body that was not wanted was not asked for.
fn assert_handled(seen: &Seen, verdict: &Expected) {
    let verified = match verdict {
        Expected::Verified(body) => Some(body),
        _ => None,
    };
    assert_eq!(seen.handled.as_ref(), verified);
    let wanted = headers::judged(&seen.method, &seen.headers, LIMIT).is_ok();
    assert_eq!(seen.polled, wanted, "{verdict:?}");
}
