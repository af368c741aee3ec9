//! A position in the text, and the text that a rule can read from there.

use super::unit::percent_sign;

const BEHIND: usize = 48;
pub(super) const AHEAD: usize = 128;

#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    text: &'t [u8],
    /// Where the last redaction ended.
    floor: usize,
    pub(super) at: usize,
}

impl<'t> Place<'t> {
    pub(super) fn new(text: &'t [u8], floor: usize, at: usize) -> Self {
        Self { text, floor, at }
    }

    pub(super) fn behind(&self) -> &'t [u8] {
        &self.text[self.floor.max(self.at.saturating_sub(BEHIND))..self.at]
    }

    pub(super) fn ahead(&self) -> &'t [u8] {
        &self.text[self.at..self.text.len().min(self.at + AHEAD)]
    }

    /// The text from here on, however far: not to decide by, only to find a value's end.
    pub(super) fn rest(&self) -> &'t [u8] {
        &self.text[self.at..]
    }
}

pub(super) fn is_word_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "used like u8::is_ascii_digit"
)]
pub(super) fn is_base64url(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(byte)
}

/// How many bytes at the beginning of `text` are `wanted`.
pub(super) fn run(text: &[u8], mut wanted: impl FnMut(&u8) -> bool) -> usize {
    text.iter().take_while(|byte| wanted(byte)).count()
}

/// Whether what stands before `text` is cut off.
pub(super) fn is_cut_off(text: &[u8]) -> bool {
    text.is_empty() || text.starts_with(b"...") || text.starts_with("…".as_bytes())
}

/// Whether a token may begin behind this.
pub(super) fn is_boundary(behind: &[u8]) -> bool {
    match behind {
        [] | [.., b'_'] => true,
        [.., b'%'] => false,
        [before @ .., b'+' | b'/'] => !ends_with_base64(before),
        _ => is_no_word(behind),
    }
}

/// Whether this ends with no word character, or with one that ends an escape.
pub(super) fn is_no_word(behind: &[u8]) -> bool {
    match behind {
        [.., last] => !is_word_character(*last) || ends_with_escape(behind),
        [] => true,
    }
}

fn ends_with_base64(text: &[u8]) -> bool {
    let Some(start) = text.len().checked_sub(32) else {
        return false;
    };
    let last = &text[start..];
    let count = |wanted: fn(&u8) -> bool| last.iter().filter(|byte| wanted(byte)).count();
    count(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)) == 32
        && count(u8::is_ascii_uppercase) >= 6
        && count(u8::is_ascii_lowercase) >= 6
        && count(u8::is_ascii_digit) >= 2
}

fn ends_with_escape(text: &[u8]) -> bool {
    let digits_behind = |sign: &[u8], digits: usize| {
        text.len()
            .checked_sub(digits)
            .map(|middle| text.split_at(middle))
            .is_some_and(|(before, last)| {
                before.ends_with(sign) && last.iter().all(u8::is_ascii_hexdigit)
            })
    };
    (0..=2).any(|depth| digits_behind(percent_sign(depth), 2))
        || digits_behind(br"\u", 4)
        || digits_behind(br"\x", 2)
        || matches!(text, [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'])
        || ends_with_colour(text)
}

fn ends_with_colour(text: &[u8]) -> bool {
    let Some(text) = text.strip_suffix(b"m") else {
        return false;
    };
    let begins: [&[u8]; 4] = [b"\x1b[", br"\u001b[", br"\u001B[", br"\x1b["];
    (0..=12.min(text.len())).any(|length| {
        let (before, numbers) = text.split_at(text.len() - length);
        numbers
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b';'))
            && begins.iter().any(|begin| before.ends_with(begin))
    })
}

/// How much of `text` belongs to an escape that has begun behind.
pub(super) fn rest_of_escape(behind: &[u8], text: &[u8]) -> usize {
    let is_escaped = |text: &[u8]| {
        let backslashes = text.iter().rev().take_while(|byte| **byte == b'\\');
        backslashes.count() % 2 == 1
    };
    let are_digits = |count: usize| run(&text[..count.min(text.len())], u8::is_ascii_hexdigit);
    if is_escaped(behind) {
        return match text {
            [b'u', digits @ ..] if digits.len() >= 4 => {
                let is_whole = digits[..4].iter().all(u8::is_ascii_hexdigit);
                if is_whole { 5 } else { 0 }
            }
            [b'b' | b'f' | b'n' | b'r' | b't' | b'/' | b'"' | b'\'', ..] => 1,
            _ => 0,
        };
    }
    let begun = (0..=3).find(|written| {
        let Some(middle) = behind.len().checked_sub(*written) else {
            return false;
        };
        let (before, digits) = behind.split_at(middle);
        let is_begun = before.strip_suffix(b"u").is_some_and(is_escaped);
        is_begun && digits.iter().all(u8::is_ascii_hexdigit)
    });
    match begun {
        Some(written) if are_digits(4 - written) == 4 - written => 4 - written,
        _ => 0,
    }
}
