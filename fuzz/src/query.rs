//! The query of a handshake, held against the documented rules.
//!
//! The first byte picks which of three tokens are accepted; the rest is the query.

use std::sync::LazyLock;

use hubseal::{Endpoint, EndpointBuilder, Handshake, RejectionKind, VerifyToken};

use self::oracle::{decode, oracle};
use crate::{known::secret, refusal::assert_refused};

#[path = "../../tests/it/properties/handshake/oracle.rs"]
mod oracle;

/// One begins with another, and one holds all that a query gives a meaning to.
pub(crate) const TOKENS: [&str; 3] = ["correct-horse", "50% söme+thing & =other", "correct-hors"];

/// Each choice among them.
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
            (Err(rejection), Err(kind)) => assert_refused(&rejection, *kind, false),
            (Ok(_), Err(kind)) => panic!("answered, and not refused for {kind:?}"),
            (Err(rejection), Ok(_)) => panic!("refused: {rejection}"),
        }
    }
    let shown = format!("Handshake {{ tokens: {} }}", accepted.len());
    assert_eq!(format!("{handshake:?}"), shown);
}

/// The challenge, or why there is none.
pub(crate) fn expected(tokens: &[&str], query: &[u8]) -> Result<String, RejectionKind> {
    oracle(tokens, query.len(), &decode(query))
}
