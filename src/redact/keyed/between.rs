//! What stands between a key and its value.

use core::ops::Range;

use crate::redact::{
    extent::{Extent, Quote},
    unit::{Ahead, Form, Known, Unit},
};

/// What stands between a key and its value. Positions count from the anchor.
pub(in crate::redact) struct Between {
    /// The quote behind the key, and where it stands.
    pub(in crate::redact) key_quote: Option<(Quote, Range<usize>)>,
    pub(in crate::redact) separator: Separator,
    /// Whether it is a list in brackets.
    pub(in crate::redact) is_list: bool,
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
}

/// The most blanks that may stand in one place.
pub(in crate::redact) const MAX_BLANKS: usize = 8;

pub(in crate::redact) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl Between {
    /// What stands at `at`, behind the key; none where that is something else. A key without a quote
    /// may be followed by blanks where `loose`.
    pub(in crate::redact) fn read(ahead: Ahead<'_>, at: usize, loose: bool) -> Known<Option<Self>> {
        let mut reader = Reader { ahead, at };
        let key_quote = reader.quote()?.map(|quote| {
            let end = reader.at;
            (
                quote,
                end.saturating_sub(quote.length(end.saturating_sub(at)))..end,
            )
        });
        if key_quote.is_some() || loose {
            reader.blanks()?;
        }
        let Some((mut separator, raw)) = reader.separator()? else {
            return Ok(None);
        };
        let blanks = reader.blanks()?;
        let mut is_list = false;
        if raw && separator != Separator::Equals(None) {
            is_list = reader.opens_list()?;
            reader.takes(b"Some(")?;
        }
        let quote = reader.quote()?;
        match separator {
            Separator::Equals(depth) if blanks > 0 && quote.is_none() && key_quote.is_none() => {
                separator = Separator::Colon(depth);
            }
            _ => {}
        }
        // A quote that is no twin of the key's may be the end of the string that holds the key.
        let twin = quote == key_quote.as_ref().map(|(quote, _)| *quote);
        if quote.is_some() && !twin && reader.is_behind_a_string()? {
            return Ok(None);
        }
        Ok(Some(Self {
            key_quote,
            separator,
            is_list,
            quote,
            value: reader.at,
        }))
    }

    /// How far the value reaches, going by its quote, or by its separator where it has none.
    pub(in crate::redact) fn extent(&self) -> Extent {
        match (self.quote, self.separator) {
            (Some(quote), _) => Extent::quoted(quote),
            (None, Separator::Equals(depth) | Separator::Colon(depth)) => Extent::Bare(depth),
            (None, Separator::Arrow) => Extent::Bare(None),
        }
    }
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
        let blanks = self.ahead.run(self.at, MAX_BLANKS, is_blank)?;
        self.skip(blanks);
        Ok(blanks)
    }

    fn takes(&mut self, expected: &[u8]) -> Known<bool> {
        let found = self.ahead.equals(self.at, expected)?;
        if found {
            self.skip(expected.len());
        }
        Ok(found)
    }

    /// A bracket with a quote behind it; without the quote it is something else, and stays unread.
    fn opens_list(&mut self) -> Known<bool> {
        let before = self.at;
        if !self.takes(b"[")? {
            return Ok(false);
        }
        self.blanks()?;
        let opens = self.unit()?.and_then(Quote::of).is_some();
        if !opens {
            self.at = before;
        }
        Ok(opens)
    }

    /// The separator, and whether it is raw.
    fn separator(&mut self) -> Known<Option<(Separator, bool)>> {
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
            _ => return Ok(None),
        };
        self.skip(unit.length);
        let raw = unit.form == Form::Raw;
        if raw && separator == Separator::Equals(None) && self.takes(b">")? {
            return Ok(Some((Separator::Arrow, raw)));
        }
        Ok(Some((separator, raw)))
    }

    /// Whether what follows is what follows a string in JSON.
    fn is_behind_a_string(&self) -> Known<bool> {
        let next = self.ahead.byte(self.at)?;
        Ok(next.is_none_or(|byte| is_blank(byte) || b",:}]".contains(&byte)))
    }
}
