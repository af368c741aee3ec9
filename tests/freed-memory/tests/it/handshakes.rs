//! Verify tokens: those that are accepted, and those that a request presents.

use std::hint::black_box;

use hubseal::{AppSecret, Endpoint, Handshake, Kind, VerifyToken};
use hubseal_freed_memory::{Watched, left_by};

/// With a character that queries encode, and a space.
const TOKEN: &str = "9e41c7 freed/memory token b03d";

fn watched() -> Watched {
    Watched::secret(TOKEN.as_bytes())
}

#[test]
fn accepted_tokens_are_wiped() {
    let found = left_by(&watched(), || {
        let token = || VerifyToken::new(TOKEN).unwrap();
        let handshake = Handshake::new((0..9).map(|_| token()));
        drop(black_box((format!("{handshake:?}"), handshake)));
        let mut builder = Endpoint::builder(AppSecret::new("another secret").unwrap());
        for _ in 0..9 {
            builder = builder.verify_token(token());
        }
        let endpoint = builder.build();
        drop(black_box((format!("{endpoint:?}"), endpoint)));
    });
    assert_eq!(found, []);
}

#[test]
fn a_token_that_is_presented_leaves_no_copy_of_ours() {
    let handshake = Handshake::new([VerifyToken::new(TOKEN).unwrap()]);
    const QUERY: &str = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=";
    for (token, kind) in [
        ("9e41c7 freed/memory token b03d", None),
        ("9e41c7+freed/memory+token+b03d", None),
        ("9e41c7%20freed%2Fmemory%20token%20b03d", None),
        ("9e41c7+freed%2fmemory+token+b03d", None),
        (
            "9e41c7+freed%2fmemory+token+b03d%",
            Some(Kind::HandshakeRefused),
        ),
        (
            "9e41c7+freed%2fmemory+token+b03d%ff",
            Some(Kind::HandshakeMalformed),
        ),
        (
            "9e41c7+freed%2fmemory+token+b03d&hub.challenge=%0a",
            Some(Kind::HandshakeMalformed),
        ),
        (
            "9e41c7+freed%2fmemory+token+b03d&hub.mode=other",
            Some(Kind::HandshakeMalformed),
        ),
        (
            "9e41c7+freed%2fmemory+token+b03d&hub.verify_token=9e41c7%20freed/memory+token%20b03d",
            Some(Kind::HandshakeMalformed),
        ),
        (
            "another&9e41c7+freed%2Fmemory+token+b03d=1",
            Some(Kind::HandshakeRefused),
        ),
    ] {
        // The request itself is the server's, and not in memory that is searched.
        let query = [QUERY, token].concat();
        let found = left_by(&watched(), || {
            assert_eq!(
                handshake.answer(&query).err().map(|refused| refused.kind()),
                kind
            );
        });
        assert_eq!(found, [], "{token}");
    }
}
