//! Compares the redactor with the reference implementation on generated difficult texts.

mod chunks;
mod json;
mod texts;

use std::borrow::Cow;

use proptest::{prelude::*, sample::select};

use self::texts::{text, utf8};
use super::{
    configurations::{ALL, Configuration},
    reference::table,
};

type Checked = Result<(), TestCaseError>;

fn configuration() -> impl Strategy<Value = &'static Configuration> {
    let [built_in, custom, without_families, personal @ ..] = &*ALL;
    prop_oneof![
        1 => Just(built_in),
        3 => Just(custom),
        1 => Just(without_families),
        3 => select(personal.iter().collect::<Vec<_>>()),
    ]
}

/// More cases than usual, where a case is quick and difficult to hit.
fn times(factor: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.saturating_mul(factor),
        ..usual
    }
}

fn fast(configuration: &Configuration, text: &[u8]) -> Vec<u8> {
    configuration.redactor.redact_bytes(text).into_owned()
}

fn defined(configuration: &Configuration, text: &[u8]) -> Vec<u8> {
    configuration.rules.redact(text)
}

fn readable(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// Equal, or a message that can be read.
fn same(found: &[u8], wanted: &[u8], text: &[u8]) -> Checked {
    prop_assert!(
        found == wanted,
        "of {}\n found {}\nwanted {}",
        readable(text),
        readable(found),
        readable(wanted)
    );
    Ok(())
}

fn redacting_again_changes_nothing(
    redact: fn(&Configuration, &[u8]) -> Vec<u8>,
    configuration: &Configuration,
    text: &[u8],
) -> Checked {
    let once = redact(configuration, text);
    same(&redact(configuration, &once), &once, text)
}

#[test]
fn documented_table_holds() {
    let differences = table::differences(fast);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

proptest! {
    #![proptest_config(times(8))]

    #[test]
    fn redactor_matches_reference(configuration in configuration(), text in text()) {
        same(&fast(configuration, &text), &defined(configuration, &text), &text)?;
    }
}

proptest! {
    #[test]
    fn redaction_is_idempotent(configuration in configuration(), text in text()) {
        redacting_again_changes_nothing(fast, configuration, &text)?;
    }

    #[test]
    fn reference_is_idempotent(
        configuration in configuration(),
        text in text(),
    ) {
        redacting_again_changes_nothing(defined, configuration, &text)?;
    }

    #[test]
    fn redaction_keeps_utf8_valid(configuration in configuration(), text in utf8()) {
        let redacted = configuration.redactor.redact(&text);
        same(redacted.as_bytes(), &fast(configuration, text.as_bytes()), text.as_bytes())?;
        let owned = configuration.redactor.redact_string(text.clone());
        prop_assert_eq!(owned, redacted);
    }

    #[test]
    fn reference_keeps_utf8_valid(configuration in configuration(), text in utf8()) {
        let redacted = String::from_utf8(defined(configuration, text.as_bytes()));
        prop_assert!(redacted.is_ok(), "{redacted:?} of {text:?}");
    }

    #[test]
    fn clean_text_is_borrowed(configuration in configuration(), text in text()) {
        let redacted = configuration.redactor.redact_bytes(&text);
        let is_borrowed = matches!(redacted, Cow::Borrowed(_));
        let has_changed = *redacted != *text;
        prop_assert!(!(is_borrowed && has_changed));
        // What became the very marker that it was is replaced all the same.
        if configuration.rules.replacements(&text).is_empty() {
            prop_assert!(is_borrowed);
        }
    }
}
