//! Search needles for all encoded forms of a registered value.

use alloc::{format, string::String, vec, vec::Vec};

use super::Encoding;

/// The sufficient length of a needle. Needles are short, because the searcher is not wiped.
const ENOUGH: usize = 4;
/// The maximum length that one encoded character adds to a needle.
const ENOUGH_ENCODED: usize = 6;

/// Returns short prefixes of all encoded forms of the value.
pub(super) fn of(value: &str, encodings: &[Encoding]) -> Vec<Vec<u8>> {
    let mut complete = Vec::new();
    if encodings.contains(&Encoding::PercentAll) {
        let first = value.bytes().next().unwrap_or_default();
        complete.extend(spellings(&format!("%{first:02x}%")));
    }
    // Prefixes that are still too short. Each round appends one character.
    let mut open = vec![String::new()];
    for character in value.chars() {
        if open.is_empty() {
            break;
        }
        let written = written(character, encodings);
        let longer = open.iter().flat_map(|beginning| {
            written
                .iter()
                .map(move |written| format!("{beginning}{written}"))
        });
        let (enough, short) = longer.partition(|needle| needle.len() >= ENOUGH);
        complete.extend::<Vec<String>>(enough);
        open = short;
    }
    complete.extend(open);
    complete.into_iter().map(String::into_bytes).collect()
}

/// Returns all encoded forms of one character, cut where they are long.
fn written(character: char, encodings: &[Encoding]) -> Vec<String> {
    let mut written = vec![String::from(character)];
    if character.is_ascii_alphanumeric() {
        return written;
    }
    let mut bytes = [0; 4];
    let bytes = character.encode_utf8(&mut bytes).as_bytes();
    let first = bytes.first().copied().unwrap_or_default();
    written.extend(spellings(&format!("%{first:02x}")));
    if encodings == [Encoding::Base64] {
        match character {
            '+' => written.push("-".into()),
            '/' => written.extend(["_".into(), "\\/".into()]),
            _ => {}
        }
        return written;
    }
    // Depth 1 is `%25` and the first digit. Depth 2 is `%2525`, cut to four characters.
    written.extend(spellings(&format!("%25{:x}", first >> 4)));
    written.push("%252".into());
    if character == ' ' {
        written.push("+".into());
    }
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units).iter().take(1) {
        for backslashes in ["\\", "\\\\"] {
            let escape = format!("{backslashes}u{unit:04x}");
            let cut: String = escape.chars().take(ENOUGH_ENCODED).collect();
            written.extend(spellings(&cut));
        }
    }
    let escapes: &[&str] = match character {
        '\u{8}' => &["\\b", "\\\\b"],
        '\u{c}' => &["\\f", "\\\\f"],
        '\n' => &["\\n", "\\\\n"],
        '\r' => &["\\r", "\\\\r"],
        '\t' => &["\\t", "\\\\t"],
        '/' => &["\\/", "\\\\/"],
        '"' => &["\\\"", "\\\\\\\""],
        '\\' => &["\\\\", "\\\\\\\\"],
        _ => &[],
    };
    written.extend(escapes.iter().map(|escape| String::from(*escape)));
    written
}

/// Returns the text with each of its hexadecimal letters in lower and upper case.
fn spellings(text: &str) -> impl Iterator<Item = String> {
    let mut all = vec![String::new()];
    for letter in text.chars() {
        let mut next = Vec::new();
        for spelling in &all {
            next.push(format!("{spelling}{letter}"));
            if matches!(letter, 'a'..='f') {
                next.push(format!("{spelling}{}", letter.to_ascii_uppercase()));
            }
        }
        all = next;
    }
    all.into_iter()
}
