//! What stands between a key and its value.

use core::ops::Range;

use super::Value;
use crate::redact::{
    Alphabet,
    behind::MAX_COLOUR,
    extent::{Extent, Quote},
    found::MARKER,
    unit::{Ahead, Form, Known, Unit},
};

/// What stands between a key and its value. Positions count from the anchor.
pub(in crate::redact) struct Between {
    /// The quote behind the key, and where it stands.
    pub(in crate::redact) key_quote: Option<(Quote, Range<usize>)>,
    pub(in crate::redact) separator: Separator,
    /// Whether it is a list in brackets.
    pub(in crate::redact) is_list: bool,
    /// Whether the value stands in a bracket without quotes.
    pub(in crate::redact) bracket: bool,
    /// The quote before the value.
    pub(in crate::redact) quote: Option<Quote>,
    /// Where the value begins.
    pub(in crate::redact) value: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Separator {
    /// `=`, with the value directly behind it. How deep it is percent-encoded, if it is.
    Equals(Option<u8>),
    /// `:`, or `=` and blanks.
    Colon(Option<u8>),
    /// `=>`
    Arrow,
    /// `,` between a name and a value in quotes.
    Comma,
}

impl Between {
    /// What stands at `at`, behind the key; none where that is something else. What may stand there
    /// depends on the value, where that is known.
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
            // Encoded as a form, a blank is a plus.
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
        // A quote that is no twin of the key's may be the end of the string that holds the key.
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

    /// How far the value reaches, going by its quote, or by its separator where it has none.
    pub(in crate::redact) fn extent(&self) -> Extent {
        match (self.quote, self.separator) {
            (Some(quote), _) => Extent::quoted(quote),
            (None, Separator::Equals(depth) | Separator::Colon(depth)) => Extent::Bare(depth),
            (None, Separator::Arrow | Separator::Comma) => Extent::Bare(None),
        }
    }
}

/// The most blanks that may stand in one place: lists are indented.
const MAX_BLANKS: usize = 32;
/// The most colours that may stand in one place.
const MAX_COLOURS: usize = 3;

/// The longest name of a type that is read over.
const MAX_NAME: usize = 32;
const TYPE_NAME: Alphabet = Alphabet::WORD.and(b":");

/// The length of the blanks at `at`, and how many there are: raw or escaped, and colours of a
/// terminal among them, which do not count.
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

/// The length of a terminal's colour at `at`, if one stands there: escape, `[`, some digits, `m`.
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

    /// Whether a bracket opens a list of quoted values, or with `bare` one without quotes. Any other
    /// is left unread.
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
        // A marker begins with a bracket of its own.
        let bare = bare && !self.ahead.equals(bracket, b"redacted:")?;
        self.at = if bare { bracket } else { before };
        Ok((false, bare))
    }

    /// The `Some(`, `Number(` or `string(64)` before a value, or the `Token(` before a quote.
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

    /// The `b` before the quote of a string of bytes.
    fn marks_bytes(&mut self) -> Known<()> {
        let quote = self.at.saturating_add(1);
        let marks = self.ahead.is(self.at, |byte| byte == b'b')?
            && self.ahead.unit(quote)?.and_then(Quote::of).is_some();
        self.skip(usize::from(marks));
        Ok(())
    }

    /// The separator, and whether it is raw.
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
