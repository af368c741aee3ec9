//! Where a redacted value ends.

use core::cmp::Ordering;

use super::{
    Alphabet,
    registered::{Progress, Registered},
    unit::{Ahead, Form, Known, Unit, Wait},
};

/// A quote around a key or a value, and its encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    character: u8,
    form: QuoteForm,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteForm {
    /// The level of JSON string nesting: 0 is `"`, 1 is `\"`, 2 is `\\\"`.
    Nested(u32),
    /// The depth of the percent-encoding.
    Percent(u8),
    /// A `\u` escape.
    Unicode,
}

/// How to find the end of a value, and the state of reading it.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    /// The value has ended.
    Here,
    /// Up to the first byte outside the alphabet.
    Run(Alphabet),
    /// Up to the closing quote.
    Quoted {
        quote: Quote,
        /// Whether the previous unit is an encoded backslash that is not itself escaped.
        escaped: bool,
    },
    /// Up to the end of an unquoted value. Contains the depth of a percent-encoded separator.
    Bare(Option<u8>),
    /// Up to the end of the line, or of the surrounding string.
    Line {
        /// Whether the previous character is `=`.
        assigned: bool,
        /// The level of the quote that encloses a parameter value.
        inner: Option<u32>,
        /// Whether `]` also ends the value.
        bracket: bool,
    },
    /// Up to the first mismatch with a registered value.
    Registered(Progress),
}

impl Quote {
    pub(super) fn of(unit: Unit) -> Option<Self> {
        let form = match unit.form {
            Form::Raw => QuoteForm::Nested(0),
            Form::Escape(backslashes) => QuoteForm::Nested(backslashes.trailing_ones()),
            Form::Percent(depth) => QuoteForm::Percent(depth),
            Form::Unicode(_) => QuoteForm::Unicode,
            Form::Backslashes => return None,
        };
        Self::new(unit.ascii()?, form)
    }

    pub(super) fn new(character: u8, form: QuoteForm) -> Option<Self> {
        matches!(character, b'"' | b'\'').then_some(Self { character, form })
    }

    /// Returns the length of the quote within its unit. The unit's other backslashes come first and
    /// are escaped ones.
    pub(super) fn length(self, unit: usize) -> usize {
        match self.form {
            QuoteForm::Nested(level) => 1_usize.wrapping_shl(level).min(unit),
            QuoteForm::Percent(_) | QuoteForm::Unicode => unit,
        }
    }

    /// Returns how many bytes of `unit` still belong to the value, or `None` if the value continues.
    /// A closing quote, a raw line ending or the end of the surrounding string ends it.
    fn end(self, unit: Unit, escaped: bool) -> Option<usize> {
        if unit.form == Form::Raw && unit.is_line_end() {
            return Some(0);
        }
        let end = Self::of(unit);
        let same = end.filter(|end| end.character == self.character);
        match (self.form, same.map(|end| end.form)) {
            (QuoteForm::Nested(own), Some(QuoteForm::Nested(level))) if level <= own => {
                return Some(unit.length.saturating_sub(end?.length(unit.length)));
            }
            (QuoteForm::Percent(own), Some(QuoteForm::Percent(depth)))
                if depth <= own && !escaped =>
            {
                return Some(0);
            }
            (QuoteForm::Unicode, Some(QuoteForm::Unicode)) if !escaped => return Some(0),
            _ => {}
        }
        let ends = match self.form {
            QuoteForm::Nested(_) => end?.is_json(0),
            QuoteForm::Percent(_) if unit.form == Form::Raw => {
                matches!(unit.ascii(), Some(b' ' | b'\t' | b'&' | b'"'))
            }
            QuoteForm::Percent(_) | QuoteForm::Unicode => end?.is_json(u32::MAX),
        };
        ends.then_some(0)
    }

    /// Returns whether this is a JSON string quote of level `most` or lower.
    fn is_json(self, most: u32) -> bool {
        self.character == b'"' && matches!(self.form, QuoteForm::Nested(level) if level <= most)
    }

    /// Returns whether the unit is an encoded backslash, which may escape an encoded quote.
    fn is_escape(self, unit: Unit) -> bool {
        unit.stands_for(b'\\')
            && matches!(
                (self.form, unit.form),
                (QuoteForm::Percent(_), Form::Percent(_)) | (QuoteForm::Unicode, Form::Unicode(_))
            )
    }
}

impl Extent {
    pub(super) fn line(bracket: bool) -> Self {
        Self::Line {
            assigned: false,
            inner: None,
            bracket,
        }
    }

    pub(super) fn quoted(quote: Quote) -> Self {
        Self::Quoted {
            quote,
            escaped: false,
        }
    }

    /// Reads more of the value. Returns its length in `ahead`, and whether the value ends there.
    pub(super) fn advance(&mut self, values: &[Registered], ahead: Ahead<'_>) -> (usize, bool) {
        match self {
            Self::Here => (0, true),
            Self::Run(alphabet) => {
                let length = alphabet.run(ahead.text());
                (length, ahead.byte(length).is_ok())
            }
            Self::Registered(progress) => progress.advance(values, ahead),
            Self::Quoted { .. } | Self::Bare(_) | Self::Line { .. } => {
                let mut length = 0_usize;
                loop {
                    let plain = plain_run(ahead.from(length).text());
                    if plain > 0 {
                        length = length.saturating_add(plain);
                        self.pass(ahead.text().get(length.saturating_sub(1)).copied());
                    }
                    match self.next(ahead.from(length)) {
                        Ok(Piece::Content(more)) => length = length.saturating_add(more),
                        Ok(Piece::End(last)) => return (length.saturating_add(last), true),
                        Err(Wait) => return (length, false),
                    }
                }
            }
        }
    }

    /// Updates the state after a plain run that ends with `last`.
    fn pass(&mut self, last: Option<u8>) {
        match self {
            Self::Quoted { escaped, .. } => *escaped = false,
            Self::Line { assigned, .. } => *assigned = last == Some(b'='),
            _ => {}
        }
    }

    /// Returns the length of the value, at most `most`, in bytes for a run and in units otherwise.
    pub(super) fn count(mut self, ahead: Ahead<'_>, most: usize) -> Known<usize> {
        if let Self::Run(alphabet) = self {
            return ahead.run(0, most, |byte| alphabet.contains(byte));
        }
        let mut at = 0_usize;
        for units in 0..most {
            match self.next(ahead.from(at))? {
                Piece::Content(length) => at = at.saturating_add(length),
                Piece::End(0) => return Ok(units),
                Piece::End(_) => return Ok(units.saturating_add(1)),
            }
        }
        Ok(most)
    }

    /// Reads the next unit of a value that ends at a quote or a delimiter.
    fn next(&mut self, ahead: Ahead<'_>) -> Known<Piece> {
        let Some(unit) = ahead.unit(0)? else {
            return Ok(Piece::End(0));
        };
        let end = match self {
            Self::Quoted { quote, escaped } => {
                let end = quote.end(unit, *escaped);
                *escaped = quote.is_escape(unit) && !*escaped;
                end
            }
            Self::Bare(separator) => {
                let ends = ends_bare(unit, *separator) || ends_sentence(ahead, *separator)?;
                ends.then_some(0)
            }
            Self::Line {
                assigned,
                inner,
                bracket,
            } => {
                let opens = *assigned && !ahead.from(unit.length).is_behind_a_string()?;
                *assigned = unit.is_raw(b'=');
                let closes = *bracket && inner.is_none() && unit.is_raw(b']');
                (closes || ends_line(unit, opens, inner)).then_some(0)
            }
            Self::Here | Self::Run(_) | Self::Registered(_) => Some(0),
        };
        Ok(end.map_or(Piece::Content(unit.length), Piece::End))
    }
}

/// Returns the length of the leading run of bytes that cannot end a value or begin an encoded unit.
fn plain_run(text: &[u8]) -> usize {
    let is_plain = |byte: &u8| !byte.is_ascii() || PLAIN.contains(*byte);
    text.iter().take_while(|byte| is_plain(byte)).count()
}

const PLAIN: Alphabet = Alphabet::ALPHANUMERIC.and(b"!#$(*+-/<=?@[^_`{|~");

/// The next unit of a value.
enum Piece {
    /// The unit belongs to the value and has this length.
    Content(usize),
    /// The value ends after this many bytes of the unit.
    End(usize),
}

/// `opens`: whether a quote here opens a parameter value, as in `username="me"`. The caller clears it
/// for a quote that ends a JSON string.
fn ends_line(unit: Unit, opens: bool, inner: &mut Option<u32>) -> bool {
    if matches!(unit.form, Form::Percent(_)) {
        return false;
    }
    let Some(Quote {
        character: b'"',
        form: QuoteForm::Nested(level),
    }) = Quote::of(unit)
    else {
        return unit.is_line_end() || unit.stands_for(b'"');
    };
    match *inner {
        Some(open) => match level.cmp(&open) {
            Ordering::Less => return true,
            Ordering::Equal => *inner = None,
            Ordering::Greater => {}
        },
        None if opens => *inner = Some(level),
        None => return true,
    }
    false
}

/// The maximum number of punctuation marks that can follow a value.
pub(super) const MAX_MARKS: usize = 4;

pub(super) fn is_mark(byte: u8) -> bool {
    b")}>,;:.'".contains(&byte)
}

/// Returns whether the text continues with punctuation that follows the value and is not a part of it.
fn ends_sentence(ahead: Ahead<'_>, separator: Option<u8>) -> Known<bool> {
    let run = ahead.run(0, MAX_MARKS, is_mark)?;
    if run == 0 {
        return Ok(false);
    }
    let next = ahead.unit(run)?;
    Ok(next.is_none_or(|next| ends_bare(next, separator)))
}

fn ends_bare(unit: Unit, separator: Option<u8>) -> bool {
    let Some(character) = unit.ascii() else {
        return false;
    };
    let ends = character.is_ascii_control() || matches!(character, b' ' | b'"' | b'&');
    match unit.form {
        Form::Raw => ends,
        Form::Escape(_) | Form::Unicode(_) => ends || matches!(character, b'<' | b'>'),
        Form::Percent(depth) => ends && separator.is_some_and(|separator| depth <= separator),
        Form::Backslashes => false,
    }
}
