//! Texts that are slow to redact: endless candidates, most of which fail as late as possible.

use crate::secrets::{APP_SECRET, VERIFY_TOKEN};

/// Returns names and patterns to repeat.
#[must_use]
pub fn patterns() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "tokens one character short",
            text("EAAbcdefghijklmnopqrstuvwxyz23."),
        ),
        ("beginnings of tokens", text("EAA")),
        ("bars", text("|")),
        ("app ids and bars", text("1234567890123456|")),
        (
            "app tokens one character short",
            text("1234567890123456|abcdefghijklmnopqrstuvwxyz."),
        ),
        ("keys without values", text("access_token=")),
        (
            "keys and blanks",
            [b"access_token".as_slice(), &[b' '; 32], b"."].concat(),
        ),
        ("keys, a quote, no end", text("\"access_token\":\"")),
        ("backslashes", text("\\")),
        ("backslashes and quotes", text("\\\"access_token\\\\\":")),
        ("percent signs", text("%25")),
        ("percent-encoded bars", text("%25257C")),
        ("pins one character too long", text("\"pin\":\"12345x\"")),
        (
            "codes one character short",
            text("\"code\":\"aB3defghijklmnopqrstuvwxyz012\""),
        ),
        ("bearer without a token", text("Bearer ")),
        ("authorization without credentials", text("authorization: ")),
        ("31 bytes of a registered value", text(&APP_SECRET[..31])),
        ("31 bytes of another", text(&VERIFY_TOKEN[..31])),
        ("a pin's number without end", text("pin=1 ")),
        ("keys of personal data", text("\"from\":\"name\",")),
        ("phone numbers", text("\"from\":\"12125550142\",")),
        ("plus signs and digits", text("+1212555")),
        ("beginnings of message ids", text("wamid.HBgLMTI")),
    ]
}

#[must_use]
pub fn repeated(pattern: &[u8], length: usize) -> Vec<u8> {
    pattern.iter().copied().cycle().take(length).collect()
}
