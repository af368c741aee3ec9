//! The text of a secret: checked once, stored exactly, wiped on drop.

use alloc::{boxed::Box, string::String};

use zeroize::{Zeroize, Zeroizing};

use super::{SecretError, SecretErrorKind};

/// The longest secret accepted, in bytes.
pub(super) const MAX_BYTES: usize = 16 * 1024;

/// The body of every secret type.
pub(super) struct SecretText(Box<str>);

impl SecretText {
    pub(super) fn new(what: &'static str, source: String) -> Result<Self, SecretError> {
        let source = Zeroizing::new(source);
        check(&source).map_err(|kind| SecretError::new(what, kind))?;
        // A copy into a box of exactly this length: shrinking the string in place could move it
        // and leave the old allocation unwiped.
        Ok(Self(Box::from(source.as_str())))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

fn check(text: &str) -> Result<(), SecretErrorKind> {
    if text.is_empty() {
        return Err(SecretErrorKind::Empty);
    }
    if text.len() > MAX_BYTES {
        return Err(SecretErrorKind::TooLong);
    }
    if text.trim().len() != text.len() {
        return Err(SecretErrorKind::SurroundingWhitespace);
    }
    if text.chars().any(is_invisible) {
        return Err(SecretErrorKind::ControlCharacter);
    }
    if is_placeholder(text) {
        return Err(SecretErrorKind::Placeholder);
    }
    Ok(())
}

/// Control characters, and the invisible ones that pasting brings along: zero-width and
/// directional marks, line separators, fillers, the byte-order mark, tags, and U+FFFD, which is
/// what a wrong decoding leaves behind. Joiners within emoji are among them, their variation
/// selectors are not.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffd}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Recognises what templates, samples and tutorials put where a secret belongs. It is no measure
/// of strength: a short or guessable secret passes.
fn is_placeholder(text: &str) -> bool {
    const WRAPPED: [(&str, &str); 5] = [
        ("<", ">"),
        ("${", "}"),
        ("{{", "}}"),
        ("[", "]"),
        ("%", "%"),
    ];
    const WHOLE: [&str; 22] = [
        "accesstoken",
        "apikey",
        "appsecret",
        "clientsecret",
        "dummy",
        "example",
        "fixme",
        "metaappsecret",
        "nil",
        "none",
        "null",
        "placeholder",
        "redacted",
        "secrethere",
        "tbd",
        "todo",
        "tokenhere",
        "undefined",
        "verifytoken",
        "webhooksecret",
        "webhooktoken",
        "whatsappsecret",
    ];
    const STARTS: [&str; 7] = [
        "changeme",
        "changeit",
        "changethis",
        "replaceme",
        "replacethis",
        "replacewith",
        "enteryour",
    ];
    const YOURS_ENDS: [&str; 6] = ["secret", "token", "key", "here", "value", "password"];

    if WRAPPED
        .iter()
        .any(|(open, close)| text.starts_with(open) && text.ends_with(close))
    {
        return true;
    }
    let mut characters = text.chars();
    let first = characters.next();
    if characters.all(|character| Some(character) == first) {
        return true;
    }

    let letters = Zeroizing::new(
        text.bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .fold(String::with_capacity(text.len()), |mut letters, letter| {
                letters.push(letter);
                letters
            }),
    );
    let yours = ["your", "my", "insertyour", "putyour", "the"]
        .iter()
        .filter_map(|start| letters.strip_prefix(start))
        .any(|rest| WHOLE.contains(&rest));
    let yours_here = ["your", "insert", "put", "paste"]
        .iter()
        .any(|start| letters.starts_with(start))
        && YOURS_ENDS.iter().any(|end| letters.ends_with(end));
    WHOLE.contains(&letters.as_str())
        || STARTS.iter().any(|start| letters.starts_with(start))
        || yours
        || yours_here
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    fn kind(text: &str) -> Option<SecretErrorKind> {
        SecretText::new("it", text.to_string())
            .err()
            .map(|refused| refused.kind())
    }

    #[test]
    fn placeholders_of_templates_and_samples_are_refused() {
        for text in [
            "changeme",
            "CHANGE_ME",
            "change-me-please",
            "your-app-secret",
            "YOUR_VERIFY_TOKEN",
            "your_app_secret_here",
            "<app secret>",
            "${APP_SECRET}",
            "{{ secret }}",
            "[secret]",
            "%SECRET%",
            "xxxxxxxxxxxxxxxx",
            "********",
            "00000000000000000000000000000000",
            "x",
            "TODO",
            "null",
            "undefined",
            "app_secret",
            "verify-token",
            "insert your token here",
            "replace-with-your-secret",
            "...",
            "\u{2026}",
            "my_verify_token",
            "placeholder",
            "---",
            "paste_secret_here",
        ] {
            assert_eq!(kind(text), Some(SecretErrorKind::Placeholder), "{text}");
        }
    }

    #[test]
    fn real_looking_secrets_are_accepted() {
        for text in [
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "It's a Secret to Everybody",
            "mysecret",
            "test_app_secret",
            "app-secret-0123456789abcdef",
            "pässwörd with spaces",
            "yourself-and-others",
            "nullable-thing",
            "\u{1f512}\u{1f511}",
            "ab",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn white_space_and_invisible_characters_are_refused() {
        for text in [
            " a b", "a b ", "a b\n", "\ta b", "\u{a0}ab", "ab\r\n", " ", "\n",
        ] {
            assert_eq!(
                kind(text),
                Some(SecretErrorKind::SurroundingWhitespace),
                "{text:?}"
            );
        }
        for text in [
            "a\nb",
            "a\0b",
            "\u{feff}ab",
            "a\u{200b}b",
            "a\u{fffd}b",
            "a\u{7f}b",
            "a\u{2028}b",
            "ab\u{3164}",
        ] {
            assert_eq!(
                kind(text),
                Some(SecretErrorKind::ControlCharacter),
                "{text:?}"
            );
        }
    }

    #[test]
    fn length_is_bounded() {
        let longest = format!("a{}", "b".repeat(MAX_BYTES - 1));
        assert_eq!(kind(&longest), None);
        assert_eq!(kind(&format!("{longest}b")), Some(SecretErrorKind::TooLong));
        assert_eq!(kind(""), Some(SecretErrorKind::Empty));
    }
}
