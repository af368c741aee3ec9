//! What a value must look like.

use super::super::{
    between::{Between, Sign},
    place::{is_word_character, run},
    unit::{unit, units, without_last_unit},
    value::Shape,
};

/// What a key announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Secret,
    Code,
    Pin,
    Credentials,
    Signature,
    Cookie,
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

/// `shown` is the text from the value on, as far as the window goes.
pub(super) fn reach(
    kind: Kind,
    before_key: &[u8],
    between: &Between,
    shape: Shape,
    shown: &[u8],
) -> Option<Reach> {
    let value = &shown[..shape.end(shown).value];
    let is_quoted = matches!(shape, Shape::Quoted(_));
    let like_secret = || is_behind_colon_like_a_secret(value).then_some(Reach::End);
    match kind {
        Kind::Cookie if !is_quoted && begins_with_cookie(shown) => Some(Reach::Line),
        _ if value.is_empty() => None,
        Kind::Credentials | Kind::Signature | Kind::Cookie if is_quoted => Some(Reach::End),
        Kind::Cookie => like_secret(),
        Kind::Secret => match (shape, between.separator.sign) {
            (Shape::Bare(_), Sign::Colon) => like_secret(),
            _ => Some(Reach::End),
        },
        Kind::Code => {
            let is_in_query = between.separator.sign == Sign::Equals
                && without_last_unit(before_key, |unit| unit.stands_for_any_of(b"?&")).is_some();
            let least = if is_in_query { 1 } else { 30 };
            (units(value).count() >= least).then_some(Reach::End)
        }
        Kind::Pin => pin(shape, value, shown),
        Kind::Credentials => match (scheme(shown), between.separator.sign) {
            (Some(_), Sign::Colon) => Some(Reach::Line),
            (Some(length), _) => Some(Reach::NextBare(length)),
            (None, _) => like_secret(),
        },
        Kind::Signature => is_signature(value).then_some(Reach::End),
    }
}

fn is_behind_colon_like_a_secret(value: &[u8]) -> bool {
    let count = units(value).count();
    let has_digit = units(value)
        .take(16)
        .any(|(_, unit)| unit.stands_for_digit());
    count >= 16 || count >= 8 && has_digit
}

fn pin(shape: Shape, value: &[u8], shown: &[u8]) -> Option<Reach> {
    let text = match shape {
        Shape::Quoted(_) | Shape::Number => value,
        Shape::Bare(_) => shown,
    };
    let has_six_digits = run(text, u8::is_ascii_digit) == 6;
    let ends = match shape {
        Shape::Quoted(_) | Shape::Number => text.len() == 6,
        Shape::Bare(_) => !text.get(6).copied().is_some_and(is_word_character),
    };
    (has_six_digits && ends).then_some(Reach::Only(6))
}

/// How long the name of the scheme and the blank behind it are.
fn scheme(text: &[u8]) -> Option<usize> {
    const SCHEMES: [&[u8]; 7] = [
        b"basic",
        b"bearer",
        b"digest",
        b"negotiate",
        b"oauth",
        b"token",
        b"aws4-hmac-sha256",
    ];
    SCHEMES.into_iter().find_map(|scheme| {
        let (name, behind) = text.split_at_checked(scheme.len())?;
        let blanks: [&[u8]; 3] = [b" ", b"%20", b"+"];
        let blank = blanks.into_iter().find(|blank| behind.starts_with(blank))?;
        name.eq_ignore_ascii_case(scheme)
            .then_some(scheme.len() + blank.len())
    })
}

fn is_signature(value: &[u8]) -> bool {
    let names: [&[u8]; 2] = [b"sha1", b"sha256"];
    let is_named = names.into_iter().any(|name| {
        value
            .strip_prefix(name)
            .and_then(unit)
            .is_some_and(|unit| unit.stands_for(b'='))
    });
    is_named || run(value, u8::is_ascii_hexdigit) >= 32
}

/// A cookie's name, and `=`.
fn begins_with_cookie(text: &[u8]) -> bool {
    let name = run(text, |byte| {
        byte.is_ascii_alphanumeric() || b"!#$%'*+-.^_`|~".contains(byte)
    });
    (1..=40).contains(&name) && text.get(name) == Some(&b'=')
}
