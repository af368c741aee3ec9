//! Personal data in webhook-like JSON: all personal values are replaced in every encoding, and no
//! other value changes.
//!
//! Each document is generated together with its expected result, so no second redactor is needed.
#![no_main]

mod document;
mod text;

use std::{io::Write, sync::LazyLock};

use arbitrary::{Arbitrary, Unstructured};
use hubseal::redact::{PersonalData, PseudonymKey, Redactor};
use serde_json::Value;

use self::document::{Becomes, Node};

static REDACTORS: LazyLock<[Redactor; 2]> = LazyLock::new(|| {
    [PersonalData::Mask, PersonalData::Pseudonyms(key())]
        .map(|personal| Redactor::builder().personal_data(personal).build().unwrap())
});

fn key() -> PseudonymKey {
    PseudonymKey::new([7; 32]).unwrap()
}

/// Formatting of a document as text.
#[derive(Arbitrary, Debug)]
struct Style {
    policy: Policy,
    is_pretty: bool,
    /// How many times the JSON is nested as a string in JSON.
    nested: u8,
    cut: u8,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Policy {
    Mask,
    Pseudonyms,
}
libfuzzer_sys::fuzz_target!(|input: &[u8]| check(input));

fn check(input: &[u8]) {
    let mut entropy = Unstructured::new(input);
    let Ok(style) = Style::arbitrary(&mut entropy) else {
        return;
    };
    let Ok(document) = Node::document(&mut entropy) else {
        return;
    };
    let depth = style.nested % 4;
    let text = (0..depth).fold(document.text(style.is_pretty), |text, _| {
        serde_json::json!({ "level": "INFO", "message": text }).to_string()
    });
    let redactor = &REDACTORS[style.policy as usize];
    let redacted = redactor.redact(&text).into_owned();

    let inner = (0..depth).fold(redacted.clone(), |text, _| {
        let line = parsed(&text);
        assert_eq!(line["level"], "INFO");
        line["message"]
            .as_str()
            .expect("the line has a message")
            .to_owned()
    });
    let expected = document.expected(&|becomes, original| style.policy.replaced(becomes, original));
    let found = parsed(&inner);
    assert!(
        found == expected,
        "text {text}\nresult {found}\nexpected {expected}"
    );

    assert_eq!(
        redactor.redact(&redacted),
        redacted,
        "redaction is not idempotent"
    );
    assert_cut(redactor, &text, &redacted, usize::from(style.cut) + 1);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn assert_cut(redactor: &Redactor, text: &str, redacted: &str, size: usize) {
    let mut writer = redactor.writer(Vec::new());
    for chunk in text.as_bytes().chunks(size) {
        writer.write_all(chunk).unwrap();
    }
    assert!(
        writer.finish().unwrap() == redacted.as_bytes(),
        "cut each {size} bytes: {text}"
    );
}

impl Policy {
    fn replaced(self, becomes: &Becomes, original: &Value) -> Value {
        let marker = |label: &str| Value::from(format!("[redacted:{label}]"));
        let pseudonym = |digits: &str| key().phone_number(digits).unwrap();
        match (becomes, self) {
            (Becomes::Itself, _) => original.clone(),
            (Becomes::Marker(label), _) => marker(label),
            (Becomes::Said(digits), _) => {
                let number = self.replaced(&Becomes::Phone(digits), original);
                format!("call {} now", number.as_str().unwrap_or_default()).into()
            }
            (Becomes::User(id), Self::Pseudonyms) => {
                let alone = format!("user_id={id}");
                let pseudonym = REDACTORS[self as usize]
                    .redact(&alone)
                    .replace("user_id=", "");
                assert!(pseudonym.starts_with("user:"), "{pseudonym}");
                pseudonym.into()
            }
            (Becomes::User(_), _) => marker("user_id"),
            (Becomes::Phone(_), Self::Mask) => marker("phone_number"),
            (Becomes::Phone(digits), Self::Pseudonyms) => pseudonym(digits).into(),
            (Becomes::Message(prefix, digits), Self::Pseudonyms) => {
                format!("{prefix}:{}", pseudonym(digits)).into()
            }
            (Becomes::Message("wacid", _), _) => marker("call_id"),
            (Becomes::Message(..), _) => marker("message_id"),
        }
    }
}
