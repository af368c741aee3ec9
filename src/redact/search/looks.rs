//! Heuristics that distinguish a secret from a word.

use super::{
    between::Between,
    text::{MARKER, head, is_word, last, pattern, run, tail},
    value::{Extent, Value, is_mark, last_byte},
};
use crate::redact::keys::Look;

/// The length of a PIN.
const PIN: usize = 6;

/// Returns the end of the value of a secret, if it looks as it must. `before` is the text before the key.
pub(super) fn secret(look: Look, between: &Between<'_>, before: &[u8]) -> Option<usize> {
    if is_literal(between) {
        return None;
    }
    let value = value(between);
    let fits = match look {
        Look::Pin => {
            let digits = run(head(value.rest(), PIN), |byte| byte.is_ascii_digit());
            let end = value.start.at + PIN;
            return (digits == PIN && is_pin_end(value.from(end))).then_some(end);
        }
        Look::Code if is_in_query(between, before) => {
            let sample = sample(value, 30);
            sample.count >= 8 && !sample.marker && sample.seen != DIGIT
        }
        Look::Code => (between.key_quote.is_some() || !between.is_prose()) && is_code(value),
        _ if look.is_header() => return header(look, between, value),
        _ => is_secret(between, value),
    };
    fits.then(|| value.end())
}

/// Returns the end of the value of a header.
fn header(look: Look, between: &Between<'_>, value: Value<'_>) -> Option<usize> {
    let bare = !value.is_quoted();
    if value.extent == Extent::Number || !bare && between.separator != b',' {
        return (!value.is_empty()).then(|| value.end());
    }
    let bracket = last_byte(value.start.text, value.start.at) == b'[';
    let extent = Extent::Line { bracket };
    let rest_of_line = Value { extent, ..value };
    let (text, is_equals) = (value.rest(), between.separator == b'=');
    let end = match look {
        Look::Signature if is_signature(text) => Some(value.end()),
        Look::Signature => return None,
        Look::Cookie if pattern!(r"\A[A-Za-z0-9!#$%'*+.^_`|~-]{1,40}=").is_match(text) => {
            Some(if bare {
                rest_of_line.end()
            } else {
                value.end()
            })
        }
        Look::Cookie => None,
        _ => credentials(value).map(|token| match (bare, is_equals) {
            (true, false) => rest_of_line.end(),
            (true, true) => token.end(),
            (false, _) => value.end(),
        }),
    };
    end.or_else(|| (bare && is_long(value)).then(|| value.end()))
}

fn is_signature(text: &[u8]) -> bool {
    pattern!(r"\A(?i:sha1|sha256)(?:=|%(?:25)*3[Dd]|\\+u003[Dd])|\A[[:xdigit:]]{32}").is_match(text)
}

/// Returns the credentials behind a scheme and a blank.
fn credentials(value: Value<'_>) -> Option<Value<'_>> {
    let scheme =
        pattern!(r"\A([A-Za-z0-9-]{1,20})(?:[ \t+]|%(?:25)*(?:20|09)|\\+(?:t|u0020|u0009))");
    let scheme = scheme.find(value.rest())?.as_bytes();
    let name = run(scheme, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    // In percent quotes, a raw blank ends the value.
    if value.is_quoted() && value.from(value.start.at + name).is_empty() {
        return None;
    }
    let token = value.from(value.start.at + scheme.len());
    let sample = sample(token, 16);
    // Those of known schemes may be short.
    let known = pattern!(r"\A(?i:basic|bearer|digest|negotiate|oauth|token)\z");
    let least = match sample.seen & (DIGIT | UPPER | EQUALS) > 0 {
        true if known.is_match(head(scheme, name)) => 1,
        true => 8,
        false => 16,
    };
    (!sample.marker && sample.count >= least).then_some(token)
}

fn is_in_query(between: &Between<'_>, before: &[u8]) -> bool {
    between.separator == b'='
        && between.key_quote.is_none()
        && last(before).is_some_and(|(last, _)| b"?&".contains(&last))
}

/// Returns the value, which may be a JSON number.
pub(super) fn value<'t>(between: &Between<'t>) -> Value<'t> {
    if is_number(between) {
        Value {
            extent: Extent::Number,
            ..between.value
        }
    } else {
        between.value
    }
}

/// Returns whether a value that is not empty is a secret by its key alone.
pub(super) fn is_secret(between: &Between<'_>, value: Value<'_>) -> bool {
    if is_literal(between) {
        return false;
    }
    if between.is_prose() && value.extent != Extent::Number {
        return is_long(value);
    }
    !value.is_empty()
}

/// Returns whether a PIN or its marker ends here.
pub(super) fn is_pin_end(rest: Value<'_>) -> bool {
    let ends = match rest.extent {
        Extent::Quoted(..) => rest.is_empty(),
        _ => !rest.rest().first().is_some_and(|byte| is_word(*byte)),
    };
    ends && !rest.rest().starts_with(MARKER)
}

/// Returns whether the value is a JSON number. Its marker needs quotes, so that JSON stays JSON.
pub(super) fn is_number(between: &Between<'_>) -> bool {
    let text = between.value.rest();
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    between.key_quote.is_some()
        && between.is_prose()
        && digits.first().is_some_and(u8::is_ascii_digit)
}

/// Returns whether the value is no text: `==`, an object, `null` and so on.
fn is_literal(between: &Between<'_>) -> bool {
    let (value, text) = (between.value, between.value.rest());
    if value.is_quoted() {
        return false;
    }
    between.separator == b'=' && text.starts_with(b"=") && !value.start.layers.has_percent()
        || between.key_quote.is_some()
            && pattern!(r"\A(?:[{\[(\]}),]|(?:true|false|null|None)\b)").is_match(text)
}

/// The first characters of a value.
struct Sample {
    count: usize,
    /// The classes of characters that occur.
    seen: u8,
    marker: bool,
}

const DIGIT: u8 = 1;
const UPPER: u8 = 2;
const LOWER: u8 = 4;
const DASH: u8 = 8;
const EQUALS: u8 = 16;
const OTHER: u8 = 32;

fn sample(value: Value<'_>, most: usize) -> Sample {
    let (mut chars, mut count, mut seen, mut marker, mut last) = (value.chars(), 0, 0, false, 0);
    while count < most {
        let rest = chars.cursor.rest();
        if chars.next().is_none() {
            break;
        }
        last = rest.first().copied().unwrap_or_default();
        marker |= last == b'[' && rest.starts_with(MARKER);
        // A run of backslashes is one character.
        let ends_in_backslash = last_byte(chars.cursor.text, chars.cursor.at) == b'\\';
        count += usize::from(!(ends_in_backslash && chars.cursor.rest().starts_with(b"\\")));
        seen |= match last {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            b'-' | b'_' => DASH,
            b'=' => EQUALS,
            _ => OTHER,
        };
    }
    // Punctuation before a marker may have ended a bare value before the marker was put there.
    let rest = chars.cursor.rest();
    let marks = run(head(rest, 3), is_mark);
    let marker = marker
        || value.extent == Extent::Bare && is_mark(last) && tail(rest, marks).starts_with(MARKER);
    Sample {
        count,
        seen,
        marker,
    }
}

fn is_long(value: Value<'_>) -> bool {
    let sample = sample(value, 16);
    !sample.marker && sample.count >= if sample.seen & DIGIT > 0 { 8 } else { 16 }
}

fn is_code(value: Value<'_>) -> bool {
    // At a glance first, for texts with many keys and no code.
    let near = head(value.rest(), 160);
    if !near.iter().any(u8::is_ascii_uppercase) || !near.iter().any(u8::is_ascii_lowercase) {
        return false;
    }
    let sample = sample(value, 60);
    let has = |class| sample.seen & class > 0;
    sample.count >= 30 && !sample.marker && has(UPPER) && has(LOWER) && has(DIGIT | DASH)
}
