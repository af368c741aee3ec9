//! The text of a secret, and the rules that it must follow.

use alloc::{boxed::Box, string::String};

use zeroize::{Zeroize, Zeroizing};

use super::error::SecretErrorKind as Kind;

/// The longest secret accepted, in bytes.
pub(super) const MAX_BYTES: usize = 16 * 1024;

/// The shortest key accepted, in bytes.
pub(super) const MIN_KEY_BYTES: usize = 16;

/// The kind of text that a secret type accepts.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Any length: Meta documents none for tokens.
    Token,
    /// At least [`MIN_KEY_BYTES`].
    Key,
    /// Exactly 32 lower-case hexadecimal digits.
    MetaKey,
}

/// Text that is stored in an allocation of its exact size, and wiped on drop.
pub(super) struct SecretText {
    text: Box<str>,
    /// Whether the key is the decoded base64 of the text.
    pub(super) is_whsec: bool,
}

impl SecretText {
    pub(super) fn new(form: Form, source: String) -> Result<Self, Kind> {
        let source = Zeroizing::new(source);
        check(form, &source)?;
        // Copy: shrinking the string in place could move it and leave the old allocation unwiped.
        Ok(Self {
            text: Box::from(source.as_str()),
            is_whsec: false,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

fn check(form: Form, text: &str) -> Result<(), Kind> {
    if text.is_empty() {
        return Err(Kind::Empty);
    }
    if text.len() > MAX_BYTES {
        return Err(Kind::TooLong);
    }
    if text.trim().len() != text.len() {
        return Err(Kind::SurroundingWhitespace);
    }
    if text.chars().any(is_invisible) {
        return Err(Kind::ControlCharacter);
    }
    if let Some((.., kind)) = SHAPES
        .iter()
        .find(|(start, end, _)| text.starts_with(start) && text.ends_with(end))
    {
        return Err(*kind);
    }
    if is_assignment(text) {
        return Err(Kind::NamePrefix);
    }
    if is_url(text) {
        return Err(Kind::UnresolvedReference);
    }
    if is_placeholder(text) {
        return Err(Kind::Placeholder);
    }
    match form {
        Form::Key if text.len() < MIN_KEY_BYTES => Err(Kind::TooShort),
        Form::Token | Form::Key => Ok(()),
        Form::MetaKey => check_meta(text),
    }
}

/// Matches control characters, U+FFFD, and the invisible characters that pasting adds: zero-width
/// and directional marks, line separators, fillers, the byte-order mark and tags.
///
/// Emoji joiners match. Emoji variation selectors do not.
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

/// The prefixes and suffixes of values that are not the secret itself.
const SHAPES: [(&str, &str, Kind); 14] = [
    ("\"", "\"", Kind::Quoted),
    ("'", "'", Kind::Quoted),
    ("`", "`", Kind::Quoted),
    ("<", ">", Kind::Placeholder),
    ("[", "]", Kind::Placeholder),
    ("$", "", Kind::UnresolvedReference),
    ("{", "}", Kind::UnresolvedReference),
    ("%", "%", Kind::UnresolvedReference),
    ("vault:", "", Kind::UnresolvedReference),
    ("ENC[", "", Kind::UnresolvedReference),
    ("!vault", "", Kind::UnresolvedReference),
    ("!secret", "", Kind::UnresolvedReference),
    ("arn:aws", "", Kind::UnresolvedReference),
    ("@Microsoft.KeyVault(", "", Kind::UnresolvedReference),
];

/// Matches `NAME=value`, but not base64 padding.
fn is_assignment(text: &str) -> bool {
    let in_name = |byte: u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
    let text = text.strip_prefix("export ").unwrap_or(text);
    text.split_once('=').is_some_and(|(name, value)| {
        name.len() >= 3
            && name.bytes().all(in_name)
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && value.contains(|character| character != '=')
    })
}

/// Matches `scheme://`, as in `op://vault/item`.
fn is_url(text: &str) -> bool {
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.split_once(':')
        .is_some_and(|(scheme, rest)| rest.starts_with("//") && scheme.bytes().all(in_scheme))
}

/// Template words. A text that consists of these only is a placeholder.
///
/// A word must precede its own prefixes, because the first match is taken.
const WORDS: &str = "access api app business change client default demo dummy enter example \
    facebook fake fixme here insert it key meta me my nil none null paste password placeholder \
    please put redacted sample secret super tbd test the this todo token undefined value verify \
    webhook whatsapp";
/// A text is also a placeholder if one of these words is first, or follows template words only.
const STRONG_WORDS: [&str; 3] = ["changeme", "replace", "your"];

/// Matches template text and one repeated character. Ignores case, spaces and punctuation.
///
/// This does not measure strength: a guessable secret passes.
fn is_placeholder(text: &str) -> bool {
    let mut letters = Zeroizing::new(String::with_capacity(text.len()));
    letters.extend(
        text.chars()
            .filter(|character| !character.is_ascii_punctuation() && *character != ' ')
            .map(|character| character.to_ascii_lowercase()),
    );
    let mut rest = letters.as_str();
    loop {
        if STRONG_WORDS.iter().any(|word| rest.starts_with(word)) {
            return true;
        }
        let Some(after) = WORDS.split(' ').find_map(|word| rest.strip_prefix(word)) else {
            break;
        };
        rest = after;
    }
    rest.is_empty() || letters.chars().all(|letter| letters.starts_with(letter))
}

/// Accepts 32 lower-case hexadecimal digits that are not an obvious sample.
fn check_meta(text: &str) -> Result<(), Kind> {
    let mut bytes = Zeroizing::new([0_u8; 16]);
    if text.len() != 32 || base16ct::lower::decode(text, bytes.as_mut_slice()).is_err() {
        return Err(Kind::NotMetaForm);
    }
    // Sample bytes count by a constant (0f1e2d… by 15, 001122… by 17), or repeat their first half.
    let mut steps = bytes
        .iter()
        .zip(bytes.iter().skip(1))
        .map(|(byte, next)| next.wrapping_sub(*byte));
    let first = steps.next();
    let counts = steps.all(|step| Some(step) == first);
    if counts || bytes.iter().take(8).eq(bytes.iter().skip(8)) {
        return Err(Kind::Placeholder);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    fn kind(text: &str) -> Option<Kind> {
        SecretText::new(Form::Token, text.to_string()).err()
    }

    #[test]
    fn refuses_white_space_and_invisible_characters() {
        for text in [
            " a b", "a b ", "a b\n", "\ta b", "\u{a0}ab", "ab\r\n", " ", "\n",
        ] {
            assert_eq!(kind(text), Some(Kind::SurroundingWhitespace), "{text:?}");
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
            assert_eq!(kind(text), Some(Kind::ControlCharacter), "{text:?}");
        }
    }

    #[test]
    fn bounds_the_length() {
        let longest = format!("a{}", "b".repeat(MAX_BYTES - 1));
        assert_eq!(kind(&longest), None);
        assert_eq!(kind(&format!("{longest}b")), Some(Kind::TooLong));
        assert_eq!(kind(""), Some(Kind::Empty));
    }

    #[test]
    fn template_words_precede_their_own_prefixes() {
        for (at, word) in WORDS.split(' ').enumerate() {
            let mut before = WORDS.split(' ').take(at);
            assert!(!before.any(|before| word.starts_with(before)), "{word}");
        }
    }
}
