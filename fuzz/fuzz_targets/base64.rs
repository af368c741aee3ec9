//! Bodies in base64: only the canonical encoding is accepted, and it is equivalent to the body.
//!
//! The first byte selects whether the rest is the text, or a body in canonical or similar encoding.
#![no_main]

use std::sync::LazyLock;

use hubseal::{RejectionKind, Verifier};

use hubseal_fuzz::{
    known::{SECRET, secret, signed},
    rejection::assert_rejected,
};
libfuzzer_sys::fuzz_target!(|input: &[u8]| check(input));

fn check(input: &[u8]) {
    let Some((choice, input)) = input.split_first() else {
        return;
    };
    let right = encode(input);
    let unpadded = right
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    let replaced = |from: u8, to: u8| {
        let replace = |byte: &u8| if *byte == from { to } else { *byte };
        right.iter().map(replace).collect()
    };
    text(&match choice % 12 {
        0 => input.to_vec(),
        1 => right[..unpadded].to_vec(),
        2 => [&right, b"=".as_slice()].concat(),
        3 => [&right, b"\n".as_slice()].concat(),
        4 => [b" ", right.as_slice()].concat(),
        5 => [&right[..unpadded / 2], b"\r\n", &right[unpadded / 2..]].concat(),
        6 => replaced(b'+', b'-'),
        7 => replaced(b'/', b'_'),
        // The other variants of the last digit, whose lowest bits are unused.
        bits @ 8..11 => {
            let mut near = right;
            if let Some(last) = near[..unpadded].last_mut() {
                let digit = ALPHABET.iter().position(|digit| digit == last).unwrap();
                *last = ALPHABET[digit ^ usize::from(bits - 7)];
            }
            near
        }
        _ => right,
    });
}

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(secret()));

fn text(text: &[u8]) {
    let verifier = &*VERIFIER;
    let Some(body) = decode(text) else {
        // For a signature of anything.
        for header in [signed(SECRET, text), signed(SECRET, b"")] {
            let rejection = verifier.verify_base64(header, text).err().unwrap();
            assert_rejected(&rejection, RejectionKind::BodyUnreadable, false);
        }
        return;
    };
    assert_eq!(encode(&body), text);
    let verified = verifier.verify_base64(signed(SECRET, &body), text);
    assert!(verified.is_ok_and(|verified| verified.into_inner() == body));

    let of_the_text = signed(SECRET, text);
    let kind = |refused: Option<hubseal::Rejection>| refused.map(|refused| refused.kind());
    assert_eq!(
        kind(verifier.verify_base64(&of_the_text, text).err()),
        kind(verifier.verify(&of_the_text, &body).err()),
    );
    let rejection = verifier
        .verify_base64(&of_the_text[1..], text)
        .err()
        .unwrap();
    assert_rejected(&rejection, RejectionKind::SignatureMalformed, false);
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, section 4, bit by bit.
fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = bits(bytes.iter().copied(), 8)
        .chunks(6)
        .map(|group| ALPHABET[number(group) << (6 - group.len())])
        .collect();
    while !text.len().is_multiple_of(4) {
        text.push(b'=');
    }
    text
}

/// Returns the bytes if the text is their canonical encoding.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text
        .strip_suffix(b"==")
        .or(text.strip_suffix(b"="))
        .unwrap_or(text);
    let values = digits.iter().map(|digit| {
        let value = ALPHABET.iter().position(|known| known == digit)?;
        u8::try_from(value).ok()
    });
    let values = values.collect::<Option<Vec<u8>>>()?;
    let bytes: Vec<u8> = bits(values.into_iter(), 6)
        .chunks_exact(8)
        .map(|group| u8::try_from(number(group)).unwrap())
        .collect();
    (encode(&bytes) == text).then_some(bytes)
}

/// Returns the lowest bits of each number, highest first.
fn bits(numbers: impl Iterator<Item = u8>, width: u8) -> Vec<bool> {
    let bits = numbers.flat_map(|number| (0..width).rev().map(move |bit| number >> bit & 1 == 1));
    bits.collect()
}

fn number(bits: &[bool]) -> usize {
    bits.iter()
        .fold(0, |number, bit| number << 1 | usize::from(*bit))
}
