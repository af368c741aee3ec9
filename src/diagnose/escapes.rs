//! Styles of escapes in JSON strings.

use alloc::{string::String, vec::Vec};

/// A style: which characters are escaped besides those that JSON requires.
pub(super) struct Escapes {
    /// Characters outside ASCII, as `\uXXXX`.
    non_ascii: NonAscii,
    more: &'static [(char, &'static str)],
}

#[derive(Clone, Copy)]
enum NonAscii {
    Raw,
    LowerCase,
    UpperCase,
}

/// The styles of common JSON libraries, and of Meta.
///
/// Sources: Meta, *Webhooks: Validate payloads*, and the documentation of the libraries.
pub(super) const STYLES: [Escapes; 8] = [
    // PHP's default, which Meta uses.
    Escapes::new(NonAscii::LowerCase, &[('/', r"\/")]),
    // The same with the further characters that Messenger has been seen to escape.
    Escapes::new(
        NonAscii::LowerCase,
        &[
            ('/', r"\/"),
            ('@', r"\u0040"),
            ('%', r"\u0025"),
            ('<', r"\u003C"),
        ],
    ),
    // Python's default.
    Escapes::new(NonAscii::LowerCase, &[]),
    // JavaScript's and Rust's default.
    Escapes::new(NonAscii::Raw, &[]),
    // PHP with JSON_UNESCAPED_UNICODE.
    Escapes::new(NonAscii::Raw, &[('/', r"\/")]),
    // Go's default.
    Escapes::new(
        NonAscii::Raw,
        &[
            ('<', r"\u003c"),
            ('>', r"\u003e"),
            ('&', r"\u0026"),
            ('\u{2028}', r"\u2028"),
            ('\u{2029}', r"\u2029"),
        ],
    ),
    // Jackson with ESCAPE_NON_ASCII.
    Escapes::new(NonAscii::UpperCase, &[]),
    // .NET's default, System.Text.Json.
    Escapes::new(
        NonAscii::UpperCase,
        &[
            ('"', r"\u0022"),
            ('&', r"\u0026"),
            ('\'', r"\u0027"),
            ('+', r"\u002B"),
            ('<', r"\u003C"),
            ('>', r"\u003E"),
            ('`', r"\u0060"),
            ('\u{7f}', r"\u007F"),
        ],
    ),
];

impl Escapes {
    const fn new(non_ascii: NonAscii, more: &'static [(char, &'static str)]) -> Self {
        Self { non_ascii, more }
    }

    /// Writes a JSON string in this style. Copies a string that cannot be decoded, such as one with half of
    /// a surrogate pair.
    pub(super) fn write(&self, string: &[u8], out: &mut Vec<u8>) {
        let Ok(text) = serde_json::from_slice::<String>(string) else {
            out.extend_from_slice(string);
            return;
        };
        out.push(b'"');
        for character in text.chars() {
            self.write_character(character, out);
        }
        out.push(b'"');
    }

    fn write_character(&self, character: char, out: &mut Vec<u8>) {
        let more = self.more.iter().find(|(known, _)| *known == character);
        let short = match (more, character) {
            (Some((_, escape)), _) => Some(*escape),
            (None, '"') => Some(r#"\""#),
            (None, '\\') => Some(r"\\"),
            (None, '\u{8}') => Some(r"\b"),
            (None, '\u{c}') => Some(r"\f"),
            (None, '\n') => Some(r"\n"),
            (None, '\r') => Some(r"\r"),
            (None, '\t') => Some(r"\t"),
            _ => None,
        };
        let is_raw = matches!(self.non_ascii, NonAscii::Raw) && !character.is_ascii();
        if let Some(escape) = short {
            out.extend_from_slice(escape.as_bytes());
        } else if is_raw || matches!(character, ' '..='\u{7f}') {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        } else if let NonAscii::UpperCase = self.non_ascii {
            write_units(character, b"0123456789ABCDEF", out);
        } else {
            write_units(character, b"0123456789abcdef", out);
        }
    }
}

/// Writes `\uXXXX` for each UTF-16 unit.
fn write_units(character: char, digits: &[u8; 16], out: &mut Vec<u8>) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        out.extend_from_slice(b"\\u");
        for shift in [12, 8, 4, 0] {
            let digit = usize::from((*unit >> shift) & 0xf);
            out.extend(digits.get(digit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn written(style: usize, string: &str) -> String {
        let mut out = Vec::new();
        STYLES[style].write(string.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_every_style() {
        let raw = "\"ä😊/@%<>&\u{2028}\u{7f}+'`\\u001f\\\"\\\\\\b\\f\\n\\r\\t\"";
        let end = "\u{7f}+'`\\u001f\\\"\\\\\\b\\f\\n\\r\\t\"";
        let upper_end = end.replace("001f", "001F");
        let net_end = r#"\u007F\u002B\u0027\u0060\u001F\u0022\\\b\f\n\r\t""#;
        for (style, start, end) in [
            (0, r#""\u00e4\ud83d\ude0a\/@%<>&\u2028"#, end),
            (1, r#""\u00e4\ud83d\ude0a\/\u0040\u0025\u003C>&\u2028"#, end),
            (2, r#""\u00e4\ud83d\ude0a/@%<>&\u2028"#, end),
            (3, "\"ä😊/@%<>&\u{2028}", end),
            (4, "\"ä😊\\/@%<>&\u{2028}", end),
            (5, r#""ä😊/@%\u003c\u003e\u0026\u2028"#, end),
            (6, r#""\u00E4\uD83D\uDE0A/@%<>&\u2028"#, &upper_end),
            (
                7,
                r#""\u00E4\uD83D\uDE0A/@%\u003C\u003E\u0026\u2028"#,
                net_end,
            ),
        ] {
            let expected = start.to_string() + end;
            assert_eq!(written(style, raw), expected, "style {style}");
            assert_eq!(written(style, &expected), expected, "style {style}");
        }
    }

    #[test]
    fn copies_strings_that_cannot_be_decoded() {
        for string in ["\"\\ud800\"", "\"a", "\"\\x\""] {
            for style in 0..STYLES.len() {
                assert_eq!(written(style, string), string);
            }
        }
    }
}
