//! Registered values, which are found in every spelling: raw, percent-encoded, escaped and in base64.

use alloc::{boxed::Box, format, string::String, vec::Vec};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use zeroize::Zeroizing;

use super::{
    cursor::{Char, Cursor, layer_of},
    text::{head, is_cut_off, is_word, run, tail},
};

/// The minimum length of a part where the record is cut off, in characters of the spelling.
const LEAST: usize = 8;
/// The length of a beginning that is enough anywhere, in characters of the spelling.
const ENOUGH: usize = 32;
/// The maximum number of layers of encoding around a value.
const MAX_LAYERS: usize = 4;
/// The maximum number of plain characters in a needle. Needles are short, because the searcher is not wiped.
const NEEDLE: usize = 4;

/// A registered value, or its base64 at one of three alignments.
pub(super) struct Registered {
    text: Zeroizing<Box<str>>,
    is_base64: bool,
}

impl Registered {
    /// Returns the value itself, and its base64 behind zero, one and two unknown bytes.
    pub(super) fn all(value: &str) -> impl Iterator<Item = Self> {
        let itself = Self {
            text: Zeroizing::new(value.into()),
            is_base64: false,
        };
        let encoded = (0..3_usize).map(|before| {
            let mut bytes = Zeroizing::new(Vec::with_capacity(before + value.len()));
            bytes.resize(before, 0);
            bytes.extend_from_slice(value.as_bytes());
            let text = Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes));
            // Only these characters depend on the value alone.
            let first = (before * 8).div_ceil(6);
            let last = bytes.len() * 8 / 6;
            Self {
                text: Zeroizing::new(text.get(first..last).unwrap_or_default().into()),
                is_base64: true,
            }
        });
        core::iter::once(itself).chain(encoded)
    }

    pub(super) fn occurs_in(&self, marker: &str) -> bool {
        marker.contains(&**self.text)
    }

    /// Returns short prefixes, in any case. The value begins with one of them if it is plain, or encoded as
    /// encoders do: all of it, or all but letters and digits.
    pub(super) fn needles(&self) -> Vec<Vec<u8>> {
        let text = &*self.text;
        let plain = run(head(text.as_bytes(), NEEDLE), |byte| {
            byte.is_ascii_alphanumeric()
        });
        let (start, rest) = text.split_at_checked(plain).unwrap_or_default();
        let next = rest.chars().next().filter(|_| plain < NEEDLE);
        let mut needles = Vec::from([format!(
            "{start}{}",
            next.map_or(String::new(), String::from)
        )]);
        if next.is_some() {
            needles.extend(["%", "\\", "+", "-", "_"].map(|other| format!("{start}{other}")));
        }
        if let Some(first) = start.bytes().next() {
            // Every byte is percent-encoded.
            needles.push(format!("%{first:02x}%"));
        }
        needles.into_iter().map(String::into_bytes).collect()
    }

    /// Returns the end of the value that begins at this place, in any spelling. A part of it is enough, if
    /// it is long or the record ends there.
    pub(super) fn end(&self, record: &[u8], at: usize) -> Option<usize> {
        let end = self.end_in(Cursor::new(record, at), MAX_LAYERS)?;
        let is_data = |byte| is_word(byte) || b"+/-=".contains(&byte);
        // The next characters of base64 may contain bits of the value.
        let more = run(tail(record, end), |byte| self.is_base64 && is_data(byte));
        Some(end + more)
    }

    /// Returns the same in the layers of the cursor, and in up to this number of others.
    fn end_in(&self, start: Cursor<'_>, others: usize) -> Option<usize> {
        let (read, end) = self.walk(start);
        let is_part = read >= ENOUGH || read >= LEAST && is_cut_off(tail(start.text, end));
        let fits = read == self.text.len() || is_part;
        let own = fits.then_some(end);
        let others = others.checked_sub(1);
        let longest = |layer| self.end_in(start.deeper(layer)?, others?);
        let seen = start.text.get(start.at..end + 1).unwrap_or(start.rest());
        let within = |layer| {
            seen.contains(&layer)
                .then(|| longest(layer_of(layer)?))
                .flatten()
        };
        own.max(within(b'\\')).max(within(b'%'))
    }

    /// Compares the value with the text at this place, in the layers of the cursor. Returns the length of
    /// the part of the value that is there, and its end in the record.
    fn walk(&self, mut cursor: Cursor<'_>) -> (usize, usize) {
        let (mut read, mut end) = (0, cursor.at);
        for expected in self.text.chars() {
            let Some(length) = self.compare(expected, &mut cursor) else {
                break;
            };
            (read, end) = (read + length, cursor.at);
        }
        (read, end)
    }

    /// Goes behind this character, and returns its length in the value.
    fn compare(&self, expected: char, cursor: &mut Cursor<'_>) -> Option<usize> {
        let next = cursor.peek()?;
        let length = expected.len_utf8();
        let other = match expected {
            ' ' if !self.is_base64 => b'+',
            '+' if self.is_base64 => b'-',
            '/' if self.is_base64 => b'_',
            _ => 0,
        };
        if next.byte == other && other != 0 {
            cursor.at = next.end;
            return Some(length);
        }
        let (mut units, mut bytes) = ([0; 2], [0; 4]);
        let matches = if next.byte == Char::WIDE {
            let mut units = expected.encode_utf16(&mut units).iter();
            units.all(|unit| cursor.takes_unit(*unit))
        } else {
            let mut bytes = expected.encode_utf8(&mut bytes).bytes();
            bytes.all(|byte| cursor.takes(byte))
        };
        matches.then_some(length)
    }
}
