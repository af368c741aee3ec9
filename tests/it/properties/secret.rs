//! The texts that a secret is made of.

use hubseal::{AppSecret, SecretErrorKind};
use proptest::{collection::vec, prelude::*, sample::select};

const INVISIBLE: [char; 3] = ['\u{feff}', '\u{200b}', '\u{fffd}'];

/// Any text: printable, of any characters, and wrapped in what secrets are refused for.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,60}",
        "\\PC{0,40}",
        vec(any::<char>(), 0..40).prop_map(|characters| characters.into_iter().collect()),
        wrapped().prop_map(|(_, text)| text),
        (8_190..8_195_usize, "[ -~]{1,2}").prop_map(|(pairs, end)| "ab".repeat(pairs) + &end),
    ]
}

/// A text that occurs in no message, and what it is wrapped in.
fn wrapped() -> impl Strategy<Value = (String, String)> {
    const AROUND: [(&str, &str); 16] = [
        ("", ""),
        (" ", ""),
        ("", "\n"),
        ("\u{feff}", ""),
        ("a\u{200b}", ""),
        ("a\0", ""),
        ("a\u{fffd}", "b"),
        ("<", ">"),
        ("${", "}"),
        ("{{", "}}"),
        ("[", "]"),
        ("%", "%"),
        ("changeme-", ""),
        ("your_", "_here"),
        ("enter your ", ""),
        ("\u{85}", "\u{a0}"),
    ];
    ("[A-Z][0-9][A-Za-z0-9]{10,16}", select(&AROUND[..])).prop_map(|(middle, (before, after))| {
        let text = format!("{before}{middle}{after}");
        (middle, text)
    })
}

/// A text that is refused for this reason.
fn refused_for(kind: SecretErrorKind) -> String {
    match kind {
        SecretErrorKind::Empty => String::new(),
        SecretErrorKind::SurroundingWhitespace => " a b".to_owned(),
        SecretErrorKind::ControlCharacter => "a\0b".to_owned(),
        SecretErrorKind::Placeholder => "changeme".to_owned(),
        SecretErrorKind::TooLong => "ab".repeat(16 * 1024),
        other => panic!("no text is refused for {other:?}"),
    }
}

proptest! {
    #[test]
    fn what_is_accepted_is_kept_unchanged_and_clean(text in texts()) {
        if let Ok(secret) = AppSecret::new(text.clone()) {
            let kept = secret.expose_secret();
            prop_assert_eq!(kept, &text);
            prop_assert!(!kept.is_empty() && kept.len() <= 16 * 1024);
            prop_assert_eq!(kept.trim(), kept);
            prop_assert!(!kept.chars().any(char::is_control));
            prop_assert!(!kept.contains(INVISIBLE));
        }
    }

    #[test]
    fn a_secret_of_metas_shape_is_accepted(text in "[0-9a-f]{32}") {
        let first = &text[..1];
        prop_assume!(text != first.repeat(32));
        let secret = AppSecret::new(text.as_str()).unwrap();
        prop_assert_eq!(secret.expose_secret(), text);
    }

    #[test]
    fn a_refusal_depends_on_its_reason_alone(text in texts()) {
        if let Err(refused) = AppSecret::new(text) {
            let other = AppSecret::new(refused_for(refused.kind())).err().unwrap();
            prop_assert_eq!(refused.to_string(), other.to_string());
            prop_assert_eq!(format!("{refused:?}"), format!("{other:?}"));
        }
    }

    #[test]
    fn a_refusal_shows_nothing_of_the_text((middle, text) in wrapped()) {
        if let Err(refused) = AppSecret::new(text) {
            let shown = format!("{refused} {refused:?} {refused:#?}");
            prop_assert!(!shown.contains(&middle));
        }
    }
}
