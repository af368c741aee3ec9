//! Texts of secrets.

use hubseal::{AppSecret, SecretErrorKind};
use proptest::{collection::vec, prelude::*, sample::select};

const INVISIBLE: [char; 3] = ['\u{feff}', '\u{200b}', '\u{fffd}'];

/// Any text: printable, arbitrary characters, or in a form that secrets are refused for.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,60}",
        "\\PC{0,40}",
        vec(any::<char>(), 0..40).prop_map(|characters| characters.into_iter().collect()),
        wrapped().prop_map(|(_, text)| text),
        (8_190..8_195_usize, "[ -~]{1,2}").prop_map(|(pairs, end)| "ab".repeat(pairs) + &end),
    ]
}

/// A text that no error message contains, and the same text in a wrapper.
fn wrapped() -> impl Strategy<Value = (String, String)> {
    const AROUND: [(&str, &str); 22] = [
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
        ("$(", ")"),
        ("{", "}"),
        ("'", "'"),
        ("APP_SECRET=", ""),
        ("op://", ""),
        ("vault:", "#key"),
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

/// Returns a text that is refused with this kind.
fn text_refused_for(kind: SecretErrorKind) -> String {
    match kind {
        SecretErrorKind::Empty => String::new(),
        SecretErrorKind::SurroundingWhitespace => " a b".to_owned(),
        SecretErrorKind::ControlCharacter => "a\0b".to_owned(),
        SecretErrorKind::Placeholder => "changeme".to_owned(),
        SecretErrorKind::Quoted => "'a b'".to_owned(),
        SecretErrorKind::NamePrefix => "NAME=a b".to_owned(),
        SecretErrorKind::UnresolvedReference => "$NAME".to_owned(),
        SecretErrorKind::TooShort => "a b".to_owned(),
        SecretErrorKind::NotMetaForm => "a text of another form".to_owned(),
        SecretErrorKind::TooLong => "ab".repeat(16 * 1024),
        other => panic!("no text is refused for {other:?}"),
    }
}

proptest! {
    #[test]
    fn accepted_secrets_are_unchanged_and_clean(text in texts()) {
        if let Ok(secret) = AppSecret::new(text.clone()) {
            let kept = secret.expose_secret();
            prop_assert_eq!(kept, &text);
            prop_assert!((16..=16 * 1024).contains(&kept.len()));
            prop_assert!(!kept.starts_with('$'));
            prop_assert_eq!(kept.trim(), kept);
            prop_assert!(!kept.chars().any(char::is_control));
            prop_assert!(!kept.contains(INVISIBLE));
        }
    }

    #[test]
    fn accepts_any_secret_of_metas_form(text in "[0-9a-f]{32}") {
        let first = &text[..1];
        prop_assume!(text != first.repeat(32));
        for secret in [AppSecret::new(text.as_str()), AppSecret::meta(text.as_str())] {
            let secret = secret.unwrap();
            prop_assert_eq!(secret.expose_secret(), &text);
        }
    }

    #[test]
    fn meta_app_secret_accepts_its_form_only(text in prop_oneof!["[0-9a-fA-F]{31,33}", texts()]) {
        if let Ok(secret) = AppSecret::meta(text.clone()) {
            prop_assert_eq!(secret.expose_secret(), &text);
            prop_assert_eq!(text.len(), 32);
            prop_assert!(text.bytes().all(|digit| b"0123456789abcdef".contains(&digit)));
        }
    }

    #[test]
    fn secret_error_depends_on_kind_only(text in texts()) {
        for new in [AppSecret::new, AppSecret::meta] {
            if let Err(refused) = new(text.clone()) {
                let other = new(text_refused_for(refused.kind())).unwrap_err();
                prop_assert_eq!(refused.to_string(), other.to_string());
                prop_assert_eq!(format!("{refused:?}"), format!("{other:?}"));
            }
        }
    }

    #[test]
    fn secret_error_does_not_show_the_text((middle, text) in wrapped()) {
        if let Err(refused) = AppSecret::new(text) {
            let shown = format!("{refused} {refused:?} {refused:#?}");
            prop_assert!(!shown.contains(&middle));
        }
    }
}
