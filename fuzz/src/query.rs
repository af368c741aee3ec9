//! The query of a handshake, compared with the documented rules.
//!
//! The first byte selects which of three tokens are accepted. The rest is the query.

use std::sync::LazyLock;

use hubseal::{Endpoint, EndpointBuilder, Handshake, RejectionKind, VerifyToken};

use self::oracle::{decode, oracle};
use crate::{known::secret, rejection::assert_rejected};

#[path = "../../tests/it/properties/handshake/oracle.rs"]
mod oracle;

/// One is a prefix of another, and one contains all special characters of a query.
pub const TOKENS: [&str; 3] = ["correct-horse", "50% söme+thing & =other", "correct-hors"];

/// All eight selections of accepted tokens.
static ACCEPTING: LazyLock<[Accepting; 8]> = LazyLock::new(|| std::array::from_fn(Accepting::of));

struct Accepting {
    accepted: Vec<&'static str>,
    handshake: Handshake,
    endpoint: Endpoint,
}

impl Accepting {
    fn of(choice: usize) -> Self {
        let accepted: Vec<&str> = (0..)
            .zip(TOKENS)
            .filter(|(bit, _)| choice >> bit & 1 == 1)
            .map(|(_, token)| token)
            .collect();
        let tokens = || {
            accepted
                .iter()
                .map(|token| VerifyToken::new(*token).unwrap())
        };
        let builder = Endpoint::builder(secret());
        let endpoint = tokens()
            .fold(builder, EndpointBuilder::add_verify_token)
            .build()
            .unwrap();
        let handshake = Handshake::new(tokens());
        Self {
            accepted,
            handshake,
            endpoint,
        }
    }
}

pub fn check(input: &[u8]) {
    let Some((choice, query)) = input.split_first() else {
        return;
    };
    let Accepting {
        accepted,
        handshake,
        endpoint,
    } = &ACCEPTING[usize::from(choice % 8)];
    let expected = expected(accepted, query);
    for answer in [handshake.answer(query), endpoint.handshake(query)] {
        match (answer, &expected) {
            (Ok(challenge), Ok(text)) => {
                assert_eq!(challenge.as_str(), text);
                let reply = challenge.reply();
                assert_eq!(reply.status(), 200);
                assert_eq!(reply.body(), text.as_bytes());
                let length = text.len().to_string();
                assert!(reply.headers().eq([
                    ("content-length", &*length),
                    ("content-type", "text/plain; charset=utf-8"),
                    ("x-content-type-options", "nosniff"),
                ]));
            }
            (Err(rejection), Err(kind)) => assert_rejected(&rejection, *kind, false),
            (Ok(_), Err(kind)) => panic!("answered instead of rejected with {kind:?}"),
            (Err(rejection), Ok(_)) => panic!("rejected: {rejection}"),
        }
    }
    let shown = format!("Handshake {{ tokens: {} }}", accepted.len());
    assert_eq!(format!("{handshake:?}"), shown);
}

/// Returns the challenge or the kind of the rejection.
pub fn expected(tokens: &[&str], query: &[u8]) -> Result<String, RejectionKind> {
    oracle(tokens, query.len(), &decode(query))
}
