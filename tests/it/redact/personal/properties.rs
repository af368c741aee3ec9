//! Generated difficult texts: keys, quotes, numbers, markers and pseudonyms in any order.

use std::sync::LazyLock;

use hubseal::redact::Redactor;
use proptest::{collection::vec, prelude::*, sample::select};

use super::Policy;

static REDACTORS: LazyLock<[Redactor; 3]> = LazyLock::new(|| Policy::ALL.map(Policy::redactor));

const PIECES: &[&str] = &[
    "wa_id",
    "from",
    "to",
    "phone_number",
    "phone",
    "user_id",
    "user",
    "group_id",
    "id",
    "name",
    "body",
    "text",
    "latitude",
    "messages",
    "context",
    "wamid.",
    "wacid.",
    "wa:",
    "user:",
    "tel:",
    "HBgLMTIxMjU1NTAxNDIVAgASGBQz",
    "HBgLMTIx",
    "12125550142",
    "442079460018",
    "555",
    "0142",
    "1",
    "US.",
    "ENT.",
    "13491208655302741918",
    "2026-01-31",
    "203.0.113.170",
    "[redacted:name]",
    "[redacted:phone_number]",
    "[redacted:phone_number:42]",
    "[redacted:",
    "wa:cynnyne45vfh",
    "wa:2027:cynnyne45vfh",
    "wamid:wa:cynnyne45vfh",
    "user:yhjmnnsalm76",
    "+",
    "%2B",
    "%2b",
    "-",
    ".",
    "(",
    ")",
    "/",
    "_",
    "a",
    "Sam",
    "ü",
    "😀",
    "\"",
    "'",
    "\\\"",
    "\\\\\\\"",
    "\\",
    "%22",
    "%2522",
    "\\u0022",
    "%5C",
    ":",
    "=",
    "=>",
    ",",
    "%3A",
    "%3D",
    "%2C",
    " ",
    "%20",
    "\n",
    "\\n",
    "&",
    "?",
    "{",
    "}",
    "[",
    "]",
    "null",
    ";",
    "|",
    "...",
    "\u{1b}[2m",
    "\u{1b}[0m",
    "Some(",
    "string(9) ",
    "b",
];

/// Key and value as they belong together, which pieces at random seldom do.
fn pair() -> impl Strategy<Value = String> {
    let quote = select(vec!["\"", "\\\"", "%22", "'", ""]);
    let separator = select(vec![":", ": ", "=", "%3A", " => ", ":Some("]);
    let piece = || select(PIECES);
    (quote, separator, piece(), vec(piece(), 0..6), any::<bool>()).prop_map(
        |(quote, separator, key, value, list)| {
            let value = value.concat();
            let open = if list { "[" } else { "" };
            format!("{quote}{key}{quote}{separator}{open}{quote}{value}{quote}")
        },
    )
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(PIECES).prop_map(str::to_owned),
        2 => pair(),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// More cases than usual: they are quick, and difficult to hit.
fn cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.saturating_mul(8),
        ..usual
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn redaction_is_idempotent(text in text()) {
        for redactor in &*REDACTORS {
            let once = redactor.redact(&text).into_owned();
            prop_assert_eq!(redactor.redact(&once), &*once, "of {}", text);
        }
    }

    #[test]
    fn chunking_does_not_matter(text in text(), at in any::<prop::sample::Index>()) {
        let (before, behind) = text.as_bytes().split_at(at.index(text.len() + 1));
        for redactor in &*REDACTORS {
            let mut scrubber = redactor.scrubber();
            let mut out = Vec::new();
            for piece in [before].into_iter().chain(behind.chunks(5)) {
                scrubber.push(piece, &mut out);
            }
            scrubber.finish(&mut out);
            prop_assert_eq!(String::from_utf8(out).unwrap(), redactor.redact(&text));
        }
    }
}
