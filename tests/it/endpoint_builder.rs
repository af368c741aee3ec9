//! Settings of the endpoint builder.

use hubseal::{EndpointBuilder, RejectionKind, VerifyToken};

use crate::common::{TOKEN, endpoint, kind};

fn token(text: &str) -> VerifyToken {
    VerifyToken::new(text).unwrap()
}

fn handshake(builder: EndpointBuilder, token: &str) -> Option<RejectionKind> {
    let token = token.replace('+', "%2B").replace(' ', "+");
    let query = format!("hub.mode=subscribe&hub.challenge=7&hub.verify_token={token}");
    kind(builder.build().unwrap().handshake(query))
}

#[test]
fn verify_token_replaces_all_tokens() {
    let builder = || {
        endpoint()
            .add_verify_token(token("second-token"))
            .verify_token(token("third-token"))
    };
    let rejected = Some(RejectionKind::HandshakeRejected);
    assert_eq!(handshake(builder(), TOKEN), rejected);
    assert_eq!(handshake(builder(), "second-token"), rejected);
    assert_eq!(handshake(builder(), "third-token"), None);
}

#[test]
fn add_verify_token_keeps_earlier_tokens() {
    let builder = || {
        endpoint()
            .add_verify_token(token("second-token"))
            .add_verify_token(token("third-token"))
    };
    for accepted in [TOKEN, "second-token", "third-token"] {
        assert_eq!(handshake(builder(), accepted), None, "{accepted}");
    }
    let rejected = Some(RejectionKind::HandshakeRejected);
    assert_eq!(handshake(builder(), "fourth-token"), rejected);
}

#[cfg(all(feature = "replay", feature = "tower"))]
#[test]
fn refuses_replay_guard_with_zero_duration() {
    use std::time::Duration;

    use hubseal::{ConfigError, replay::ReplayGuard};

    let build = |guard: ReplayGuard| endpoint().replay_guard(guard).build();
    for guard in [
        ReplayGuard::in_memory().with_lease(Duration::ZERO),
        ReplayGuard::in_memory().with_time_to_live(Duration::ZERO),
    ] {
        let refused = build(guard).err();
        assert_eq!(refused, Some(ConfigError::ReplayDurationIsZero));
    }
    let shortest = Duration::from_nanos(1);
    let guard = ReplayGuard::in_memory()
        .with_lease(shortest)
        .with_time_to_live(shortest);
    assert!(build(guard).is_ok());
}
