//! Hostile texts, and their JSON encodings.

use arbitrary::{Result, Unstructured};

/// All fragments with a meaning for redaction.
const FRAGMENTS: &[&str] = &[
    "\"",
    "\\",
    "'",
    "/",
    ":",
    ",",
    "=",
    "{",
    "}",
    "[",
    "]",
    "&",
    "%",
    "+",
    "-",
    ".",
    " ",
    "\n",
    "\r",
    "\t",
    "\u{8}",
    "\u{0}",
    "\u{1b}[31m",
    "%22",
    "%2522",
    "%5C",
    "\\\"",
    "\\\\",
    "\\u0022",
    "\\n",
    "\",\"wa_id\":\"",
    "\":\"",
    "\",\"",
    "wa_id",
    "from",
    "name",
    "\"name\":",
    "id",
    "messages",
    "12125550142",
    "+12125550142",
    "wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQz",
    "wa:cynnyne45vfh",
    "[redacted:name]",
    "[redacted:",
    "access_token=",
    "EAACEdEose0cBAExampleExampleExample",
    "code",
    "pin",
    "123456",
    "null",
    "true",
    "é",
    "😀",
    "\u{2028}",
    "...",
    "…",
    "|",
    "b",
    "Some(",
    "Sam",
    "x",
];

/// Fragments without meaning when no key or value is adjacent.
const QUIET: &[&str] = &[
    "\"", "\\", "'", "/", ",", "{", "}", "[", "]", "%", "-", ".", " ", "\n", "\r", "\t", "\u{8}",
    "\u{0}", "%22", "%2522", "%5C", "\\\"", "\\\\", "\\u0022", "\\n", "null", "true", "é", "😀",
    "\u{2028}", "...", "x",
];

/// Generates a hostile text, which is never empty.
pub(super) fn hostile(entropy: &mut Unstructured<'_>) -> Result<String> {
    fragments(entropy, FRAGMENTS)
}

pub(super) fn quiet(entropy: &mut Unstructured<'_>) -> Result<String> {
    fragments(entropy, QUIET)
}

fn fragments(entropy: &mut Unstructured<'_>, known: &[&str]) -> Result<String> {
    let mut text = String::new();
    let count = entropy.int_in_range(1..=12)?;
    for _ in 0..count {
        text.push_str(entropy.choose(known)?);
    }
    if entropy.ratio(1, 32)? {
        text = text.repeat(20);
    }
    if text == "[redacted:name]" {
        // It would stay.
        text.push('x');
    }
    Ok(text)
}

/// Encodes the text as a JSON string, with a random escape for each character.
pub(super) fn written(entropy: &mut Unstructured<'_>, text: &str) -> Result<String> {
    let escape = entropy.int_in_range(0..=3)?;
    if escape > 0 {
        return Ok(serde_json::to_string(text).unwrap());
    }
    let mut json = "\"".to_owned();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            json.push(character);
        } else if character == '/' {
            json.push_str("\\/");
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                json.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    json.push('"');
    Ok(json)
}
