//! Raw text: parts, classes of bytes, and its last characters.

use super::cursor::Cursor;

/// Compiles a pattern once. Its classes are those of ASCII.
macro_rules! pattern {
    ($pattern:expr) => {{
        static PATTERN: std::sync::LazyLock<regex::bytes::Regex> = std::sync::LazyLock::new(|| {
            #[allow(clippy::unwrap_used, reason = "the patterns are tested")]
            regex::bytes::Regex::new(concat!("(?-u)", $pattern)).unwrap()
        });
        &*PATTERN
    }};
}
pub(super) use pattern;

/// The prefix of every marker.
pub(super) const MARKER: &[u8] = b"[redacted:";

/// The text from `at` on.
pub(super) fn tail(text: &[u8], at: usize) -> &[u8] {
    text.get(at..).unwrap_or_default()
}

/// The text before `at`.
pub(super) fn head(text: &[u8], at: usize) -> &[u8] {
    text.get(..at).unwrap_or(text)
}

/// How many leading bytes fit.
pub(super) fn run(text: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|byte| fits(**byte)).count()
}

/// How many trailing bytes fit.
pub(super) fn run_back(text: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    text.iter().rev().take_while(|byte| fits(**byte)).count()
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Letters, digits, `-` and `_`.
pub(super) fn is_base64url(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

/// Returns whether a record is cut off here: it ends, or an ellipsis follows.
pub(super) fn is_cut_off(rest: &[u8]) -> bool {
    matches!(rest, [] | b"\n" | b"\r\n")
        || rest.starts_with(b"...")
        || rest.starts_with("…".as_bytes())
}

/// Returns the decoded character that the text ends with, and its length.
pub(super) fn last(text: &[u8]) -> Option<(u8, usize)> {
    let encoded = match text {
        [.., b'\\', _] | [.., b'%' | b'5', _, _] | [.., b'u', _, _, _, _] => {
            pattern!(r#"(?:%(?:25)*|\\+u00)[[:xdigit:]]{2}\z|\\+["'/]\z"#).find(text)
        }
        _ => None,
    };
    match encoded {
        Some(found) => {
            let decoded = Cursor::new(text, found.start()).fresh();
            let next = decoded.peek()?;
            (next.end == text.len()).then_some((next.byte, next.end - decoded.at))
        }
        None => Some((*text.last()?, 1)),
    }
}

/// Returns whether the text ends inside a word. An escape, a percent-encoded byte or a terminal colour
/// ends a word.
pub(super) fn ends_in_word(before: &[u8]) -> bool {
    before.last().is_some_and(|byte| is_word(*byte)) && !ends_escape(before)
}

/// Returns whether a token can begin behind this text.
pub(super) fn is_boundary(before: &[u8]) -> bool {
    match before {
        [.., b'%'] => false,
        [.., b'_'] => true,
        [data @ .., b'+' | b'/'] => !is_base64(data),
        _ => !ends_in_word(before),
    }
}

fn ends_escape(before: &[u8]) -> bool {
    match before {
        [.., b'm'] | [.., b'\\', _] | [.., b'%' | b'5' | b'x', _, _] | [.., b'u', _, _, _, _] => {
            pattern!(
                r"(?:\\[nrtbf]|(?:\\x|%(?:25)*)[[:xdigit:]]{2}|\\u[[:xdigit:]]{4}|(?:\x1b|\\u001[bB]|\\x1b)\[[0-9;]*m)\z"
            )
            .is_match(before)
        }
        _ => false,
    }
}

/// Guesses whether the text ends in base64 data, from its mix of letters and digits.
fn is_base64(text: &[u8]) -> bool {
    const SAMPLE: usize = 32;
    let sample = tail(text, text.len().saturating_sub(SAMPLE));
    let count = |test: fn(&u8) -> bool| sample.iter().filter(|byte| test(byte)).count();
    count(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)) == SAMPLE
        && count(u8::is_ascii_uppercase) >= 6
        && count(u8::is_ascii_lowercase) >= 6
        && count(u8::is_ascii_digit) >= 2
}
