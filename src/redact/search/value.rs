//! Where the value of a key ends.

use memchr::{memchr, memchr3};

use super::{
    cursor::{Char, Cursor, Layers},
    text::{head, run, tail},
};

/// A value, which begins at a place and goes on to its end.
#[derive(Clone, Copy)]
pub(super) struct Value<'t> {
    pub(super) start: Cursor<'t>,
    pub(super) extent: Extent,
}

/// What ends a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The closing quote.
    Quoted(Quote),
    /// A blank, a quote or `&`.
    Bare,
    /// The end of the line, or `]` if the value is in brackets.
    Line { bracket: bool },
    /// A character that cannot be part of a number.
    Number,
}

/// A quotation mark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) byte: u8,
    /// The number of layers that it is encoded in.
    pub(super) depth: u8,
    /// The last byte of it as it is written: the mark itself behind backslashes, or a digit.
    pub(super) written: u8,
}

/// The maximum number of punctuation marks at the end of a bare value that do not belong to it.
const MAX_MARKS: usize = 4;

impl<'t> Value<'t> {
    pub(super) fn chars(self) -> Chars<'t> {
        Chars {
            cursor: self.start,
            extent: self.extent,
            assigned: false,
            parameter: None,
        }
    }

    /// Returns the end of the value in the record.
    pub(super) fn end(self) -> usize {
        let mut chars = self.chars();
        loop {
            chars.skip_plain();
            if chars.next().is_none() {
                return chars.cursor.at;
            }
        }
    }

    pub(super) fn limit(self) -> Limit {
        Limit {
            layers: self.start.layers,
            extent: self.extent,
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.chars().next().is_none()
    }

    pub(super) fn is_quoted(self) -> bool {
        matches!(self.extent, Extent::Quoted(..))
    }

    /// The value as it is written, and the text behind it.
    pub(super) fn rest(self) -> &'t [u8] {
        self.start.rest()
    }

    /// Returns the rest of the value from this place on.
    pub(super) fn from(self, at: usize) -> Self {
        let start = Cursor { at, ..self.start };
        Self { start, ..self }
    }
}

/// What ends a value that goes on at another place.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    layers: Layers,
    extent: Extent,
}

impl Limit {
    pub(super) fn end(self, text: &[u8], at: usize) -> usize {
        let Self { layers, extent } = self;
        let start = Cursor { text, at, layers };
        Value { start, extent }.end()
    }
}

/// The characters of a value.
pub(super) struct Chars<'t> {
    pub(super) cursor: Cursor<'t>,
    extent: Extent,
    /// Whether the last character was a `=`, behind which a quoted parameter may begin.
    assigned: bool,
    /// The depth of the quoted parameter that is being read.
    parameter: Option<u8>,
}

impl Iterator for Chars<'_> {
    type Item = Char;

    fn next(&mut self) -> Option<Char> {
        let next = self.cursor.peek()?;
        let percent = self.cursor.rest().starts_with(b"%");
        let mut end = next.end;
        let ends = match self.extent {
            Extent::Quoted(quote) if percent || quote.written == quote.byte => {
                let escaped = self.behind_escaped(next);
                end = escaped.unwrap_or_else(|| behind_encoded(self.cursor, next));
                self.ends_quoted(next, quote)
            }
            Extent::Quoted(quote) => {
                let decoded = self.cursor.decoded().peek()?;
                end = decoded.end;
                self.ends_quoted(decoded, quote)
            }
            Extent::Bare => match behind_bare(self.cursor) {
                Some(behind) => {
                    end = behind;
                    self.ends_sentence(next)
                }
                None => true,
            },
            // A percent-encoded character is a part of the line.
            Extent::Line { .. } if percent => {
                end = behind_encoded(self.cursor, next);
                false
            }
            Extent::Line { bracket } => {
                let fresh = self.cursor.fresh().peek()?;
                end = fresh.end;
                self.ends_line(fresh, bracket)
            }
            Extent::Number => {
                next.depth > 0 || !next.byte.is_ascii_alphanumeric() && !b".+-".contains(&next.byte)
            }
        };
        if ends {
            return None;
        }
        self.cursor.at = end;
        Some(Char { end, ..next })
    }
}

impl Chars<'_> {
    /// Skips bytes that mean nothing to the extent.
    fn skip_plain(&mut self) {
        let rest = self.cursor.rest();
        let percent = self.cursor.layers.has_percent();
        let length = match self.extent {
            Extent::Quoted(Quote { byte: b'"', .. }) if !percent => {
                let length = memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
                memchr(b'\r', head(rest, length)).unwrap_or(length)
            }
            Extent::Number => 0,
            _ => run(rest, |byte| {
                byte.is_ascii_alphanumeric() || b"-_~/+*".contains(&byte)
            }),
        };
        if length > 0 {
            self.cursor.at += length;
            self.assigned = false;
        }
    }

    /// Returns the end of the quote or backslash that this backslash escapes.
    fn behind_escaped(&self, backslash: Char) -> Option<usize> {
        let at = backslash.end;
        let next = Cursor { at, ..self.cursor }.peek()?;
        let is_escaped = next.depth == backslash.depth && b"\"'\\".contains(&next.byte);
        (backslash.byte == b'\\' && is_escaped).then_some(next.end)
    }

    fn ends_quoted(&self, next: Char, quote: Quote) -> bool {
        let raw = next.depth == 0;
        let written = last_byte(self.cursor.text, next.end);
        match next.byte {
            b'\n' | b'\r' => raw,
            b'"' if raw || written == b'"' && quote.written != quote.byte => true,
            byte if byte == quote.byte => written == quote.written && next.depth <= quote.depth,
            b' ' | b'\t' | b'&' => raw && quote.depth > 0 && self.cursor.layers.has_percent(),
            _ => false,
        }
    }

    /// Returns whether punctuation and then the end of a bare value follow.
    fn ends_sentence(&self, next: Char) -> bool {
        if next.depth > 0 || !is_mark(next.byte) {
            return false;
        }
        let rest = tail(self.cursor.text, next.end);
        let marks = run(head(rest, MAX_MARKS), is_mark);
        let at = next.end + marks;
        marks < MAX_MARKS && behind_bare(Cursor { at, ..self.cursor }).is_none()
    }

    fn ends_line(&mut self, next: Char, bracket: bool) -> bool {
        let opens = core::mem::replace(&mut self.assigned, next.byte == b'=');
        match (next.byte, self.parameter) {
            (b']', None) => return bracket,
            (b'"', _) if last_byte(self.cursor.text, next.end) != b'"' => return true,
            (b'"', Some(depth)) if next.depth == depth => self.parameter = None,
            (b'"', Some(depth)) => return next.depth < depth,
            (b'"', None) if opens && !is_behind_string(tail(self.cursor.text, next.end)) => {
                self.parameter = Some(next.depth);
            }
            (b'\n' | b'\r', _) | (b'"', None) => return true,
            _ => {}
        }
        false
    }
}

/// Returns the end of the next character, which may be encoded in more layers. A percent-encoded backslash
/// is a character by itself, because it may precede the end of the value.
fn behind_encoded(cursor: Cursor<'_>, next: Char) -> usize {
    if cursor.rest().starts_with(b"%") && next.byte == b'\\' {
        return next.end;
    }
    let inner = cursor.decoded().peek();
    inner.map_or(next.end, |inner| inner.end)
}

/// Returns the end of the next character of a bare value, or `None` if the value ends here. An escape ends
/// it, but a run of backslashes is a character of it.
fn behind_bare(cursor: Cursor<'_>) -> Option<usize> {
    let ends = |byte: u8| byte.is_ascii_control() || b" \"&".contains(&byte);
    let next = cursor.peek()?;
    if !cursor.rest().starts_with(b"\\") {
        return (!ends(next.byte)).then(|| behind_encoded(cursor, next));
    }
    let inner = cursor.fresh().peek().unwrap_or(next);
    let is_escape = inner.end > cursor.at + 1;
    (!is_escape || !ends(inner.byte) && !b"<>".contains(&inner.byte)).then_some(inner.end)
}

pub(super) fn last_byte(text: &[u8], end: usize) -> u8 {
    head(text, end).last().copied().unwrap_or_default()
}

/// Returns whether the next byte can follow a JSON string.
pub(super) fn is_behind_string(rest: &[u8]) -> bool {
    rest.first()
        .is_none_or(|byte| b" \t\r\n,:}]".contains(byte))
}

pub(super) fn is_mark(byte: u8) -> bool {
    b")}>,;:.'".contains(&byte)
}
