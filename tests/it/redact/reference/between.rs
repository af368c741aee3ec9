//! Text between a key and its value.

use super::{
    blanks::blanks,
    place::{is_word_character, run},
    unit::{Form, Unit, unit},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// `=`
    Equals,
    /// `=>`
    Arrow,
    /// `:`
    Colon,
    /// `,`
    Comma,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Separator {
    pub(super) sign: Sign,
    pub(super) form: Form,
}

/// A quote, and which of the two it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    pub(super) character: u8,
    pub(super) unit: Unit,
}

impl Quote {
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let are_alike = match (self.unit.form, other.unit.form) {
            (Form::Percent(one), Form::Percent(other)) => one == other,
            (Form::Unicode(_), Form::Unicode(_)) => true,
            _ => self.unit.level().is_some() && self.unit.level() == other.unit.level(),
        };
        self.character == other.character && are_alike
    }

    /// How much of its unit is the quote itself.
    pub(super) fn itself(&self) -> usize {
        match self.unit.level() {
            Some(level) => 2_usize.pow(level),
            None => self.unit.length,
        }
    }
}

/// What surrounds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    List,
    Bracket,
}

/// Everything between them; how far it goes is counted from the anchor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    pub(super) key_end: usize,
    pub(super) key_quote: Option<Quote>,
    pub(super) separator: Separator,
    /// Whether the value has no quote and stands as if behind `:`.
    pub(super) is_behind_colon: bool,
    pub(super) around: Around,
    pub(super) quote: Option<Quote>,
    pub(super) value: usize,
}

/// The quote at the beginning of `text`.
pub(super) fn quote(text: &[u8]) -> Option<Quote> {
    let unit = unit(text)?;
    let is = |character: &u8| unit.stands_for(*character);
    let character = [b'"', b'\''].into_iter().find(is)?;
    Some(Quote { character, unit })
}

fn separator(text: &[u8], may_be_comma: bool) -> Option<(Separator, usize)> {
    let unit = unit(text)?;
    let of = |sign, length| {
        let form = unit.form;
        Some((Separator { sign, form }, length))
    };
    let can_separate = !matches!(unit.form, Form::Escape(_) | Form::Backslashes);
    if text.starts_with(b"=>") {
        of(Sign::Arrow, 2)
    } else if unit.stands_for(b'=') && can_separate {
        of(Sign::Equals, unit.length)
    } else if unit.stands_for(b':') && can_separate {
        of(Sign::Colon, unit.length)
    } else if unit.is_raw(b",") && may_be_comma {
        of(Sign::Comma, unit.length)
    } else {
        None
    }
}

/// Whether a quote before `text` rather ends a string.
pub(super) fn ends_string(text: &[u8]) -> bool {
    text.first()
        .is_none_or(|byte| b" \t\n\r,:}]".contains(byte))
}

/// What of this a kind of key allows.
#[derive(Clone, Copy)]
pub(super) struct Allowed {
    /// Whether it is a header's.
    pub(super) of_header: bool,
    pub(super) blanks_without_quote: bool,
}

impl Between {
    /// `text` begins with the anchor, and `key_end` is where the key ends.
    pub(super) fn read(text: &[u8], key_end: usize, allowed: Allowed) -> Option<Self> {
        let Allowed {
            of_header,
            blanks_without_quote,
        } = allowed;
        let key_quote = quote(&text[key_end..]);
        let mut at = key_end;
        if let Some(quote) = key_quote {
            at += quote.unit.length;
            at += usize::from(text[at..].starts_with(b"]"));
        }
        if key_quote.is_some() || blanks_without_quote {
            at += blanks(&text[at..]).length;
        }
        let (separator, length) = separator(&text[at..], of_header && key_quote.is_some())?;
        at += length;
        let blanks_behind = blanks(&text[at..]);
        at += blanks_behind.length;
        if matches!(separator.form, Form::Percent(_)) && text[at..].starts_with(b"+") {
            at += 1;
        }
        let has_bracket = of_header && key_quote.is_none();
        let is_raw = separator.form == Form::Raw;
        let (around, length) = if is_raw && separator.sign != Sign::Equals {
            around(&text[at..], has_bracket)?
        } else {
            (Around::Nothing, 0)
        };
        at += length;
        if is_raw {
            at += wrapping(&text[at..]);
        }
        if text[at..].starts_with(b"b") && quote(&text[at + 1..]).is_some() {
            at += 1;
        }
        let quote = quote(&text[at..]);
        if let Some(quote) = quote {
            at += quote.unit.length;
            let is_like_keys = key_quote.is_some_and(|key_quote| key_quote.is_like(&quote));
            if !is_like_keys && ends_string(&text[at..]) {
                return None;
            }
        } else if separator.sign == Sign::Comma {
            return None;
        }
        let stands_apart =
            separator.sign == Sign::Equals && blanks_behind.count > 0 && key_quote.is_none();
        Some(Self {
            key_end,
            key_quote,
            separator,
            is_behind_colon: quote.is_none() && (separator.sign == Sign::Colon || stands_apart),
            around,
            quote,
            value: at,
        })
    }
}

/// A list or a bracket, and how long its beginning is; nothing where the rule does not fit.
fn around(text: &[u8], may_be_bracket: bool) -> Option<(Around, usize)> {
    if may_be_bracket && text.starts_with(b"[redacted:") {
        return None;
    }
    let Some(inside) = text.strip_prefix(b"[") else {
        return Some((Around::Nothing, 0));
    };
    let blanks = blanks(inside).length;
    if quote(&inside[blanks..]).is_some() {
        Some((Around::List, 1 + blanks))
    } else if may_be_bracket {
        Some((Around::Bracket, 1))
    } else {
        Some((Around::Nothing, 0))
    }
}

/// What programs write around a value when they print it.
fn wrapping(text: &[u8]) -> usize {
    let mut at = 0;
    if text.starts_with(b"Some(") {
        at = 5 + blanks(&text[5..]).length;
    }
    let text = &text[at..];
    let number = || text.starts_with(b"Number(").then_some(7);
    at + string_of_length(text)
        .or_else(number)
        .or_else(|| name_of_type(text))
        .unwrap_or(0)
}

/// `string(`, digits, `)` and blanks.
fn string_of_length(text: &[u8]) -> Option<usize> {
    let digits = run(text.strip_prefix(b"string(")?, u8::is_ascii_digit);
    let behind = text[7 + digits..].strip_prefix(b")")?;
    (1..=32)
        .contains(&digits)
        .then(|| 7 + digits + 1 + blanks(behind).length)
}

/// A name, `(` and blanks, before a quote.
fn name_of_type(text: &[u8]) -> Option<usize> {
    let name = run(text, |byte| is_word_character(*byte) || *byte == b':');
    let behind = text[name..].strip_prefix(b"(")?;
    let blanks = blanks(behind).length;
    quote(&behind[blanks..])?;
    (1..=32).contains(&name).then_some(name + 1 + blanks)
}
