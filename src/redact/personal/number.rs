//! What a phone number and a user id look like.

use alloc::{string::String, sync::Arc, vec::Vec};

use super::{
    MAX_DIGITS, MIN_DIGITS, PersonalData,
    pseudonym::{CHARACTERS, LETTERS, MAX_ID},
};
use crate::redact::{
    Alphabet,
    behind::Behind,
    extent::Extent,
    found::{Found, MARKER, Replacement},
    unit::{Ahead, Known},
};

/// The most that is read of a value in order to tell what it is, in bytes.
const MAX_VALUE: usize = 64;

/// The digits of a phone number and how long it is in the text. Where `spaced`, single blanks and
/// punctuation may stand among them.
pub(super) fn phone_number(value: Ahead<'_>, spaced: bool) -> Known<Option<(String, usize)>> {
    let mut at = plus(value)?;
    let mut digits = String::new();
    let mut between = 0_usize;
    while let Some(byte) = value.byte(at)? {
        match byte {
            b'0'..=b'9' => {
                digits.push(byte.into());
                between = 0;
            }
            b' ' | b'-' | b'.' | b'(' | b')' if spaced && between < 2 => {
                between = between.saturating_add(1)
            }
            _ => break,
        }
        at = at.saturating_add(1);
        if digits.len() > MAX_DIGITS {
            return Ok(None);
        }
    }
    let fits = (MIN_DIGITS..=MAX_DIGITS).contains(&digits.len()) && between == 0;
    Ok(fits.then_some((digits, at)))
}

/// The length of a plus sign, or nothing.
fn plus(value: Ahead<'_>) -> Known<usize> {
    let unit = value.unit(0)?.filter(|unit| unit.stands_for(b'+'));
    Ok(unit.map_or(0, |unit| unit.length))
}

/// A business-scoped user id, such as `US.13491208655302741918`.
pub(super) fn user_id(value: Ahead<'_>) -> Known<Option<(String, usize)>> {
    const LEAST: usize = 8;
    if value.run(0, 2, |byte| byte.is_ascii_uppercase())? < 2
        || !value.is(2, |byte| byte == b'.')?
    {
        return Ok(None);
    }
    let run = value.run(3, MAX_VALUE, |byte| byte.is_ascii_alphanumeric())?;
    let end = run.saturating_add(3);
    let id = value
        .text()
        .get(..end)
        .and_then(|id| core::str::from_utf8(id).ok());
    Ok(id
        .filter(|_| run >= LEAST)
        .map(|id| (String::from(id), end)))
}

/// Whether a marker or a pseudonym stands here already, and how long it is.
pub(super) fn done(value: Ahead<'_>) -> Known<Option<usize>> {
    if value.equals(0, MARKER)? {
        const LABEL: Alphabet = Alphabet::ALPHANUMERIC.and(b":_-");
        let run = value.run(MARKER.len(), MAX_VALUE, |byte| LABEL.contains(byte))?;
        let end = MARKER.len().saturating_add(run);
        let closed = value.is(end, |byte| byte == b']')?;
        return Ok(closed.then(|| end.saturating_add(1)));
    }
    for prefix in [&b"wa:"[..], b"user:"] {
        if value.equals(0, prefix)? {
            return pseudonym(value, prefix.len());
        }
    }
    Ok(None)
}

/// Where the pseudonym ends whose name, or whose key's id, begins at `at`.
fn pseudonym(value: Ahead<'_>, at: usize) -> Known<Option<usize>> {
    let is_of_id = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
    };
    let run = value.run(at, MAX_ID, is_of_id)?;
    let colon = at.saturating_add(run);
    let name = if run > 0 && value.is(colon, |byte| byte == b':')? {
        colon.saturating_add(1)
    } else {
        at
    };
    let run = value.run(name, CHARACTERS, |byte| LETTERS.contains(&byte))?;
    Ok((run == CHARACTERS).then(|| name.saturating_add(CHARACTERS)))
}

/// A phone number that begins with `+`, wherever it stands.
pub(in crate::redact) struct FreeNumber(pub(in crate::redact) Arc<PersonalData>);

/// The digits of a phone number with its country's code that stands alone.
const MIN_FREE: usize = 8;

impl FreeNumber {
    /// What the plus is found by where it is encoded; raw it is searched for on its own.
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
        let Some((digits, end)) = phone_number(ahead, false)? else {
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
