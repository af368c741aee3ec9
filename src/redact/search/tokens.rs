//! The tokens that are found by their shape. A new token is one row.

use std::sync::LazyLock;

use alloc::{format, vec::Vec};
use core::ops::Range;

use regex::bytes::Regex;

use super::text::{
    MARKER, ends_in_word, head, is_base64url, is_boundary, is_cut_off, pattern, run, tail,
};

/// The label of the marker, the prefixes of the token, between blanks, and a pattern. The pattern matches at
/// least 12 characters, the minimum for a token that is cut off.
type Row = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
pub(super) const TOKENS: &[Row] = &[
    // Facebook. The letters behind `EAA` encode the id of the app.
    ("access_token", "EAA EAB EAC EAD EAE EAF", "EA[A-F][A-Za-z0-9]{9,}"),
    // Instagram.
    ("access_token", "IGAA IGQ", "IG(?:AA|Q[A-Za-z0-9_-])[A-Za-z0-9_-]{8,}"),
    // Threads.
    ("access_token", "THAA", "THAA[A-Za-z0-9_-]{8,}"),
];

/// The minimum length of a token that is not cut off.
const WHOLE: usize = 30;

static PATTERNS: LazyLock<Vec<Option<Regex>>> = LazyLock::new(|| {
    let rows = TOKENS.iter();
    let compile = |(.., pattern): &Row| Regex::new(&format!("(?-u)\\A(?:{pattern})")).ok();
    rows.map(compile).collect()
});

/// Judges the token `index`, whose prefix `rest` begins with. Returns the length of the token.
pub(super) fn token(index: usize, before: &[u8], rest: &[u8]) -> Option<usize> {
    // First, because the pattern may read far.
    if !is_boundary(before) {
        return None;
    }
    let length = PATTERNS.get(index)?.as_ref()?.find(rest)?.end();
    let (token, behind) = rest.split_at_checked(length)?;
    let sample = head(token, WHOLE);
    let is_digest = sample
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    let is_token = length >= WHOLE || is_cut_off(behind) && token.iter().any(u8::is_ascii_digit);
    (is_token && !is_digest).then(|| length + run(behind, is_base64url))
}

/// The spellings of the bar between an app id and its token.
pub(super) const BARS: [&str; 4] = ["|", "%7c", "257c", "u007c"];

/// Judges a bar that ends at the end of `before`: an app access token may follow. Returns whether it is a
/// token of Threads, and its length.
pub(super) fn behind_bar(before: &[u8], rest: &[u8]) -> Option<(bool, usize)> {
    let app = pattern!(
        r"(?:TH(?:\||%(?:25)*7[cC]|\\+u007[cC])[0-9]{14,20}|[0-9]{14,})(?:\||%(?:25)*7[cC]|\\+u007[cC])\z"
    );
    let app = app.find(before)?;
    let length = run(rest, is_base64url);
    let (token, behind) = rest.split_at_checked(length)?;
    if length >= 16 && app.as_bytes().starts_with(b"TH") {
        return Some((true, length));
    }
    let is_hexadecimal = token.iter().all(u8::is_ascii_hexdigit);
    let has_both_cases =
        token.iter().any(u8::is_ascii_uppercase) && token.iter().any(u8::is_ascii_lowercase);
    let is_token = match length {
        27 => true,
        32 if is_hexadecimal => true,
        20..=32 => is_cut_off(behind) && (is_hexadecimal || has_both_cases),
        _ => false,
    };
    (is_token && !behind.starts_with(MARKER)).then_some((false, length))
}

/// Judges the word `bearer`. Returns the range of the token behind it, relative to the end of the word.
pub(super) fn bearer(before: &[u8], rest: &[u8]) -> Option<Range<usize>> {
    let start = pattern!(r"\A(?:[ \t+]|%(?:25)*(?:20|09)|\\+(?:t|u0020|u0009)){1,8}")
        .find(rest)?
        .end();
    let is_data = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=|%".contains(&byte);
    let token = tail(rest, start);
    let sample = head(token, run(head(token, WHOLE), is_data));
    let is_token = sample.len() >= 16 && sample.iter().any(u8::is_ascii_digit)
        || sample.len() >= WHOLE && sample.iter().any(u8::is_ascii_uppercase);
    (is_token && !ends_in_word(before)).then(|| start..start + run(token, is_data))
}
