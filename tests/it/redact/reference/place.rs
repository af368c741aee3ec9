//! A position in the text, and what a rule may look at from there.

use super::unit::percent_sign;

const BEHIND: usize = 48;
const AHEAD: usize = 128;

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
pub(super) fn run(text: &[u8], wanted: impl Fn(&u8) -> bool) -> usize {
    text.iter().take_while(|byte| wanted(byte)).count()
}

/// Whether a token may begin behind this.
pub(super) fn is_boundary(behind: &[u8]) -> bool {
    match behind {
        [] => true,
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
}
