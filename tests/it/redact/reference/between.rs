//! What stands between a key and its value.

use super::{
    place::run,
    unit::{Form, Unit, unit},
};

/// Spaces, tabs and ends of lines, each one raw byte.
pub(super) const BLANKS: &[u8] = b" \t\n\r";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// `=`
    Equals,
    /// `=>`
    Arrow,
    /// `:`
    Colon,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Separator {
    pub(super) sign: Sign,
    pub(super) form: Form,
}

/// A quote, and which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) character: u8,
    pub(super) form: Form,
    pub(super) length: usize,
}

/// Everything between them; how far it goes is counted from the anchor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    pub(super) key_end: usize,
    pub(super) key_quote: Option<Quote>,
    pub(super) separator: Separator,
    pub(super) is_separated_at_once: bool,
    pub(super) is_list: bool,
    pub(super) quote: Option<Quote>,
    pub(super) value: usize,
}

/// The quote at the beginning of `text`.
pub(super) fn quote(text: &[u8]) -> Option<Quote> {
    let unit = unit(text)?;
    [b'"', b'\'']
        .into_iter()
        .find(|character| unit.stands_for(*character))
        .map(|character| Quote {
            character,
            form: unit.form,
            length: unit.length,
        })
}

/// Up to eight; where there are more, it does not fit.
pub(super) fn up_to_8_blanks(text: &[u8]) -> Option<usize> {
    let blanks = run(text, |byte| BLANKS.contains(byte));
    (blanks <= 8).then_some(blanks)
}

fn separator(text: &[u8]) -> Option<(Separator, usize)> {
    let Unit { form, length, .. } = unit(text)?;
    let can_separate = matches!(form, Form::Raw | Form::Percent(_) | Form::Unicode(_));
    let of = |sign, length| Some((Separator { sign, form }, length));
    match unit(text)? {
        _ if !can_separate => None,
        _ if text.starts_with(b"=>") => of(Sign::Arrow, 2),
        unit if unit.stands_for(b'=') => of(Sign::Equals, length),
        unit if unit.stands_for(b':') => of(Sign::Colon, length),
        _ => None,
    }
}

impl Between {
    /// `text` begins with the anchor, and `key_end` is where the key ends.
    pub(super) fn read(text: &[u8], key_end: usize) -> Option<Self> {
        let key_quote = quote(&text[key_end..]);
        let mut at = key_end + key_quote.map_or(0, |quote| quote.length);
        let blanks_before = up_to_8_blanks(&text[at..])?;
        at += blanks_before;
        let (separator, length) = separator(&text[at..])?;
        at += length;
        let blanks_behind = up_to_8_blanks(&text[at..])?;
        at += blanks_behind;
        let may_be_list = separator.form == Form::Raw && separator.sign != Sign::Equals;
        let list = may_be_list.then(|| list(&text[at..])).flatten();
        at += list.unwrap_or(0);
        if text[at..].starts_with(b"Some(") {
            at += 5;
        }
        let quote = quote(&text[at..]);
        let may_stand_apart =
            separator.sign != Sign::Equals || quote.is_some() || key_quote.is_some();
        (blanks_behind == 0 || may_stand_apart).then_some(Self {
            key_end,
            key_quote,
            separator,
            is_separated_at_once: blanks_before == 0,
            is_list: list.is_some(),
            quote,
            value: at + quote.map_or(0, |quote| quote.length),
        })
    }
}

/// `[` and blanks, where a quote follows, if need be within `Some(`.
fn list(text: &[u8]) -> Option<usize> {
    let inside = text.strip_prefix(b"[")?;
    let blanks = up_to_8_blanks(inside)?;
    let first = &inside[blanks..];
    quote(first.strip_prefix(b"Some(").unwrap_or(first))?;
    Some(1 + blanks)
}
