//! The app id at the start of an access token, and detection of tokens of a known app.

use std::borrow::Cow;

use hubseal::AccessToken;
use hubseal::redact::{Redactor, token_prefix};
use proptest::{collection::vec, prelude::*, sample::select};

/// Apps whose tokens were published, and how those begin.
const KNOWN: [(u64, &str); 5] = [
    (119_211_728_144_504, "EAABsbCS1iHg"),
    (145_634_995_501_895, "EAACEdEose0c"),
    (350_685_531_728, "EAAAAUaZA8jlA"),
    (124_024_574_287_414, "EAABwzLixnjY"),
    (256_002_347_743_983, "EAADo1TDZCuu8"),
];

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// As tokens are written, computed apart from the crate: 6 bits that are 4, the id, and more bits in
/// base64, of which three letters are escaped.
fn token(app_id: u64, two_bits: u8, rest: &[u8]) -> String {
    let bits = u128::from(4_u8) << 66 | u128::from(app_id) << 2 | u128::from(two_bits);
    let head = (0..12).map(|index| usize::try_from(bits >> (66 - 6 * index) & 63).unwrap());
    let rest = rest.iter().map(|sextet| usize::from(*sextet));
    let letters = head.chain(rest).map(|sextet| match LETTERS[sextet] {
        b'Z' => "ZA".to_owned(),
        b'+' => "ZB".to_owned(),
        b'/' => "ZC".to_owned(),
        letter => char::from(letter).to_string(),
    });
    letters.collect()
}

fn hint(token: &str) -> Option<u64> {
    let token = AccessToken::new(token).unwrap_or_else(|error| panic!("{error}: {token}"));
    token.app_id_hint()
}

fn of_app(app_id: u64) -> Redactor {
    Redactor::builder().app_id(app_id).build().unwrap()
}

/// Ids as they are, and as they could be.
fn app_ids() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0..1_u64 << 52,
        (0..64_u32).prop_map(|bit| 1 << bit),
        select(KNOWN.map(|(id, _)| id).to_vec()),
        // Those whose beginnings are full of escapes.
        vec(select(vec![25_u64, 62, 63]), 11)
            .prop_map(|sextets| sextets.iter().fold(0, |id, sextet| id << 6 | sextet)),
    ]
}

#[test]
fn decodes_known_app_ids() {
    for (id, beginning) in KNOWN {
        assert_eq!(hint(&format!("{beginning}ExampleExampleExample")), Some(id));
        let prefix = token_prefix(id);
        assert!(beginning.starts_with(&prefix), "{beginning}, {prefix}");
        assert!(beginning.len() - prefix.len() <= 2, "{beginning}, {prefix}");
    }
}

#[test]
fn tokens_of_larger_app_ids_start_with_eab_to_eaf() {
    for (id, prefix) in [
        (1, "EAAAAAAAAAA"),
        ((1 << 52) - 1, "EAAZCZCZCZCZCZCZCZC"),
        (1 << 52, "EABAAAAAAAA"),
        (5 << 52, "EAFAAAAAAAA"),
        ((6 << 52) - 1, "EAFZC"),
    ] {
        let beginning = token_prefix(id);
        assert!(beginning.starts_with(prefix), "{id}: {beginning}");
    }
}

#[test]
fn decodes_no_app_id_from_other_text() {
    for token in [
        "EA",
        "EAA",
        "EAABsbCS1iH",
        "EAABsbCS1iZ",
        "EAABsbCS1ZDg",
        "EAABsbCS1Z!g",
        "EAABsbCS1iH-",
        "EAABsbCS1i_g",
        "EAABsb|S1iHg",
        "EBABsbCS1iHgExample",
        "eaabsbcs1ihgExample",
        "IGAABsbCS1iHgExample",
        "THAABsbCS1iHgExample",
        "119211728144504|EAABsbCS1iHgExample",
        "EAABsbCSüiHgExample",
        "EAAAAAAAAAAAExample",
        "EAAZZZZZZZZZZZZZZZZ",
    ] {
        assert_eq!(hint(token), None, "{token}");
    }
}

#[test]
fn finds_own_app_tokens_unbounded_and_truncated() {
    let redactor = of_app(119_211_728_144_504);
    for (text, expected) in [
        ("tokenEAABsbCS1iHg", "token[redacted:access_token]"),
        ("xEAABsbCS1iHgB-_x.", "x[redacted:access_token]."),
        ("0EAABsbCS1iHj", "0[redacted:access_token]"),
        ("EAABsbCS1iHgB...", "[redacted:access_token]..."),
        ("\\nEAABsbCS1iHgB", "\\n[redacted:access_token]"),
        ("%22EAABsbCS1iHgB%22", "%22[redacted:access_token]%22"),
        ("aEAABsbCS1iHgaEAABsbCS1iHg", "a[redacted:access_token]"),
    ] {
        assert_eq!(redactor.redact(text), expected);
        assert_eq!(redactor.redact(expected), expected);
    }
}

#[test]
fn ignores_short_fragments_without_app_id() {
    for (text, redactor) in [
        ("tokenEAABsbCS1iHg", Redactor::new()),
        // Of others, whose beginnings are almost the same.
        ("tokenEAABsbCS1iHk", of_app(119_211_728_144_504)),
        ("tokenEAABsbCS1iH", of_app(119_211_728_144_504)),
        ("tokenEAABsbCS1iGg", of_app(119_211_728_144_504)),
        ("tokenEAACEdEose0c", of_app(119_211_728_144_504)),
        ("tokenEAAAAUaZA8jlA", of_app(119_211_728_144_504)),
        ("tokeneaabsbcs1ihg", of_app(119_211_728_144_504)),
    ] {
        assert!(matches!(redactor.redact(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn finds_tokens_of_several_apps() {
    let builder = KNOWN
        .iter()
        .fold(Redactor::builder(), |builder, (id, _)| builder.app_id(*id));
    let redactor = builder.build().unwrap();
    for (_, beginning) in KNOWN {
        let text = format!("x{beginning}Q.");
        assert_eq!(redactor.redact(&text), "x[redacted:access_token].");
    }
}

proptest! {
    #[test]
    fn decodes_app_id_from_every_token(
        app_id in app_ids(),
        two_bits in 0..4_u8,
        rest in vec(0..64_u8, 0..64),
    ) {
        let token = token(app_id, two_bits, &rest);
        prop_assert!(token.starts_with(&token_prefix(app_id)));
        let expected = Some(app_id).filter(|id| *id > 0 && token.starts_with("EA"));
        prop_assert_eq!(hint(&token), expected);
    }

    #[test]
    fn finds_every_token_of_own_app(
        app_id in app_ids(),
        two_bits in 0..4_u8,
        rest in vec(0..64_u8, 0..64),
    ) {
        let token = token(app_id, two_bits, &rest);
        let redacted = of_app(app_id).redact(&format!("x{token}.")).into_owned();
        prop_assert_eq!(redacted, "x[redacted:access_token].");
    }

    #[test]
    fn ignores_tokens_of_other_apps(
        app_id in app_ids(),
        other in prop_oneof![app_ids().prop_map(Some), Just(None)],
        bit in 0..64_u32,
        rest in vec(0..64_u8, 0..8),
    ) {
        // Another app altogether, or one whose id differs in one bit.
        let other = other.unwrap_or(app_id ^ 1 << bit);
        prop_assume!(other != app_id);
        let text = format!("x{}.", token(other, 0, &rest));
        prop_assert_eq!(of_app(app_id).redact(&text), &*text);
    }

    #[test]
    fn never_panics_on_any_token(token in "EA[A-Fa-z0-9Z+/ABCD_-]{0,24}", other in "\\PC{1,40}") {
        for token in [token, other] {
            if let Ok(token) = AccessToken::new(&token) {
                let _ = token.app_id_hint();
            }
        }
    }
}
