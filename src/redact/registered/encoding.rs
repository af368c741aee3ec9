//! The encodings of a registered value, compared one character at a time.

use crate::redact::unit::{Ahead, Known, MAX_BACKSLASHES};

/// An encoding of a registered value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Encoding {
    /// Percent-encoding of this depth. ASCII letters and digits are raw. Any other character may be
    /// encoded or raw, and a space may be `+`.
    Percent(u8),
    /// Every byte is percent-encoded.
    PercentAll,
    /// The escapes of a JSON string (1), or of one nested in another (2). ASCII letters and digits are
    /// raw. Other characters may be escaped.
    Json(u8),
    /// A base64 fragment in either alphabet. Its `+` and `/` may be encoded.
    Base64,
}

/// The encodings of a value of letters and digits: raw, or fully percent-encoded.
const PLAIN: [Encoding; 2] = [Encoding::Percent(0), Encoding::PercentAll];

const TEXT: [Encoding; 6] = [
    Encoding::Percent(0),
    Encoding::Percent(1),
    Encoding::Percent(2),
    Encoding::PercentAll,
    Encoding::Json(1),
    Encoding::Json(2),
];

/// The lengths of a match in the value and in the text, in bytes.
type Agreed = Option<(usize, usize)>;

impl Encoding {
    pub(super) fn of_text(value: &str) -> &'static [Self] {
        if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            &PLAIN
        } else {
            &TEXT
        }
    }

    /// Compares the first character of `value` with the text.
    pub(super) fn step(self, value: &str, ahead: Ahead<'_>) -> Known<Agreed> {
        let Some(character) = value.chars().next() else {
            return Ok(None);
        };
        let mut bytes = [0; 4];
        let bytes = character.encode_utf8(&mut bytes).as_bytes();
        let text = match self {
            Self::Percent(depth) => match percent(bytes, depth, false, ahead)? {
                // `backslashes` rejects every other character that `percent` rejects.
                None => return backslashes(value.as_bytes(), ahead),
                length => length,
            },
            Self::PercentAll => percent(bytes, 0, true, ahead)?,
            Self::Json(level) => json(character, bytes, level, ahead)?,
            Self::Base64 => base64(character, bytes, ahead)?,
        };
        Ok(text.map(|text| (bytes.len(), text)))
    }
}

/// Returns the length of a character that is percent-encoded, or raw where that is allowed.
fn percent(bytes: &[u8], depth: u8, all: bool, ahead: Ahead<'_>) -> Known<Option<usize>> {
    let prefix: &[u8] = match depth {
        0 => b"%",
        1 => b"%25",
        _ => b"%2525",
    };
    let plain = bytes.iter().all(u8::is_ascii_alphanumeric);
    if all || !plain {
        let mut encoded = Some(0_usize);
        for byte in bytes {
            let at = ahead.from(encoded.unwrap_or_default());
            let digits = prefix.len();
            let written = at.equals(0, prefix)? && at.is_hexadecimal(digits, (*byte).into(), 2)?;
            encoded = encoded
                .filter(|_| written)
                .map(|length| length.saturating_add(digits).saturating_add(2));
            if encoded.is_none() {
                break;
            }
        }
        if encoded.is_some() {
            return Ok(encoded);
        }
    }
    let itself = !all
        && bytes != b"\\"
        && (ahead.equals(0, bytes)? || bytes == b" " && ahead.is(0, |found| found == b'+')?);
    Ok(itself.then_some(bytes.len()))
}

/// Matches raw backslashes together with the character after them. A match must not end between
/// the two, because that could leave half an escape.
fn backslashes(value: &[u8], ahead: Ahead<'_>) -> Known<Agreed> {
    let run = value.iter().take(MAX_BACKSLASHES);
    let count = run.take_while(|byte| **byte == b'\\').count();
    if ahead.run(0, count, |byte| byte == b'\\')? < count {
        return Ok(None);
    }
    if count == MAX_BACKSLASHES {
        return Ok(Some((count, count)));
    }
    let Some(next) = value.get(count).filter(|next| next.is_ascii()) else {
        return Ok(None);
    };
    let both = count.saturating_add(1);
    let follows = ahead.is(count, |found| found == *next)?;
    Ok(follows.then_some((both, both)))
}

fn json(character: char, bytes: &[u8], level: u8, ahead: Ahead<'_>) -> Known<Option<usize>> {
    // The number of backslashes that an escaping one becomes at this level.
    let escape = 1_usize << level.saturating_sub(1).min(1);
    let is_control = bytes.iter().all(u8::is_ascii_control);
    if !is_control && !matches!(character, '"' | '\\') && ahead.equals(0, bytes)? {
        return Ok(Some(bytes.len()));
    }
    if character.is_ascii_alphanumeric() {
        return Ok(None);
    }
    let slashes = ahead.run(0, MAX_BACKSLASHES, |byte| byte == b'\\')?;
    if character == '\\' {
        let needed = escape.saturating_mul(2);
        if slashes >= needed {
            return Ok(Some(needed));
        }
    }
    let (slashes_needed, letter) = match character {
        '"' => (escape.saturating_mul(2).saturating_sub(1), b'"'),
        '/' => (escape, b'/'),
        '\u{8}' => (escape, b'b'),
        '\u{c}' => (escape, b'f'),
        '\n' => (escape, b'n'),
        '\r' => (escape, b'r'),
        '\t' => (escape, b't'),
        _ => (escape, b'u'),
    };
    if letter != b'u' && slashes == slashes_needed && ahead.is(slashes, |found| found == letter)? {
        return Ok(Some(slashes.saturating_add(1)));
    }
    let mut length = 0_usize;
    for unit in character.encode_utf16(&mut [0; 2]) {
        let digits = length.saturating_add(escape).saturating_add(1);
        let written = ahead.run(length, MAX_BACKSLASHES, |byte| byte == b'\\')? == escape
            && ahead.is(digits.saturating_sub(1), |found| found == b'u')?
            && ahead.is_hexadecimal(digits, *unit, 4)?;
        if !written {
            return Ok(None);
        }
        length = digits.saturating_add(4);
    }
    Ok(Some(length))
}

fn base64(character: char, bytes: &[u8], ahead: Ahead<'_>) -> Known<Option<usize>> {
    let others: &[&[u8]] = match character {
        '+' => &[b"-", b"%2B", b"%2b"],
        '/' => &[b"_", b"%2F", b"%2f", b"\\/"],
        _ => &[],
    };
    for written in [bytes].iter().chain(others) {
        if ahead.equals(0, written)? {
            return Ok(Some(written.len()));
        }
    }
    Ok(None)
}
