//! Text between words: spaces, line ends and terminal colours.

use super::{
    place::run,
    unit::{Form, Unit, unit},
};

const BLANKS: usize = 32;
const COLOURS: usize = 3;

/// How long they are, and how many of them do count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Blanks {
    pub(super) length: usize,
    pub(super) count: usize,
}

/// All there are, and no more than there may be.
pub(super) fn blanks(text: &[u8]) -> Blanks {
    let mut read = Blanks::default();
    let mut colours = 0;
    loop {
        let rest = &text[read.length..];
        if let Some(colour) = colour(rest).filter(|_| colours < COLOURS) {
            colours += 1;
            read.length += colour;
        } else if let Some(blank) = unit(rest).filter(|unit| is_blank(unit) && read.count < BLANKS)
        {
            read.count += 1;
            read.length += blank.length;
        } else {
            return read;
        }
    }
}

fn is_blank(unit: &Unit) -> bool {
    match unit.form {
        Form::Raw | Form::Percent(_) => unit.stands_for_any_of(b" \t\n\r"),
        Form::Escape(_) => unit.stands_for_any_of(b"\t\n\r"),
        Form::Unicode(_) | Form::Backslashes => false,
    }
}

fn colour(text: &[u8]) -> Option<usize> {
    let escape = unit(text).filter(|unit| unit.stands_for(0x1b))?;
    let numbers = text[escape.length..].strip_prefix(b"[")?;
    let length = run(numbers, |byte| matches!(byte, b'0'..=b'9' | b';'));
    let is_whole = length <= 12 && numbers.get(length) == Some(&b'm');
    is_whole.then_some(escape.length + 1 + length + 1)
}
