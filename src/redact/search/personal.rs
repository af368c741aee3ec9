//! Personal data: phone numbers, user ids, and the ids of messages, which contain a phone number.

use alloc::{format, string::String, vec::Vec};

use base64::{
    Engine, alphabet,
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};

use super::{
    between::blanks,
    text::{MARKER, ends_in_word, head, is_word, last, pattern, run},
    value::Value,
};
use crate::redact::PersonalData;

/// The numbers of digits that a phone number has.
const DIGITS: core::ops::RangeInclusive<usize> = 7..=MAX_DIGITS;
const MAX_DIGITS: usize = 15;

impl PersonalData {
    /// Returns the pseudonym of a phone number, if it is not only masked.
    pub(super) fn phone_number(&self, digits: &str) -> Option<String> {
        match self {
            Self::Mask => None,
            Self::Pseudonyms(key) => key.phone_number(digits),
        }
    }

    pub(super) fn user_id(&self, id: &[u8]) -> String {
        match (self, core::str::from_utf8(id)) {
            (Self::Pseudonyms(key), Ok(id)) => key.user_id(id),
            _ => "[redacted:user_id]".into(),
        }
    }

    /// Judges `wamid.` or `wacid.`. Returns the length of the id, and its replacement if it is no marker.
    pub(super) fn message_id(&self, rest: &[u8]) -> Option<(usize, Option<String>)> {
        let id = pattern!(r"\Awa[mc]id\.[A-Za-z0-9_+/-]{8,}[A-Za-z0-9_+/=-]*").find(rest)?;
        let (prefix, encoded) = id.as_bytes().split_at_checked(6)?;
        let encoded = head(encoded, 32);
        let encoded = head(encoded, run(encoded, |byte| byte != b'='));
        let number = match self {
            Self::Mask => None,
            Self::Pseudonyms(key) => digits(encoded).and_then(|digits| key.phone_number(&digits)),
        };
        let kind = if prefix == b"wamid." {
            "wamid"
        } else {
            "wacid"
        };
        Some((id.len(), number.map(|number| format!("{kind}:{number}"))))
    }

    /// Judges a `+` that `before` ends with. Returns its length, the length of the phone number behind it,
    /// and the replacement of both, if it is no marker.
    pub(super) fn free_number(
        &self,
        before: &[u8],
        behind: &[u8],
    ) -> Option<(usize, usize, Option<String>)> {
        let digits = run(head(behind, MAX_DIGITS + 1), |byte| byte.is_ascii_digit());
        let (number, rest) = behind.split_at_checked(digits)?;
        let goes_on = rest.first().is_some_and(|byte| is_word(*byte)) || rest.starts_with(MARKER);
        if !(8..=MAX_DIGITS).contains(&digits) || number.starts_with(b"0") || goes_on {
            return None;
        }
        let (_, plus) = last(before).filter(|(last, _)| *last == b'+')?;
        let is_free = !ends_in_word(head(before, before.len().saturating_sub(plus)));
        let number = core::str::from_utf8(number).ok()?;
        is_free.then(|| (plus, digits, self.phone_number(number)))
    }
}

/// Returns the length of the pseudonym that the text begins with, or 0.
pub(super) fn pseudonym(text: &[u8]) -> usize {
    if !text.starts_with(b"wa:") && !text.starts_with(b"user:") {
        return 0;
    }
    let pattern = pattern!(r"\A(?:wa|user):(?:[a-z0-9_-]{1,16}:)?[a-z2-7]{12}");
    let length = pattern.find(text).map_or(0, |found| found.len());
    // A longer word is none.
    let goes_on = text
        .get(length)
        .is_some_and(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
    if goes_on { 0 } else { length }
}

/// Accepts trailing bits that are not zero, because the encoded text is cut off.
const PIECE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    NO_PAD.with_decode_allow_trailing_bits(true),
);

/// Decodes the base64 and returns the phone number in it.
fn digits(encoded: &[u8]) -> Option<String> {
    let standard = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        same => *same,
    };
    // A last group of one character encodes no byte.
    let whole = encoded
        .len()
        .saturating_sub(usize::from(encoded.len() % 4 == 1));
    let encoded: Vec<u8> = encoded.iter().take(whole).map(standard).collect();
    let bytes = PIECE.decode(&encoded).ok()?;
    let mut runs = bytes.split(|byte| !byte.is_ascii_digit());
    String::from_utf8(runs.find(|run| DIGITS.contains(&run.len()))?.into()).ok()
}

/// Reads a phone number in any notation. Returns its digits and its end.
pub(super) fn phone_number(value: Value<'_>) -> Option<(String, usize)> {
    let mut cursor = value.start;
    let plus = cursor.decoded().peek().filter(|next| next.byte == b'+');
    cursor.at = plus.map_or(cursor.at, |plus| plus.end);
    let (start, mut end, mut between, mut digits) = (cursor.at, cursor.at, 0, String::new());
    while let Some(next) = cursor.decoded().peek() {
        cursor.at = next.end;
        if next.byte.is_ascii_digit() {
            digits.push(char::from(next.byte));
            if digits.len() > MAX_DIGITS {
                return None;
            }
            (end, between) = (next.end, 0);
            continue;
        }
        let spaced = value.is_quoted() || next.depth > 0;
        let allowed = match next.byte {
            b'+' => true,
            b' ' => spaced,
            b'-' | b'.' | b'(' | b')' => spaced || plus.is_some(),
            _ => false,
        };
        if !allowed || between == 2 {
            break;
        }
        between += 1;
    }
    if !DIGITS.contains(&digits.len()) {
        return None;
    }
    let written = cursor.text.get(start..end).unwrap_or_default();
    // A date or an IP address.
    let other = pattern!(r"\A(?:\d{4}-\d\d-\d\d|(?:\d{1,3}\.){3}\d{1,3})\z");
    let is_number = plus.is_some() || end == start + digits.len() || !other.is_match(written);
    is_number.then_some((digits, end))
}

/// Reads a business-scoped user id, such as `US.13491208655302741918`. Returns its length.
pub(super) fn user_id(value: &[u8]) -> Option<usize> {
    if value.get(2) != Some(&b'.') {
        return None;
    }
    // `ENT.` marks the id of a business portfolio.
    let id = pattern!(r"\A[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{8,64}").find(value)?;
    Some(id.len())
}

/// Returns whether a quote, a comma and the key `messages` or `context` follow. Only then is an `id` the
/// phone number of a conversation, and not the id of an account.
pub(super) fn is_conversation(end: Value<'_>) -> bool {
    let mut cursor = end.start;
    let mut takes = |expected: &[u8]| {
        blanks(&mut cursor);
        let mut bytes = expected.iter();
        bytes.all(|byte| cursor.takes(*byte))
    };
    takes(b"\"") && takes(b",") && takes(b"\"") && (takes(b"messages\"") || takes(b"context\""))
}
