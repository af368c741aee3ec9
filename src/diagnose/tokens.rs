//! The tokens of a JSON text, unparsed.

use serde::de::IgnoredAny;

/// Returns whether the text is one JSON value, nested less than 128 deep.
pub(super) fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Returns whether the text is the beginning of a JSON value.
pub(super) fn is_unfinished_json(text: &[u8]) -> bool {
    let is_collection = matches!(text.trim_ascii_start(), [b'{' | b'[', ..]);
    let parsed = serde_json::from_slice::<IgnoredAny>(text);
    is_collection && parsed.is_err_and(|error| error.is_eof())
}

/// Splits a text into white space, marks such as `{`, strings with their quotes, and other values.
///
/// The tokens of any text, joined again, are the text.
pub(super) struct Tokens<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (first, others) = self.0.split_first()?;
        let length = match first {
            b'"' => string_length(others).saturating_add(1),
            byte if is_mark(*byte) => 1,
            byte if byte.is_ascii_whitespace() => run(self.0, u8::is_ascii_whitespace),
            _ => run(self.0, |byte| {
                !is_mark(*byte) && *byte != b'"' && !byte.is_ascii_whitespace()
            }),
        };
        let (token, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(token)
    }
}

fn is_mark(byte: u8) -> bool {
    b"{}[],:".contains(&byte)
}

/// Returns the number of bytes before the first one that is not part of the token.
fn run(text: &[u8], is_part: impl Fn(&u8) -> bool) -> usize {
    let end = text.iter().position(|byte| !is_part(byte));
    end.unwrap_or(text.len())
}

/// Returns the length of a string after its first quote, with the last quote.
fn string_length(text: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = text.iter().position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn tokens(text: &str) -> Vec<&str> {
        Tokens(text.as_bytes())
            .map(|token| core::str::from_utf8(token).unwrap())
            .collect()
    }

    #[test]
    fn splits_json() {
        assert_eq!(
            tokens(r#"{"a\"\\": [-1.5e3,true ]}"#),
            [
                "{",
                r#""a\"\\""#,
                ":",
                " ",
                "[",
                "-1.5e3",
                ",",
                "true",
                " ",
                "]",
                "}"
            ]
        );
    }

    #[test]
    fn splits_any_text() {
        for text in ["", "\"", "\"\\", "\"\\\"", "a\"b", " \n{", "}}", "ä:ä"] {
            assert_eq!(tokens(text).concat(), text, "{text:?}");
        }
    }

    #[test]
    fn recognises_unfinished_json() {
        for text in ["{", "[1,", "{\"a\":\"b", " {\"a\":[1"] {
            assert!(is_unfinished_json(text.as_bytes()), "{text:?}");
        }
        for text in ["", "{}", "a=b", "\"a", "12e", "{,", "[1]]"] {
            assert!(!is_unfinished_json(text.as_bytes()), "{text:?}");
        }
        assert!(!is_json("[".repeat(200).as_bytes()) && is_json(b"[{}]\n"));
    }
}
