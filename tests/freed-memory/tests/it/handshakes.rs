//! Verify tokens: accepted ones and those in requests.

use std::hint::black_box;

use hubseal::{AppSecret, Endpoint, Handshake, RejectionKind, VerifyToken};
use hubseal_freed_memory::{Watched, left_by};

const TOKEN: &str = "9e41c7 freed/memory token b03d";

fn watched() -> Watched {
    Watched::secret(TOKEN.as_bytes())
}

#[test]
fn wipes_accepted_verify_tokens() {
    let found = left_by(&watched(), || {
        let token = || VerifyToken::new(TOKEN).unwrap();
        let handshake = Handshake::new((0..9).map(|_| token()));
        drop(black_box((format!("{handshake:?}"), handshake)));
        let mut builder = Endpoint::builder(AppSecret::new("another secret of this test").unwrap());
        for _ in 0..9 {
            builder = builder.add_verify_token(token());
        }
        let endpoint = builder.build().unwrap();
        drop(black_box((format!("{endpoint:?}"), endpoint)));
    });
    assert_eq!(found, []);
}

/// Covers unencoded tokens only: neither the decoder's memory nor the server's request buffer is
/// wiped.
#[test]
fn presented_plain_token_leaves_no_copy() {
    const QUERY: &str = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=";
    let handshake = Handshake::new([VerifyToken::new(TOKEN).unwrap()]);
    for (after, kind) in [
        ("", None),
        ("&hub.mode=other", Some(RejectionKind::HandshakeMalformed)),
        (
            "&hub.challenge=%0a",
            Some(RejectionKind::HandshakeMalformed),
        ),
        ("!", Some(RejectionKind::HandshakeRejected)),
    ] {
        // The request belongs to the server and lies outside of the searched memory.
        let query = [QUERY, TOKEN, after].concat();
        let found = left_by(&watched(), || {
            assert_eq!(
                handshake
                    .answer(&query)
                    .err()
                    .map(|rejection| rejection.kind()),
                kind
            );
        });
        assert_eq!(found, [], "{after}");
    }
}
