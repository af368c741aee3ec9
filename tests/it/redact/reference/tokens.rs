//! Tokens, found by their shape.

use hubseal::redact::{Alphabet, Family};

use super::{
    Replacements, marker,
    place::{Place, is_base64url, is_boundary, is_no_word, run},
    unit::{Form, Unit, unit, without_last_unit},
};

pub(super) fn find(place: &Place<'_>, app_ids: &[u64], without: &[Family]) -> Option<Replacements> {
    let access_token = || access_token(place);
    let configured = || {
        app_ids
            .iter()
            .find_map(|app_id| configured_app(place, *app_id))
    };
    let threads_app = || threads_app_token(place);
    let app = || app_access_token(place);
    let bearer = || (!without.contains(&Family::Bearer)).then(|| bearer(place))?;
    access_token()
        .or_else(configured)
        .or_else(threads_app)
        .or_else(app)
        .or_else(bearer)
}

/// From `start` on, whatever is `swallowed`.
fn replace(
    place: &Place<'_>,
    start: usize,
    swallowed: impl Fn(&u8) -> bool,
    label: &str,
) -> Replacements {
    let length = run(&place.rest()[start..], swallowed);
    let start = place.at + start;
    vec![(start..start + length, marker(label))]
}

fn access_token(place: &Place<'_>) -> Option<Replacements> {
    let ahead = place.ahead();
    let is_of_alphabet: fn(&u8) -> bool = match ahead {
        [b'E', b'A', b'A'..=b'F', ..] => u8::is_ascii_alphanumeric,
        [b'I', b'G', b'A', b'A', ..] | [b'I', b'G', b'Q', ..] | [b'T', b'H', b'A', b'A', ..] => {
            is_base64url
        }
        _ => return None,
    };
    let length = run(ahead, is_of_alphabet);
    let is_long_enough = length >= 30 || length >= 12 && length == ahead.len();
    let is_digest = ahead[..length.min(30)]
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    if !is_boundary(place.behind()) || !is_long_enough || is_digest {
        return None;
    }
    Some(replace(place, 0, is_base64url, "access_token"))
}

/// The 72 bits of the first twelve characters: `E`, the app's id, and two bits that are anything.
fn configured_app(place: &Place<'_>, app_id: u64) -> Option<Replacements> {
    let bits = (4_u128 << 66) | (u128::from(app_id) << 2);
    let mut text = place.ahead();
    for index in 0..12 {
        let (read, length) = base64_with_escapes(text)?;
        let demanded = (bits >> (66 - 6 * index)) & 0b11_1111;
        let ignored = if index == 11 { 2 } else { 0 };
        if u128::from(read) >> ignored != demanded >> ignored {
            return None;
        }
        text = &text[length..];
    }
    Some(replace(place, 0, is_base64url, "access_token"))
}

/// Six bits, and how many characters they take.
fn base64_with_escapes(text: &[u8]) -> Option<(u8, usize)> {
    Some(match text {
        [b'Z', b'A', ..] => (25, 2),
        [b'Z', b'B', ..] => (62, 2),
        [b'Z', b'C', ..] => (63, 2),
        [upper @ b'A'..=b'Y', ..] => (upper - b'A', 1),
        [lower @ b'a'..=b'z', ..] => (26 + lower - b'a', 1),
        [digit @ b'0'..=b'9', ..] => (52 + digit - b'0', 1),
        _ => return None,
    })
}

fn is_bar(unit: &Unit) -> bool {
    unit.stands_for(b'|')
}

/// The digits at the end, and what stands before them.
fn digits_at_end(text: &[u8]) -> (&[u8], usize) {
    let digits = text
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (&text[..text.len() - digits], digits)
}

fn threads_app_token(place: &Place<'_>) -> Option<Replacements> {
    let bar = unit(place.ahead()).filter(is_bar)?;
    let (before, digits) = digits_at_end(place.behind());
    let behind_th = without_last_unit(before, is_bar)?.ends_with(b"TH");
    let characters = run(&place.ahead()[bar.length..], is_base64url);
    if !behind_th || !(10..=20).contains(&digits) || characters < 16 {
        return None;
    }
    Some(replace(place, bar.length, is_base64url, "access_token"))
}

fn app_access_token(place: &Place<'_>) -> Option<Replacements> {
    let bar = unit(place.ahead()).filter(is_bar)?;
    let (_, digits) = digits_at_end(place.behind());
    let token = &place.ahead()[bar.length..];
    let length = run(token, is_base64url);
    let fits = match length {
        27 => true,
        32 if token[..32].iter().all(u8::is_ascii_hexdigit) => true,
        20..=32 => length == token.len(),
        _ => false,
    };
    if digits < 10 || !fits {
        return None;
    }
    Some(replace(place, bar.length, is_base64url, "app_access_token"))
}

fn bearer(place: &Place<'_>) -> Option<Replacements> {
    let (first, before) = place.behind().split_last()?;
    let word = [[*first].as_slice(), place.ahead().get(..5)?].concat();
    let is_spelled =
        [b"bearer", b"Bearer", b"BEARER"].contains(&word.as_slice().try_into().unwrap());
    if !is_spelled || !is_no_word(before) {
        return None;
    }
    let mut start = 5;
    let mut blanks = 0;
    while let Some(blank) = unit(&place.ahead()[start..]).filter(is_blank_before_bearer) {
        if blanks == 8 {
            break;
        }
        blanks += 1;
        start += blank.length;
    }
    let is_of_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte);
    let token = &place.ahead()[start..];
    let length = run(token, is_of_alphabet);
    let has_digit = token[..length.min(30)].iter().any(u8::is_ascii_digit);
    if blanks == 0 || length < if has_digit { 16 } else { 30 } {
        return None;
    }
    let is_swallowed = |byte: &u8| is_of_alphabet(byte) || *byte == b'%';
    Some(replace(place, start, is_swallowed, "bearer"))
}

fn is_blank_before_bearer(unit: &Unit) -> bool {
    unit.stands_for_any_of(b" \t") || unit.form == Form::Raw && unit.stands_for(b'+')
}

/// A shape of your own.
pub(super) struct Shape {
    label: String,
    anchor: Vec<u8>,
    alphabet: Alphabet,
    at_least: usize,
}

impl Shape {
    pub(super) fn new(label: &str, anchor: &str, alphabet: Alphabet, at_least: usize) -> Self {
        Self {
            label: label.to_owned(),
            anchor: anchor.as_bytes().to_vec(),
            alphabet,
            at_least,
        }
    }

    pub(super) fn find(&self, place: &Place<'_>) -> Option<Replacements> {
        let token = place.ahead().strip_prefix(self.anchor.as_slice())?;
        let is_of_alphabet = |byte: &u8| self.alphabet.contains(*byte);
        let length = run(token, is_of_alphabet);
        let is_half_at_end = 2 * length >= self.at_least && length >= 8 && length == token.len();
        if !is_boundary(place.behind()) || length < self.at_least && !is_half_at_end {
            return None;
        }
        let end = self.anchor.len() + run(&place.rest()[self.anchor.len()..], is_of_alphabet);
        Some(vec![(place.at..place.at + end, marker(&self.label))])
    }
}
