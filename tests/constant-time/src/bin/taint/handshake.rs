//! The handshake: the configured tokens are secret.
//!
//! Whether the presented token matches is public. `Handshake::answer` branches on it once.

use hubseal::{AppSecret, Endpoint, EndpointBuilder, VerifyToken};
use hubseal_constant_time::memcheck::{errors, make_public, make_secret};

use crate::{Case, Expected, findings::Site};

pub const CASES: &[Case] = &[
    Case {
        name: "a handshake",
        run: || answer(false),
        expected: Expected::Only(&[Site::In("src/endpoint/handshake.rs", "answer")]),
    },
    // The sender knows the query, so its decoding may depend on it. After decoding, only its hash
    // is used.
    Case {
        name: "a handshake whose query is secret",
        run: || answer(true),
        expected: Expected::Only(&[
            Site::Under("src/endpoint/handshake.rs", "parse"),
            Site::Line("src/endpoint/handshake.rs", "Parameters::parse("),
            Site::In("src/endpoint/handshake.rs", "answer"),
        ]),
    },
];

const TOKENS: [&str; 3] = ["correct-horse-battery", "staple-and-some-paper", "ab"];
const PRESENTED: [(&str, bool); 8] = [
    ("correct-horse-battery", true),
    ("staple-and-some-paper", true),
    ("ab", true),
    ("Correct-horse-battery", false),
    ("correct-horse-batterY", false),
    ("correct-horse-batter", false),
    ("b", false),
    ("", false),
];

fn answer(is_query_secret: bool) {
    let tokens = TOKENS.map(|text| {
        let token = VerifyToken::new(format!("{text}.")).unwrap();
        make_secret(token.expose_secret());
        token
    });
    let before = errors();
    let endpoint = tokens
        .into_iter()
        .fold(
            Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0").unwrap()),
            EndpointBuilder::add_verify_token,
        )
        .build()
        .unwrap();
    assert_eq!(
        errors(),
        before,
        "building an endpoint depends on the tokens"
    );

    let mut expected = None;
    for (text, accepted) in PRESENTED {
        let query = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={text}.");
        if is_query_secret && let Some(at) = query.find(text) {
            make_secret(&query[at..]);
        }
        let before = errors();
        let result = endpoint.handshake(query.as_bytes());
        let reported = errors() - before;
        make_public(&result);
        assert_eq!(result.is_ok(), accepted, "{text}");
        if !is_query_secret {
            assert!(
                (1..=2).contains(&reported),
                "{reported} branches for one result"
            );
            let first = *expected.get_or_insert(reported);
            assert_eq!(
                reported, first,
                "the number of branches depends on the token: {text}"
            );
        }
    }
}
