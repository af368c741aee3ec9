//! Patterns of phone numbers and user ids.

use alloc::{string::String, sync::Arc, vec::Vec};

use super::{MAX_DIGITS, MIN_DIGITS, PersonalData, pseudonym::is_pseudonym};
use crate::redact::{
    Alphabet,
    behind::Behind,
    extent::Extent,
    found::{Found, MARKER, Replacement},
    unit::{Ahead, Form, Known},
};

/// The maximum number of bytes of an id, a marker or a pseudonym that are read.
const MAX_VALUE: usize = 64;

/// The characters that may separate the digits of a phone number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    Nothing,
    /// Percent-encoded blanks and punctuation, and `+` as a blank of form encoding. After a leading
    /// plus sign, also raw punctuation.
    Encoded,
    /// All of these, raw or percent-encoded.
    Raw,
}

/// Returns the digits of a phone number and its length in the text. Rejects text that looks like a date
/// or an IP address.
pub(super) fn phone_number(value: Ahead<'_>, spacing: Spacing) -> Known<Option<(String, usize)>> {
    let plus = plus(value)?;
    let mut at = plus;
    let mut end = plus;
    let mut digits = String::new();
    let mut between = 0_usize;
    while let Some(unit) = value.unit(at)? {
        at = at.saturating_add(unit.length);
        match unit.ascii() {
            Some(digit @ b'0'..=b'9') if unit.form == Form::Raw => {
                digits.push(digit.into());
                (end, between) = (at, 0);
            }
            Some(character) if between < 2 && spacing.allows(unit.form, character, plus > 0) => {
                between = between.saturating_add(1);
            }
            _ => break,
        }
        if digits.len() > MAX_DIGITS {
            return Ok(None);
        }
    }
    let written = value.text().get(plus..end).unwrap_or_default();
    let fits = (MIN_DIGITS..=MAX_DIGITS).contains(&digits.len())
        && (plus > 0 || !is_date(written) && !is_address(written));
    Ok(fits.then_some((digits, end)))
}

impl Spacing {
    fn allows(self, form: Form, character: u8, behind_plus: bool) -> bool {
        let space = character == b' ';
        let punctuation = matches!(character, b'-' | b'.' | b'(' | b')');
        match (self, form) {
            (Self::Nothing, _) => false,
            (_, Form::Percent(_)) => space || punctuation,
            (Self::Encoded, Form::Raw) => character == b'+' || punctuation && behind_plus,
            (Self::Raw, Form::Raw) => character == b'+' || space || punctuation,
            _ => false,
        }
    }
}

/// Returns whether the text looks like `2026-01-31`.
fn is_date(number: &[u8]) -> bool {
    parts(number, b'-').eq([4, 2, 2].map(Some))
}

/// Returns whether the text looks like `203.0.113.17`.
fn is_address(number: &[u8]) -> bool {
    let fits = |length: Option<usize>| length.is_some_and(|length| (1..=3).contains(&length));
    parts(number, b'.').count() == 4 && parts(number, b'.').all(fits)
}

/// Splits the text at `mark`. Returns the length of each part, or `None` if it has other characters than
/// digits.
fn parts(number: &[u8], mark: u8) -> impl Iterator<Item = Option<usize>> {
    let parts = number.split(move |byte| *byte == mark);
    parts.map(|part| part.iter().all(u8::is_ascii_digit).then_some(part.len()))
}

/// Returns the length of a leading plus sign, or 0.
fn plus(value: Ahead<'_>) -> Known<usize> {
    let unit = value.unit(0)?.filter(|unit| unit.stands_for(b'+'));
    Ok(unit.map_or(0, |unit| unit.length))
}

/// Returns a business-scoped user id and its length. Examples are `US.13491208655302741918` and
/// `US.ENT.11815799212886844830`.
pub(super) fn user_id(value: Ahead<'_>) -> Known<Option<(String, usize)>> {
    const LEAST: usize = 8;
    if value.run(0, 2, |byte| byte.is_ascii_uppercase())? < 2
        || !value.is(2, |byte| byte == b'.')?
    {
        return Ok(None);
    }
    // `ENT.` marks the id of a business portfolio.
    let start = if value.equals(3, b"ENT.")? { 7 } else { 3 };
    let run = value.run(start, MAX_VALUE, |byte| byte.is_ascii_alphanumeric())?;
    let end = run.saturating_add(start);
    let id = value
        .text()
        .get(..end)
        .and_then(|id| core::str::from_utf8(id).ok());
    Ok(id
        .filter(|_| run >= LEAST)
        .map(|id| (String::from(id), end)))
}

/// The characters of markers and pseudonyms.
const REST: Alphabet = Alphabet::ALPHANUMERIC.and(b":_-");

/// Returns the length of a marker or a pseudonym at the start of the value.
pub(super) fn done(value: Ahead<'_>) -> Known<Option<usize>> {
    if value.equals(0, MARKER)? {
        let end = value.run(1, MAX_VALUE, |byte| REST.contains(byte))?;
        let end = end.saturating_add(1);
        let closed = value.is(end, |byte| byte == b']')?;
        return Ok(closed.then(|| end.saturating_add(1)));
    }
    for prefix in ["wa:", "user:"] {
        if value.equals(0, prefix.as_bytes())? {
            let run = value.run(prefix.len(), MAX_VALUE, |byte| REST.contains(byte))?;
            let end = prefix.len().saturating_add(run);
            let mut name = value.text().get(prefix.len()..end).unwrap_or_default();
            // Colons may also follow a pseudonym, as punctuation.
            while let Some(shorter) = name.strip_suffix(b":") {
                name = shorter;
            }
            let end = prefix.len().saturating_add(name.len());
            return Ok(is_pseudonym(name).then_some(end));
        }
    }
    Ok(None)
}

/// The rule for phone numbers with a leading `+`, without a key.
pub(in crate::redact) struct FreeNumber(pub(in crate::redact) Arc<PersonalData>);

/// The minimum number of digits of a phone number without a key.
const MIN_FREE: usize = 8;

impl FreeNumber {
    /// Returns the needles of an encoded `+`. `Search` finds a raw one.
    pub(in crate::redact) fn needles() -> Vec<Vec<u8>> {
        ["%2B", "%2b"]
            .map(|needle| needle.as_bytes().to_vec())
            .into()
    }

    pub(in crate::redact) fn judge(
        &self,
        behind: Behind<'_>,
        ahead: Ahead<'_>,
    ) -> Known<Option<Found>> {
        let plus = plus(ahead)?;
        if plus == 0 || behind.is_in_word() || ahead.is(plus, |byte| byte == b'0')? {
            return Ok(None);
        }
        let Some((digits, end)) = phone_number(ahead, Spacing::Nothing)? else {
            return Ok(None);
        };
        let goes_on = ahead.is(end, |byte| Alphabet::WORD.contains(byte))?;
        if digits.len() < MIN_FREE || goes_on || ahead.equals(end, MARKER)? {
            return Ok(None);
        }
        Ok(Some(Found {
            start: 0,
            known: end,
            extent: Extent::Here,
            then: None,
            replacement: Replacement::Text(self.0.phone_number(&digits)),
        }))
    }
}
