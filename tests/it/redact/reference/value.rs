//! Where a value ends.

use super::{
    between::{BLANKS, Quote, Separator},
    place::run,
    unit::{Form, Unit, units},
};

#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Quoted(Quote),
    Bare(Separator),
    Number,
}

/// Where the value ends, and where its closing quote does, if that is what ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) value: usize,
    pub(super) closing_quote: Option<usize>,
}

impl Shape {
    /// `text` begins with the value.
    pub(super) fn end(self, text: &[u8]) -> End {
        let without_quote = |value| End {
            value,
            closing_quote: None,
        };
        match self {
            Self::Quoted(quote) => end_of_quoted(text, quote).unwrap_or(without_quote(text.len())),
            Self::Bare(separator) => without_quote(end_of_bare(text, separator)),
            Self::Number => without_quote(run(text, |byte| {
                byte.is_ascii_alphanumeric() || b".+-".contains(byte)
            })),
        }
    }
}

fn end_of_quoted(text: &[u8], quote: Quote) -> Option<End> {
    match quote.form {
        Form::Percent(depth) => end_of_encoded(
            text,
            quote,
            |unit| matches!(unit.form, Form::Percent(found) if found <= depth),
            |unit| matches!(unit.form, Form::Percent(_)),
            b"\n\r \t&",
        ),
        Form::Unicode(_) => {
            let is_such = |unit: &Unit| matches!(unit.form, Form::Unicode(_));
            end_of_encoded(text, quote, is_such, is_such, b"\n\r")
        }
        Form::Escape(backslashes) => end_behind_backslashes(text, quote, backslashes),
        Form::Raw | Form::Backslashes => end_behind_backslashes(text, quote, 0),
    }
}

/// What was opened behind `opened` backslashes.
fn end_behind_backslashes(text: &[u8], quote: Quote, opened: usize) -> Option<End> {
    let mut backslashes = 0;
    for (at, byte) in text.iter().copied().enumerate() {
        let closes = backslashes < opened || backslashes % (2 * opened + 2) == opened;
        if byte == quote.character && closes {
            return Some(End {
                value: at - backslashes.min(opened),
                closing_quote: Some(at + 1),
            });
        }
        let is_apostrophe = quote.character == b'\'' && opened == 0;
        let ends_string = byte == b'"' && is_apostrophe && backslashes % 2 == 0;
        if ends_string || byte == b'\n' || byte == b'\r' {
            // A quote and the backslashes of its unit are an end that stays.
            let stays = if ends_string { backslashes % 16 } else { 0 };
            return Some(End {
                value: at - stays,
                closing_quote: None,
            });
        }
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
    }
    None
}

/// What was opened by a percent unit or by `\u0022`.
fn end_of_encoded(
    text: &[u8],
    quote: Quote,
    is_like_it: impl Fn(&Unit) -> bool,
    can_escape: impl Fn(&Unit) -> bool,
    ends: &[u8],
) -> Option<End> {
    let mut is_escaped = false;
    for (at, unit) in units(text) {
        let closes = unit.stands_for(quote.character) && is_like_it(&unit) && !is_escaped;
        let is_plain = matches!(unit.form, Form::Raw | Form::Escape(_));
        if closes || unit.is_raw(ends) || is_plain && unit.stands_for(b'"') {
            return Some(End {
                value: at,
                closing_quote: closes.then_some(at + unit.length),
            });
        }
        is_escaped = unit.stands_for(b'\\') && can_escape(&unit) && !is_escaped;
    }
    None
}

fn end_of_bare(text: &[u8], separator: Separator) -> usize {
    let ends = |unit: &Unit| {
        let ends_text = unit.stands_for_control_character() || unit.stands_for_any_of(b" \"&");
        match (unit.form, separator.form) {
            (Form::Raw, _) => ends_text,
            (Form::Escape(_) | Form::Unicode(_), _) => ends_text || unit.stands_for_any_of(b"<>"),
            (Form::Percent(depth), Form::Percent(separated)) => depth <= separated && ends_text,
            (Form::Percent(_) | Form::Backslashes, _) => false,
        }
    };
    first(text, ends)
}

pub(super) fn end_of_line(text: &[u8]) -> usize {
    first(text, |unit| {
        let is_percent = matches!(unit.form, Form::Percent(_));
        !is_percent && unit.stands_for_any_of(b"\n\r\"")
    })
}

/// Where the first such unit is, or where the text ends.
fn first(text: &[u8], wanted: impl Fn(&Unit) -> bool) -> usize {
    units(text)
        .find(|(_, unit)| wanted(unit))
        .map_or(text.len(), |(at, _)| at)
}

/// How far the next value of a list is from behind the closing quote of the last one.
pub(super) fn next_in_list(text: &[u8], last: Quote) -> Option<usize> {
    let blanks = |from: usize| {
        let blanks = run(&text[from..], |byte| BLANKS.contains(byte));
        (blanks <= 8).then_some(from + blanks)
    };
    let comma = blanks(0)?;
    text[comma..].strip_prefix(b",")?;
    let next = blanks(comma + 1)?;
    let quote = super::between::quote(&text[next..]).filter(|quote| *quote == last)?;
    Some(next + quote.length)
}
