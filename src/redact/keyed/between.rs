//! The separator, quotes and blanks between a key and its value.

use core::ops::Range;

use super::Value;
use crate::redact::{
    Alphabet,
    behind::MAX_COLOUR,
    extent::{Extent, Quote},
    found::MARKER,
    unit::{Ahead, Form, Known, Unit},
};

/// The text between a key and its value. Positions are relative to the anchor.
pub(in crate::redact) struct Between {
    /// The quote after the key, and its range.
    pub(in crate::redact) key_quote: Option<(Quote, Range<usize>)>,
    pub(in crate::redact) separator: Separator,
    /// Whether the value is a list of quoted values in brackets.
    pub(in crate::redact) is_list: bool,
    /// Whether the value is in brackets and unquoted.
    pub(in crate::redact) bracket: bool,
    /// The quote before the value.
    pub(in crate::redact) quote: Option<Quote>,
    /// The start of the value.
    pub(in crate::redact) value: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Separator {
    /// `=` with the value directly after it. Contains the depth if the `=` is percent-encoded.
    Equals(Option<u8>),
    /// `:`, or `=` and blanks. Contains the depth of percent-encoding, as for `Equals`.
    Colon(Option<u8>),
    /// `=>`
    Arrow,
    /// `,` between a quoted name and a quoted value.
    Comma,
}

impl Between {
    /// Reads the text at `at`, directly after the key. Returns `None` if no value can follow.
    /// `value` is the expected value, which decides the accepted forms. Keys of personal data have
    /// none.
    pub(in crate::redact) fn read(
        ahead: Ahead<'_>,
        at: usize,
        value: Option<Value>,
    ) -> Known<Option<Self>> {
        let mut reader = Reader { ahead, at };
        let is_header = value.is_some_and(Value::is_header);
        let key_quote = reader.quote()?.map(|quote| {
            let end = reader.at;
            (
                quote,
                end.saturating_sub(quote.length(end.saturating_sub(at)))..end,
            )
        });
        if key_quote.is_some() {
            // `environ["APP_SECRET"] = …`
            reader.takes(b"]")?;
        }
        if key_quote.is_some() || value != Some(Value::Code) {
            reader.blanks()?;
        }
        let pairs = is_header && key_quote.is_some();
        let Some((mut separator, raw)) = reader.separator(pairs)? else {
            return Ok(None);
        };
        let blanks = reader.blanks()?;
        if matches!(
            separator,
            Separator::Equals(Some(_)) | Separator::Colon(Some(_))
        ) {
            // Form encoding writes a blank as a plus.
            reader.takes(b"+")?;
        }
        let (mut is_list, mut bracket) = (false, false);
        if raw && separator != Separator::Equals(None) {
            (is_list, bracket) = reader.opens_list(is_header && key_quote.is_none())?;
            if bracket && reader.ahead.equals(reader.at, MARKER)? {
                return Ok(None);
            }
        }
        if raw {
            reader.names_type()?;
        }
        reader.marks_bytes()?;
        let quote = reader.quote()?;
        match separator {
            Separator::Equals(depth) if blanks > 0 && quote.is_none() && key_quote.is_none() => {
                separator = Separator::Colon(depth);
            }
            Separator::Comma if quote.is_none() => return Ok(None),
            _ => {}
        }
        // A quote unlike the key's may end the string that contains the key.
        let twin = quote == key_quote.as_ref().map(|(quote, _)| *quote);
        if quote.is_some() && !twin && reader.ahead.from(reader.at).is_behind_a_string()? {
            return Ok(None);
        }
        let is_list = is_list && quote.is_some();
        Ok(Some(Self {
            key_quote,
            separator,
            is_list,
            bracket,
            quote,
            value: reader.at,
        }))
    }

    /// Returns the extent of the value, from its quote or else from its separator.
    pub(in crate::redact) fn extent(&self) -> Extent {
        match (self.quote, self.separator) {
            (Some(quote), _) => Extent::quoted(quote),
            (None, Separator::Equals(depth) | Separator::Colon(depth)) => Extent::Bare(depth),
            (None, Separator::Arrow | Separator::Comma) => Extent::Bare(None),
        }
    }
}

/// The maximum number of blanks in a row. It allows for the indentation of lists.
const MAX_BLANKS: usize = 32;
/// The maximum number of terminal colours among these blanks.
const MAX_COLOURS: usize = 3;

/// The maximum length of a type name that is skipped.
const MAX_NAME: usize = 32;
const TYPE_NAME: Alphabet = Alphabet::WORD.and(b":");

/// Returns the length and the number of the blanks at `at`, which may be encoded. The length includes
/// terminal colours among the blanks, and the number does not.
pub(in crate::redact) fn blanks(ahead: Ahead<'_>, at: usize) -> Known<(usize, usize)> {
    let (mut length, mut count, mut colours) = (0_usize, 0_usize, 0_usize);
    loop {
        let here = at.saturating_add(length);
        let Some(unit) = ahead.unit(here)? else { break };
        let blank = match unit.form {
            Form::Raw | Form::Percent(_) => {
                matches!(unit.ascii(), Some(b' ' | b'\t' | b'\n' | b'\r'))
            }
            Form::Escape(_) => matches!(unit.ascii(), Some(b'\t' | b'\n' | b'\r')),
            _ => false,
        };
        let more = match blank {
            true if count < MAX_BLANKS => unit.length,
            false if colours < MAX_COLOURS => colour(ahead, here, unit)?,
            _ => 0,
        };
        match (blank, more) {
            (_, 0) => break,
            (true, _) => count = count.saturating_add(1),
            (false, _) => colours = colours.saturating_add(1),
        }
        length = length.saturating_add(more);
    }
    Ok((length, count))
}

/// Returns the length of the terminal colour at `at`, or 0: ESC, `[`, digits or `;`, and `m`. `unit` is
/// the unit at `at`.
fn colour(ahead: Ahead<'_>, at: usize, unit: Unit) -> Known<usize> {
    let bracket = at.saturating_add(unit.length);
    if !unit.stands_for(0x1b) || !ahead.is(bracket, |byte| byte == b'[')? {
        return Ok(0);
    }
    let first = bracket.saturating_add(1);
    let digits = ahead.run(first, MAX_COLOUR, |byte| {
        byte.is_ascii_digit() || byte == b';'
    })?;
    let last = first.saturating_add(digits);
    let ends = ahead.is(last, |byte| byte == b'm')?;
    Ok(if ends {
        last.saturating_add(1).saturating_sub(at)
    } else {
        0
    })
}

struct Reader<'t> {
    ahead: Ahead<'t>,
    at: usize,
}

impl Reader<'_> {
    fn unit(&self) -> Known<Option<Unit>> {
        self.ahead.unit(self.at)
    }

    fn skip(&mut self, length: usize) {
        self.at = self.at.saturating_add(length);
    }

    fn quote(&mut self) -> Known<Option<Quote>> {
        let Some(unit) = self.unit()? else {
            return Ok(None);
        };
        let quote = Quote::of(unit);
        if quote.is_some() {
            self.skip(unit.length);
        }
        Ok(quote)
    }

    fn blanks(&mut self) -> Known<usize> {
        let (length, count) = blanks(self.ahead, self.at)?;
        self.skip(length);
        Ok(count)
    }

    fn takes(&mut self, expected: &[u8]) -> Known<bool> {
        let found = self.ahead.equals(self.at, expected)?;
        if found {
            self.skip(expected.len());
        }
        Ok(found)
    }

    /// Reads a bracket that opens a list. Returns whether its values are quoted, and whether they are
    /// unquoted, which `bare` allows. Does not read any other bracket.
    fn opens_list(&mut self, bare: bool) -> Known<(bool, bool)> {
        let before = self.at;
        if !self.takes(b"[")? {
            return Ok((false, false));
        }
        let bracket = self.at;
        self.blanks()?;
        if self.unit()?.and_then(Quote::of).is_some() {
            return Ok((true, false));
        }
        // This bracket may be the first byte of a marker.
        let bare = bare && !self.ahead.equals(bracket, b"redacted:")?;
        self.at = if bare { bracket } else { before };
        Ok((false, bare))
    }

    /// Skips a type name of `Debug` output: `Some(`, `Number(`, `string(64)`, or a name such as
    /// `Token(` before a quote.
    fn names_type(&mut self) -> Known<()> {
        if self.takes(b"Some(")? {
            self.blanks()?;
        }
        let before = self.at;
        if self.takes(b"string(")? {
            let digits = self
                .ahead
                .run(self.at, MAX_BLANKS, |byte| byte.is_ascii_digit())?;
            self.skip(digits);
            if digits > 0 && self.takes(b")")? {
                self.blanks()?;
                return Ok(());
            }
            self.at = before;
        }
        if self.takes(b"Number(")? {
            return Ok(());
        }
        let name = self
            .ahead
            .run(self.at, MAX_NAME, |byte| TYPE_NAME.contains(byte))?;
        self.skip(name);
        let opens = name > 0 && self.takes(b"(")? && {
            self.blanks()?;
            self.unit()?.and_then(Quote::of).is_some()
        };
        if !opens {
            self.at = before;
        }
        Ok(())
    }

    /// Skips the `b` of a byte string, `b"…"`.
    fn marks_bytes(&mut self) -> Known<()> {
        let quote = self.at.saturating_add(1);
        let marks = self.ahead.is(self.at, |byte| byte == b'b')?
            && self.ahead.unit(quote)?.and_then(Quote::of).is_some();
        self.skip(usize::from(marks));
        Ok(())
    }

    /// Reads the separator. Returns it, and whether it is raw. `pairs` accepts a comma.
    fn separator(&mut self, pairs: bool) -> Known<Option<(Separator, bool)>> {
        let Some(unit) = self.unit()? else {
            return Ok(None);
        };
        let depth = match unit.form {
            Form::Percent(depth) => Some(depth),
            _ => None,
        };
        let separator = match unit.ascii() {
            Some(b'=') => Separator::Equals(depth),
            Some(b':') => Separator::Colon(depth),
            Some(b',') if pairs && unit.form == Form::Raw => Separator::Comma,
            _ => return Ok(None),
        };
        self.skip(unit.length);
        let raw = unit.form == Form::Raw;
        if raw && separator == Separator::Equals(None) && self.takes(b">")? {
            return Ok(Some((Separator::Arrow, raw)));
        }
        Ok(Some((separator, raw)))
    }
}
