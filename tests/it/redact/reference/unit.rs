//! One encoded character.

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Raw,
    /// With so many `25` between `%` and the digits.
    Percent(usize),
    /// So many backslashes, and one character.
    Escape(usize),
    /// So many backslashes, `u` and four digits.
    Unicode(usize),
    Backslashes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) length: usize,
    pub(super) form: Form,
    value: Option<u16>,
}

impl Unit {
    pub(super) fn stands_for(&self, character: u8) -> bool {
        self.value == Some(u16::from(character))
    }

    pub(super) fn stands_for_any_of(&self, characters: &[u8]) -> bool {
        characters
            .iter()
            .any(|character| self.stands_for(*character))
    }

    pub(super) fn stands_for_control_character(&self) -> bool {
        self.value
            .is_some_and(|value| value < 0x20 || value == 0x7f)
    }

    pub(super) fn stands_for_line_end(&self) -> bool {
        self.stands_for_any_of(b"\n\r")
    }

    pub(super) fn is_raw(&self, characters: &[u8]) -> bool {
        self.form == Form::Raw && self.stands_for_any_of(characters)
    }

    /// Which byte it is, where it is one.
    pub(super) fn raw(&self) -> Option<u8> {
        let byte = u8::try_from(self.value?).ok()?;
        (self.form == Form::Raw).then_some(byte)
    }

    /// Of a raw or an escaped quote: how often the text was put into a string of JSON.
    pub(super) fn level(&self) -> Option<u32> {
        match self.form {
            Form::Raw => Some(0),
            Form::Escape(backslashes) => Some(backslashes.trailing_ones()),
            Form::Percent(_) | Form::Unicode(_) | Form::Backslashes => None,
        }
    }
}

/// The unit at the beginning of `text`, unless that is empty.
pub(super) fn unit(text: &[u8]) -> Option<Unit> {
    let first = *text.first()?;
    let raw = Unit {
        length: 1,
        form: Form::Raw,
        value: Some(u16::from(first)),
    };
    Some(percent(text).or_else(|| backslashes(text)).unwrap_or(raw))
}

fn percent(text: &[u8]) -> Option<Unit> {
    [2, 1, 0].into_iter().find_map(|depth| {
        let digits = text.strip_prefix(percent_sign(depth))?.get(..2)?;
        Some(Unit {
            length: percent_sign(depth).len() + 2,
            form: Form::Percent(depth),
            value: Some(hexadecimal(digits)?),
        })
    })
}

/// What stands before the two digits.
pub(super) fn percent_sign(depth: usize) -> &'static [u8] {
    &b"%2525"[..=2 * depth]
}

fn backslashes(text: &[u8]) -> Option<Unit> {
    let count = text.iter().take_while(|byte| **byte == b'\\').count();
    if count == 0 {
        return None;
    }
    let nothing = Unit {
        length: count.min(16),
        form: Form::Backslashes,
        value: None,
    };
    if count >= 16 {
        return Some(nothing);
    }
    Some(escape(&text[count..], count).unwrap_or(nothing))
}

/// What follows `count` backslashes.
fn escape(text: &[u8], count: usize) -> Option<Unit> {
    let character = match *text.first()? {
        b'u' => {
            return Some(Unit {
                length: count + 5,
                form: Form::Unicode(count),
                value: Some(hexadecimal(text.get(1..5)?)?),
            });
        }
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'f' => 0x0c,
        itself @ (b'"' | b'\'' | b'/') => itself,
        _ => return None,
    };
    Some(Unit {
        length: count + 1,
        form: Form::Escape(count),
        value: Some(u16::from(character)),
    })
}

fn hexadecimal(digits: &[u8]) -> Option<u16> {
    let digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
    let value = digits.collect::<Option<Vec<u32>>>()?;
    let value = value.iter().fold(0, |value, digit| value * 16 + digit);
    Some(u16::try_from(value).unwrap())
}

/// Every unit of `text`, with where it begins.
pub(super) fn units(text: &[u8]) -> impl Iterator<Item = (usize, Unit)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let unit = unit(&text[at..])?;
        at += unit.length;
        Some((at - unit.length, unit))
    })
}

/// What is left of `text` before the unit that ends it, where `wanted` says yes to that.
pub(super) fn without_last_unit(text: &[u8], wanted: impl Fn(&Unit) -> bool) -> Option<&[u8]> {
    // From the left: of several backslashes, all are the unit's.
    (0..text.len()).find_map(|start| {
        let unit = unit(&text[start..])?;
        (start + unit.length == text.len() && wanted(&unit)).then(|| &text[..start])
    })
}
