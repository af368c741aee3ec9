//! Tokens that are found by their form.

use hubseal::redact::{Alphabet, Family};

use super::{
    Replacements, marker,
    place::{Place, is_base64url, is_boundary, is_cut_off, is_no_word, rest_of_escape, run},
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

/// All that is `swallowed`, but for what belongs to an escape.
fn replace_all(place: &Place<'_>, swallowed: impl Fn(&u8) -> bool, label: &str) -> Replacements {
    let length = run(place.rest(), swallowed);
    let start = place.at + rest_of_escape(place.behind(), place.rest()).min(length);
    vec![(start..place.at + length, marker(label))]
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
    let has_digit = ahead[..length].iter().any(u8::is_ascii_digit);
    let is_half = length >= 12 && has_digit && is_cut_off(&ahead[length..]);
    let is_digest = ahead[..length.min(30)]
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    if !is_boundary(place.behind()) || length < 30 && !is_half || is_digest {
        return None;
    }
    Some(replace_all(place, is_base64url, "access_token"))
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
    Some(replace_all(place, is_base64url, "access_token"))
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
    unit.stands_for(b'|') && !matches!(unit.form, Form::Escape(_))
}

/// A bar that begins here, or whose `u` does: what stands before it, and how far it goes.
fn bar<'t>(place: &Place<'t>) -> Option<(&'t [u8], usize)> {
    if let Some(unit) = unit(place.ahead()).filter(is_bar) {
        let begins_here = !matches!(unit.form, Form::Unicode(_));
        return begins_here.then_some((place.behind(), unit.length));
    }
    let behind = place.behind();
    let backslashes = behind.iter().rev().take_while(|byte| **byte == b'\\');
    let before = &behind[..behind.len() - backslashes.count()];
    let escape = [&behind[before.len()..], place.ahead()].concat();
    let unit = unit(&escape).filter(is_bar)?;
    let length = (before.len() + unit.length).checked_sub(behind.len())?;
    (before.len() < behind.len()).then_some((before, length))
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
    let (before, length) = bar(place)?;
    let (before, digits) = digits_at_end(before);
    let is_behind_th = without_last_unit(before, is_bar)?.ends_with(b"TH");
    let characters = run(&place.ahead()[length..], is_base64url);
    if !is_behind_th || !(14..=20).contains(&digits) || characters < 16 {
        return None;
    }
    Some(replace(place, length, is_base64url, "access_token"))
}

fn app_access_token(place: &Place<'_>) -> Option<Replacements> {
    let (before, length) = bar(place)?;
    let (_, digits) = digits_at_end(before);
    let token = &place.ahead()[length..];
    let characters = run(token, is_base64url);
    let behind = &token[characters..];
    let fits = match characters {
        27 => true,
        32 if token[..32].iter().all(u8::is_ascii_hexdigit) => true,
        20..=32 => is_cut_off(behind),
        _ => false,
    };
    if digits < 14 || !fits || behind.starts_with(b"[redacted:") {
        return None;
    }
    Some(replace(place, length, is_base64url, "app_access_token"))
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
    let is_of_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=|%".contains(byte);
    let token = &place.ahead()[start..];
    let length = run(token, is_of_alphabet);
    let first = &token[..length.min(30)];
    let is_token = length >= 16 && first.iter().any(u8::is_ascii_digit)
        || length >= 30 && first.iter().any(u8::is_ascii_uppercase);
    if blanks == 0 || !is_token {
        return None;
    }
    Some(replace(place, start, is_of_alphabet, "bearer"))
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
        let at_least = self.at_least;
        let is_digit = u8::is_ascii_digit;
        let has_digit = token[..length].iter().any(is_digit) || self.anchor.iter().any(is_digit);
        let is_half = length >= (at_least / 2).max(8) && has_digit && is_cut_off(&token[length..]);
        if !is_boundary(place.behind()) || length < at_least && !is_half {
            return None;
        }
        let end = self.anchor.len() + run(&place.rest()[self.anchor.len()..], is_of_alphabet);
        let start = place.at + rest_of_escape(place.behind(), place.rest());
        Some(vec![(start..place.at + end, marker(&self.label))])
    }
}
