//! Required form of a value.

use super::{
    super::{
        between::Sign,
        place::{is_word_character, run},
        unit::{Form, Unit, unit, units, without_last_unit},
        value::Shape,
    },
    Found,
};

/// What a key announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Secret,
    Code,
    Pin,
    Credentials,
    Signature,
    Cookie,
    /// Of personal data: what is told by the value.
    Likeness,
    /// The same, and by what is behind it.
    Thread,
    /// Of personal data: anything in quotes, and numbers.
    Body,
}

impl Kind {
    pub(super) fn is_header(self) -> bool {
        matches!(self, Self::Credentials | Self::Signature | Self::Cookie)
    }

    pub(super) fn is_of_bodies(self) -> bool {
        self == Self::Body
    }
}

/// How far what is replaced goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the value's end.
    End,
    Line,
    /// To the end of the bare value that begins behind so many bytes.
    NextBare(usize),
    Only(usize),
}

pub(super) fn reach(kind: Kind, found: &Found<'_>) -> Option<Reach> {
    let Found {
        before,
        between,
        shape,
        shown,
        ..
    } = *found;
    let value = &shown[..shape.end(shown).value];
    let is_bare = matches!(shape, Shape::Bare(_));
    let counted = Counted {
        value,
        shown,
        is_bare,
    };
    let in_line = is_bare && (between.sign() != Sign::Equals || between.is_behind_colon);
    let line = if in_line { Reach::Line } else { Reach::End };
    let is_plain = !is_bare && between.sign() != Sign::Comma;
    let long = || (is_bare && counted.is_long()).then_some(Reach::End);
    if value.is_empty() {
        return None;
    }
    match kind {
        Kind::Secret if is_bare && between.is_behind_colon => long(),
        Kind::Secret | Kind::Likeness | Kind::Thread => Some(Reach::End),
        Kind::Body => (!is_bare).then_some(Reach::End),
        Kind::Code => {
            let is_query = between.sign() == Sign::Equals
                && !between.is_behind_colon
                && between.key_quote.is_none()
                && without_last_unit(before, |unit| unit.stands_for_any_of(b"?&")).is_some();
            let is_code = if is_query {
                counted.is_code_of_query()
            } else {
                counted.is_code() && !(between.is_behind_colon && between.key_quote.is_none())
            };
            is_code.then_some(Reach::End)
        }
        Kind::Pin => pin(shape, shown),
        Kind::Credentials | Kind::Signature | Kind::Cookie if is_plain => Some(Reach::End),
        Kind::Credentials => match scheme(&counted, shape) {
            Some(_) if in_line => Some(line),
            Some(length) if is_bare => Some(Reach::NextBare(length)),
            Some(_) => Some(Reach::End),
            None => long(),
        },
        Kind::Signature => is_signature(value).then_some(Reach::End),
        Kind::Cookie if begins_with_cookie(shown) && is_bare => Some(Reach::Line),
        Kind::Cookie if begins_with_cookie(shown) => Some(Reach::End),
        Kind::Cookie => long(),
    }
}

impl super::Between {
    fn sign(&self) -> Sign {
        self.separator.sign
    }
}

/// A value, and what follows it.
struct Counted<'v> {
    value: &'v [u8],
    shown: &'v [u8],
    is_bare: bool,
}

impl Counted<'_> {
    /// Unless one of them begins a marker, or the last of them is one of the marks before a marker.
    fn first(&self, count: usize) -> Option<Vec<Unit>> {
        let mut first: Vec<Unit> = Vec::new();
        let mut end = 0;
        for (at, unit) in units(self.value).take(count) {
            if self.shown[at..].starts_with(b"[redacted:") {
                return None;
            }
            first.push(unit);
            end = at + unit.length;
        }
        let is_mark = |byte: &u8| b")}>,;:.'".contains(byte);
        let ends_with_mark = first.last().is_some_and(|unit| unit.is_raw(b")}>,;:.'"));
        let behind = &self.shown[end..];
        let marks = run(behind, is_mark).min(3);
        let is_before_marker = behind[marks..].starts_with(b"[redacted:");
        (!(self.is_bare && ends_with_mark && is_before_marker)).then_some(first)
    }

    fn is_long(&self) -> bool {
        self.first(16).is_some_and(|units| {
            units.len() == 16 || units.len() >= 8 && has(&units, u8::is_ascii_digit)
        })
    }

    fn is_code_of_query(&self) -> bool {
        self.first(30).is_some_and(|units| {
            let is_digit = |unit: &Unit| unit.is_raw(b"0123456789");
            units.len() >= 8 && !units.iter().all(is_digit)
        })
    }

    fn is_code(&self) -> bool {
        self.first(60).is_some_and(|units| {
            units.len() >= 30
                && has(&units, u8::is_ascii_uppercase)
                && has(&units, u8::is_ascii_lowercase)
                && has(&units, |byte| byte.is_ascii_digit() || b"-_".contains(byte))
        })
    }

    fn is_token(&self, may_be_short: bool) -> bool {
        self.first(16).is_some_and(|units| {
            let is_telling =
                |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'=';
            let at_least = if may_be_short { 1 } else { 8 };
            units.len() == 16 || units.len() >= at_least && has(&units, is_telling)
        })
    }
}

fn has(units: &[Unit], wanted: impl Fn(&u8) -> bool) -> bool {
    units
        .iter()
        .any(|unit| unit.raw().is_some_and(|byte| wanted(&byte)))
}

fn pin(shape: Shape, shown: &[u8]) -> Option<Reach> {
    let fits = run(shown, u8::is_ascii_digit) == 6 && is_end_of_pin(shape, &shown[6..]);
    fits.then_some(Reach::Only(6))
}

pub(super) fn is_end_of_pin(shape: Shape, behind: &[u8]) -> bool {
    let goes_on = match shape {
        Shape::Quoted(_) | Shape::Number => shape.end(behind).value > 0,
        Shape::Bare(_) => behind.first().copied().is_some_and(is_word_character),
    };
    !goes_on && !behind.starts_with(b"[redacted:")
}

/// How long the name of the scheme and the blank behind it are, where a token follows.
fn scheme(counted: &Counted<'_>, shape: Shape) -> Option<usize> {
    let text = counted.shown;
    let name = run(text, |byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let blank = unit(&text[name..]).filter(|unit| {
        unit.stands_for_any_of(b" \t") || unit.form == Form::Raw && unit.is_raw(b"+")
    })?;
    let known: [&[u8]; 6] = [
        b"basic",
        b"bearer",
        b"digest",
        b"negotiate",
        b"oauth",
        b"token",
    ];
    let is_known = known
        .into_iter()
        .any(|known| known.eq_ignore_ascii_case(&text[..name]));
    let start = name + blank.length;
    let shown = &text[start..];
    let value = match shape {
        Shape::Bare(_) => &shown[..shape.end(shown).value],
        _ => counted.value.get(start..)?,
    };
    let is_name = (1..=20).contains(&name);
    let token = Counted {
        value,
        shown,
        is_bare: matches!(shape, Shape::Bare(_)),
    };
    (is_name && token.is_token(is_known)).then_some(start)
}

fn is_signature(value: &[u8]) -> bool {
    let is_named = |name: &[u8]| {
        let Some((begin, behind)) = value.split_at_checked(name.len()) else {
            return false;
        };
        begin.eq_ignore_ascii_case(name) && unit(behind).is_some_and(|unit| unit.stands_for(b'='))
    };
    is_named(b"sha1") || is_named(b"sha256") || run(value, u8::is_ascii_hexdigit) >= 32
}

/// A cookie's name, and `=`.
fn begins_with_cookie(text: &[u8]) -> bool {
    let name = run(text, |byte| {
        byte.is_ascii_alphanumeric() || b"!#$%'*+-.^_`|~".contains(byte)
    });
    (1..=40).contains(&name) && text.get(name) == Some(&b'=')
}
