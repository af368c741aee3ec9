//! The quotes, blanks and separator between a key and its value.

use core::ops::Range;

use super::{
    cursor::Cursor,
    text::{MARKER, is_word, pattern, tail},
    value::{Extent, Quote, Value, is_behind_string, last_byte},
};
use crate::redact::keys::Look;

/// The text between a key and its value.
pub(super) struct Between<'t> {
    /// The quote after the key, and its range in the record.
    pub(super) key_quote: Option<(Quote, Range<usize>)>,
    /// `=` directly before the value, `:` (or `=` and blanks), `>` for `=>`, or `,` in a pair.
    pub(super) separator: u8,
    /// Whether the value is a list of quoted values in brackets.
    pub(super) is_list: bool,
    pub(super) value: Value<'t>,
}

impl<'t> Between<'t> {
    /// Reads the record at `at`, directly after the key. Returns `None` if no value can follow.
    pub(super) fn read(record: &'t [u8], at: usize, look: Look) -> Option<Self> {
        let mut cursor = Cursor::new(record, at);
        let from = cursor.fresh().at;
        let key_quote = take_quote(&mut cursor).map(|quote| (quote, from..cursor.at));
        if key_quote.is_some() {
            // `environ["APP_SECRET"] = …`
            cursor.takes(b']');
        }
        if key_quote.is_some() || look != Look::Code {
            blanks(&mut cursor);
        }
        cursor = cursor.fresh();
        let mut separator = cursor.peek().filter(|next| {
            let pair = next.byte == b',' && look.is_header() && key_quote.is_some();
            pair || b"=:".contains(&next.byte)
        })?;
        cursor.at = separator.end;
        if separator.byte == b'=' && cursor.takes(b'>') {
            separator.byte = b'>';
        }
        let spaced = blanks(&mut cursor);
        if cursor.layers.has_percent() && cursor.rest().starts_with(b"+") {
            // Form encoding writes a blank as a plus.
            cursor.at += 1;
        }
        let raw = separator.depth == 0;
        let is_list = raw
            && separator.byte != b'='
            && opens_list(&mut cursor, look.is_header() && key_quote.is_none());
        type_names(&mut cursor, raw);
        let quote = take_quote(&mut cursor);
        match separator.byte {
            b'=' if spaced && quote.is_none() && key_quote.is_none() => separator.byte = b':',
            b',' if quote.is_none() => return None,
            _ => {}
        }
        // A quote unlike the key's may end the string that contains the key.
        let twin = quote == key_quote.as_ref().map(|(quote, _)| *quote);
        if quote.is_some() && !twin && is_behind_string(cursor.rest()) {
            return None;
        }
        let value = Value {
            start: cursor,
            extent: quote.map_or(Extent::Bare, Extent::Quoted),
        };
        Some(Self {
            key_quote,
            separator: separator.byte,
            is_list,
            value,
        })
    }

    /// Returns whether the value may be a word of a sentence: it is bare and behind a colon.
    pub(super) fn is_prose(&self) -> bool {
        !self.value.is_quoted() && self.separator == b':'
    }

    /// Returns the next value of a list, whose last one ends at `end`.
    pub(super) fn next_value(&self, end: usize) -> Option<Value<'t>> {
        let mut cursor = Cursor {
            at: end,
            ..self.value.start
        };
        let is_quote = |quote: Option<_>| quote.map(Extent::Quoted) == Some(self.value.extent);
        let closes = self.is_list && is_quote(take_quote(&mut cursor));
        blanks(&mut cursor);
        let more = closes && cursor.takes(b',');
        blanks(&mut cursor);
        (more && is_quote(take_quote(&mut cursor))).then_some(Value {
            start: cursor,
            ..self.value
        })
    }
}

/// Reads a quote.
fn take_quote(cursor: &mut Cursor<'_>) -> Option<Quote> {
    let decoded = cursor.fresh();
    let next = decoded.peek().filter(|next| b"\"'".contains(&next.byte))?;
    let at = next.end;
    *cursor = Cursor { at, ..decoded };
    Some(Quote {
        byte: next.byte,
        depth: next.depth,
        written: last_byte(cursor.text, at),
    })
}

/// Skips blanks and terminal colours. Returns whether there is a blank among them.
pub(super) fn blanks(cursor: &mut Cursor<'_>) -> bool {
    let mut any = false;
    while let Some(next) = cursor.fresh().peek() {
        match next.byte {
            b' ' | b'\t' | b'\n' | b'\r' => any = true,
            0x1b => {
                let colour = pattern!(r"\A\[[0-9;]*m").find(tail(cursor.text, next.end));
                cursor.at = match colour {
                    Some(colour) => next.end + colour.len(),
                    None => break,
                };
                continue;
            }
            _ => break,
        }
        cursor.at = next.end;
    }
    any
}

/// Skips the bracket before a list. Returns whether its values are quoted, as they must be but for headers
/// as Go prints them.
fn opens_list(cursor: &mut Cursor<'_>, bare: bool) -> bool {
    let mut inner = *cursor;
    if cursor.rest().starts_with(MARKER) || !inner.takes(b'[') {
        return false;
    }
    let bracket = inner;
    blanks(&mut inner);
    let quoted = take_quote(&mut { inner }).is_some();
    if quoted || bare {
        *cursor = if quoted { inner } else { bracket };
    }
    quoted
}

/// Skips the `b` of a byte string and, behind a `raw` separator, type names of `Debug` output: `Some(`, and
/// one more before a quote.
fn type_names(cursor: &mut Cursor<'_>, raw: bool) {
    let begins = |byte: &u8| is_word(*byte) || *byte == b':';
    if !cursor.rest().first().is_some_and(begins) {
        return;
    }
    let names = [
        pattern!(r"\A(?:Some\(|Number\()"),
        pattern!(r"\A(?:string\(\d+\)|[\w:]{1,32}\()"),
        pattern!(r"\Ab"),
    ];
    for (index, name) in names.into_iter().enumerate().skip(if raw { 0 } else { 2 }) {
        let found = name.find(cursor.rest()).map_or(0, |found| found.len());
        let mut behind = *cursor;
        behind.at += found;
        blanks(&mut behind);
        if found > 0 && (index == 0 || take_quote(&mut { behind }).is_some()) {
            *cursor = behind;
        }
    }
}
