//! Registered values with a different encoding for each character, truncated anywhere.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use proptest::{collection::vec, prelude::*, sample::Index, sample::select};

use crate::redact::configurations::{
    BOAT, CAKE, EMOJI, HEX, KEYBOARD, LONG, ROUTE, SENTENCE, SPECIAL,
};

pub(super) fn registered() -> impl Strategy<Value = String> {
    let value = select(
        &[
            HEX, SPECIAL, EMOJI, LONG, SENTENCE, ROUTE, CAKE, BOAT, KEYBOARD,
        ][..],
    );
    let is_encoded = prop_oneof![
        3 => Just(vec![true]),
        1 => Just(vec![false]),
        3 => vec(prop::bool::weighted(0.9), 7),
        1 => vec(any::<bool>(), 7),
    ];
    let cut = prop_oneof![2 => Just(None), 1 => any::<Index>().prop_map(Some)];
    (value, 0..7_usize, is_encoded, any::<bool>(), cut).prop_map(
        |(value, encoding, is_encoded, in_capitals, cut)| {
            let written = match encoding {
                0..=2 => percent(value, encoding, &is_encoded, in_capitals),
                3 | 4 => json(value, encoding - 2, &is_encoded, in_capitals),
                5 => STANDARD.encode(value).replace('/', r"\/"),
                _ => URL_SAFE_NO_PAD
                    .encode(format!("{}{value}", if in_capitals { "ab" } else { "c" })),
            };
            let boundaries = (0..=written.len()).filter(|at| written.is_char_boundary(*at));
            let boundaries: Vec<usize> = boundaries.collect();
            let end = cut.map_or(written.len(), |cut| *cut.get(&boundaries));
            written[..end].to_owned()
        },
    )
}

fn digits(number: u16, width: usize, in_capitals: bool) -> String {
    if in_capitals {
        format!("{number:0width$X}")
    } else {
        format!("{number:0width$x}")
    }
}

fn percent(value: &str, depth: usize, is_encoded: &[bool], in_capitals: bool) -> String {
    let encode = |c: char| {
        let bytes = c.to_string().into_bytes();
        let encoded = bytes.iter().map(|byte| {
            let digits = digits(u16::from(*byte), 2, in_capitals);
            format!("%{}{digits}", "25".repeat(depth))
        });
        encoded.collect()
    };
    let encode_all = depth == 0 && in_capitals && is_encoded.len() == 1;
    each(value, is_encoded, |c| {
        if encode_all || !c.is_ascii_alphanumeric() {
            encode(c)
        } else {
            c.to_string()
        }
    })
}

fn json(value: &str, level: usize, is_encoded: &[bool], in_capitals: bool) -> String {
    let sign = "\\".repeat(level);
    each(value, is_encoded, |c| match c {
        '"' if in_capitals => "\\".repeat((1 << level) - 1) + "\"",
        '\\' if in_capitals => "\\".repeat(1 << level),
        '\t' if in_capitals => format!("{sign}t"),
        '/' if in_capitals => format!("{sign}/"),
        _ if c.is_ascii_alphanumeric() => c.to_string(),
        _ => {
            let mut code_units = [0; 2];
            let code_units = c.encode_utf16(&mut code_units).iter();
            let written = code_units.map(|unit| digits(*unit, 4, in_capitals));
            written
                .flat_map(|digits| [sign.clone(), "u".to_owned(), digits])
                .collect()
        }
    })
}

fn each(value: &str, is_encoded: &[bool], encode: impl Fn(char) -> String) -> String {
    let characters = value.chars().zip(is_encoded.iter().cycle());
    characters
        .map(|(c, is_encoded)| {
            if *is_encoded {
                encode(c)
            } else {
                c.to_string()
            }
        })
        .collect()
}
