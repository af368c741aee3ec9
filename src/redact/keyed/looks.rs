//! Heuristics that distinguish a secret from a word.

use crate::redact::{
    Alphabet,
    extent::{Extent, MAX_MARKS, is_mark},
    found::MARKER,
    unit::{Ahead, Known},
};

/// The minimum length of a value that could otherwise be a word of prose, in units.
const LONG: usize = 16;
/// The same for a value that contains a digit.
const LONG_WITH_DIGIT: usize = 8;

/// The number of digits of a PIN.
pub(super) const PIN: usize = 6;

/// The minimum length of an authorization code in a query, in units.
const SHORT_CODE: usize = 8;
/// The minimum length of a code elsewhere. Real codes have more than a hundred characters.
const CODE: usize = 30;
/// The maximum number of units of a code that are checked.
const CODE_SAMPLE: usize = 60;

const SCHEME: usize = 20;
/// Known authorization schemes. A short value after one of these is no word of prose.
const SCHEMES: [&str; 6] = ["basic", "bearer", "digest", "negotiate", "oauth", "token"];
const SCHEME_NAME: Alphabet = Alphabet::ALPHANUMERIC.and(b"-");
const COOKIE: usize = 40;
const COOKIE_NAME: Alphabet = Alphabet::ALPHANUMERIC.and(b"!#$%'*+-.^_`|~");
const SIGNATURE: usize = 32;

/// Returns whether the value begins with a bracket, a comma, or a literal such as `null`.
pub(super) fn is_literal(value: Ahead<'_>) -> Known<bool> {
    if value.is(0, |byte| b"{[(]}),".contains(&byte))? {
        return Ok(true);
    }
    for literal in [&b"true"[..], b"false", b"null", b"None"] {
        let is_word = |byte| Alphabet::WORD.contains(byte);
        if value.equals(0, literal)? && !value.is(literal.len(), is_word)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether the value is longer than a word of prose and contains no marker.
pub(super) fn is_long(value: Ahead<'_>, extent: Extent) -> Known<bool> {
    let units = extent.count(value, LONG)?;
    if has_marker(value, extent, units)? {
        return Ok(false);
    }
    let has_digit = has(value, units, |byte| byte.is_ascii_digit())?;
    let least = if has_digit { LONG_WITH_DIGIT } else { LONG };
    Ok(units >= least)
}

/// Returns whether the value is six digits. If `bare`, no word character may follow them.
pub(super) fn is_pin(value: Ahead<'_>, extent: Extent, bare: bool) -> Known<bool> {
    Ok(value.run(0, PIN, |byte| byte.is_ascii_digit())? == PIN
        && is_end_of_pin(value.from(PIN), extent, bare)?)
}

/// Returns whether a PIN or its marker ends here.
pub(super) fn is_end_of_pin(here: Ahead<'_>, extent: Extent, bare: bool) -> Known<bool> {
    let goes_on = if bare {
        here.is(0, |byte| Alphabet::WORD.contains(byte))?
    } else {
        extent.count(here, 1)? > 0
    };
    Ok(!goes_on && !here.equals(0, MARKER)?)
}

/// Checks a code in a query. Returns whether the value is neither a short word nor a number.
pub(super) fn is_short_code(value: Ahead<'_>, extent: Extent) -> Known<bool> {
    let units = extent.count(value, CODE)?;
    Ok(units >= SHORT_CODE
        && !has_marker(value, extent, units)?
        && has(value, units, |byte| !byte.is_ascii_digit())?)
}

/// Checks a code elsewhere. Returns whether the value is long and mixes characters like a code does.
/// The names of errors do not.
pub(super) fn is_code(value: Ahead<'_>, extent: Extent) -> Known<bool> {
    let units = extent.count(value, CODE_SAMPLE)?;
    Ok(units >= CODE
        && !has_marker(value, extent, units)?
        && has(value, units, |byte| byte.is_ascii_uppercase())?
        && has(value, units, |byte| byte.is_ascii_lowercase())?
        && has(value, units, |byte| {
            byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
        })?)
}

/// Returns the length of an authorization scheme and its blank, if the text after them is no word.
pub(super) fn credentials(value: Ahead<'_>, extent: Extent) -> Known<Option<usize>> {
    let scheme = value.run(0, SCHEME, |byte| SCHEME_NAME.contains(byte))?;
    let blank = value.unit(scheme)?.filter(|unit| unit.separates_words());
    let Some(blank) = blank.filter(|_| scheme > 0) else {
        return Ok(None);
    };
    // In percent quotes, a raw blank ends the value.
    if matches!(extent, Extent::Quoted { .. }) && extent.count(value.from(scheme), 1)? == 0 {
        return Ok(None);
    }
    let before = scheme.saturating_add(blank.length);
    let token = value.from(before);
    let units = extent.count(token, LONG)?;
    if has_marker(token, extent, units)? {
        return Ok(None);
    }
    let is_made = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'=';
    let mut known = false;
    for name in SCHEMES {
        known |= name.len() == scheme && value.has(0, name.as_bytes())?;
    }
    let least = match (has(token, units, is_made)?, known) {
        (true, true) => 1,
        (true, false) => LONG_WITH_DIGIT,
        (false, _) => LONG,
    };
    Ok((units >= least).then_some(before))
}

/// Returns whether the value begins with `sha256=`, `sha1=` or 32 hexadecimal digits.
pub(super) fn is_signature(value: Ahead<'_>) -> Known<bool> {
    for scheme in [&b"sha256"[..], b"sha1"] {
        if value.has(0, scheme)? {
            return Ok(value
                .unit(scheme.len())?
                .is_some_and(|unit| unit.stands_for(b'=')));
        }
    }
    let digits = value.run(0, SIGNATURE, |byte| byte.is_ascii_hexdigit())?;
    Ok(digits == SIGNATURE)
}

/// Returns whether the value begins with a name and `=`.
pub(super) fn is_cookie(value: Ahead<'_>) -> Known<bool> {
    let name = value.run(0, COOKIE, |byte| COOKIE_NAME.contains(byte))?;
    Ok(name > 0 && value.is(name, |byte| byte == b'=')?)
}

/// Returns whether a marker begins in the first `units` units. A value that contains one was redacted
/// before, and the marker must not count towards its length. Nor must the punctuation before the marker
/// if the value is bare: without the marker, the value could end before it.
fn has_marker(value: Ahead<'_>, extent: Extent, units: usize) -> Known<bool> {
    let (mut at, mut mark) = (0_usize, false);
    for _ in 0..units {
        if value.equals(at, MARKER)? {
            return Ok(true);
        }
        mark = value.is(at, is_mark)?;
        at = at.saturating_add(value.unit(at)?.map_or(1, |unit| unit.length));
    }
    if !mark || !matches!(extent, Extent::Bare(_)) {
        return Ok(false);
    }
    let more = value.from(at).run(0, MAX_MARKS - 1, is_mark)?;
    value.equals(at.saturating_add(more), MARKER)
}

/// Returns whether one of the first `units` units begins with a byte that passes `test`.
fn has(value: Ahead<'_>, units: usize, test: impl Fn(u8) -> bool) -> Known<bool> {
    let mut at = 0_usize;
    for _ in 0..units {
        if value.is(at, &test)? {
            return Ok(true);
        }
        at = at.saturating_add(value.unit(at)?.map_or(1, |unit| unit.length));
    }
    Ok(false)
}
