//! End of a value.

use super::{
    between::{Quote, Separator, ends_string, quote},
    blanks::blanks,
    place::{AHEAD, run},
    unit::{Form, Unit, unit, units},
};

#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Quoted(Quote),
    Bare(Separator),
    Number,
}

/// Where the value ends, and which quote ends it if one closes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) value: usize,
    pub(super) closing: Option<Quote>,
}

impl Shape {
    /// `text` begins with the value.
    pub(super) fn end(self, text: &[u8]) -> End {
        let value = match self {
            Self::Quoted(quote) => return end_of_quoted(text, quote),
            Self::Bare(separator) => end_of_bare(text, separator),
            Self::Number => run(text, |byte| {
                byte.is_ascii_alphanumeric() || b".+-".contains(byte)
            }),
        };
        End {
            value,
            closing: None,
        }
    }
}

fn end_of_quoted(text: &[u8], opening: Quote) -> End {
    let mut backslashes = 0;
    for (at, unit) in units(text) {
        let found = quote(&text[at..]);
        let closing = found.filter(|found| closes(found, opening) && backslashes % 2 == 0);
        if let Some(closing) = closing {
            return End {
                value: at + unit.length - closing.itself(),
                closing: Some(closing),
            };
        }
        if ends_without_closing(&unit, opening) {
            return End {
                value: at,
                closing: None,
            };
        }
        backslashes = if is_backslash(&unit, opening) {
            backslashes + 1
        } else {
            0
        };
    }
    End {
        value: text.len(),
        closing: None,
    }
}

fn closes(found: &Quote, opening: Quote) -> bool {
    let is_such = match (found.unit.form, opening.unit.form) {
        (Form::Percent(found), Form::Percent(opening)) => found <= opening,
        (Form::Unicode(_), Form::Unicode(_)) => true,
        _ => match (found.unit.level(), opening.unit.level()) {
            (Some(found), Some(opening)) => found <= opening,
            _ => false,
        },
    };
    found.character == opening.character && is_such
}

/// Whether it escapes what follows; backslashes that stand for themselves are part of their unit.
fn is_backslash(unit: &Unit, opening: Quote) -> bool {
    unit.stands_for(b'\\')
        && matches!(
            (unit.form, opening.unit.form),
            (Form::Percent(_), Form::Percent(_)) | (Form::Unicode(_), Form::Unicode(_))
        )
}

fn ends_without_closing(unit: &Unit, opening: Quote) -> bool {
    let is_of_percent = matches!(opening.unit.form, Form::Percent(_));
    let ends_all = match (unit.level(), opening.unit.level()) {
        (Some(found), Some(_)) => found == 0,
        (Some(_), None) => true,
        (None, _) => false,
    };
    unit.stands_for(b'"') && ends_all
        || unit.is_raw(b"\n\r")
        || is_of_percent && unit.is_raw(b" \t&")
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
    let is_trailing = |text: &[u8]| {
        let marks = run(text, |byte| b")}>,;:.'".contains(byte));
        let follows = unit(&text[marks..]);
        (1..=4).contains(&marks) && follows.is_none_or(|unit| ends(&unit))
    };
    units(text)
        .find(|(at, unit)| ends(unit) || is_trailing(&text[*at..]))
        .map_or(text.len(), |(at, _)| at)
}

/// What ends a parameter's value: a quote of this level.
type Parameter = Option<u32>;

pub(super) fn end_of_line(text: &[u8], is_in_bracket: bool) -> usize {
    let mut parameter: Parameter = None;
    let mut last = None;
    for (at, unit) in units(text) {
        let is_percent = matches!(unit.form, Form::Percent(_));
        if !is_percent && unit.stands_for_line_end() {
            return at;
        }
        if !is_percent && unit.stands_for(b'"') {
            let level = unit.level();
            let opens = last == Some(b'=') && !ends_string(&text[at + unit.length..]);
            match (parameter, level) {
                (Some(opened), Some(level)) if level == opened => parameter = None,
                (Some(opened), Some(level)) if level > opened => (),
                (None, Some(level)) if opens => parameter = Some(level),
                _ => return at,
            }
        } else if parameter.is_none() && is_in_bracket && unit.is_raw(b"]") {
            return at;
        }
        last = unit.raw();
    }
    text.len()
}

/// How far the next value of a list is from the quote that closed the last one.
pub(super) fn next_in_list(text: &[u8], last: Quote) -> Option<usize> {
    let text = &text[..text.len().min(AHEAD)];
    let mut at = last.itself();
    at += blanks(&text[at..]).length;
    text[at..].strip_prefix(b",")?;
    at += 1;
    at += blanks(&text[at..]).length;
    let quote = quote(&text[at..]).filter(|quote| quote.is_like(&last))?;
    Some(at + quote.unit.length)
}
