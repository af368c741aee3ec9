//! Decoding of a signature in base64.

use super::hex::BYTES;

/// The number of characters of 32 bytes, with one character of padding.
const CHARACTERS: usize = 44;

/// Decodes 44 characters of standard base64 with padding. Returns `None` for any other input.
///
/// It has no branch and no table that depends on a character, so it takes constant time.
#[inline(never)]
pub(super) fn decode(text: &[u8]) -> Option<[u8; BYTES]> {
    let text: &[u8; CHARACTERS] = text.try_into().ok()?;
    let [characters @ .., padding] = text;
    let mut bad = padding ^ b'=';
    let mut bytes = [0; BYTES];
    // The last group has 3 characters, and its last 2 bits must be zero.
    for (three, four) in bytes.chunks_mut(3).zip(characters.chunks(4)) {
        let mut bits = 0_u32;
        for place in 0..4 {
            // The missing character counts as `A`, which is zero.
            let character = four.get(place).copied().unwrap_or(b'A');
            let (value, is_bad) = value(character);
            bad |= is_bad;
            bits = bits << 6 | u32::from(value);
        }
        let [_, decoded @ ..] = bits.to_be_bytes();
        for (byte, decoded) in three.iter_mut().zip(decoded) {
            *byte = decoded;
        }
        if three.len() < 3 {
            bad |= decoded[2];
        }
    }
    (bad == 0).then_some(bytes)
}

/// Returns the value of a character, and a number that is not zero if it is not of the alphabet.
const fn value(character: u8) -> (u8, u8) {
    let upper = within(character, b'A', b'Z');
    let lower = within(character, b'a', b'z');
    let digit = within(character, b'0', b'9');
    let plus = within(character, b'+', b'+');
    let slash = within(character, b'/', b'/');
    let value = upper & character.wrapping_sub(b'A')
        | lower & character.wrapping_sub(b'a').wrapping_add(26)
        | digit & character.wrapping_sub(b'0').wrapping_add(52)
        | plus & 0x3e
        | slash & 0x3f;
    (value, !(upper | lower | digit | plus | slash))
}

/// Returns 255 if the character is one of `first` to `last`, otherwise 0.
const fn within(character: u8, first: u8, last: u8) -> u8 {
    let character = character as u16;
    // A difference below zero sets the top byte.
    let below = character.wrapping_sub(first as u16);
    let above = (last as u16).wrapping_sub(character);
    let [outside, _] = (below | above).to_be_bytes();
    !outside
}

#[cfg(all(test, not(hubseal_loom)))]
mod tests {
    use alloc::vec;

    use base64::{Engine, prelude::BASE64_STANDARD};

    use super::*;

    #[test]
    fn decodes_every_byte_at_every_position() {
        let text = *b"+/09azAZ+/09azAZ+/09azAZ+/09azAZ+/09azAZ+/A=";
        assert!(decode(&text).is_some());
        for place in 0..CHARACTERS {
            for byte in 0..=u8::MAX {
                let mut text = text;
                text[place] = byte;
                let expected = BASE64_STANDARD.decode(text).ok();
                let decoded = decode(&text).map(|bytes| bytes.to_vec());
                assert_eq!(
                    decoded,
                    expected.filter(|bytes| bytes.len() == BYTES),
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn rejects_any_other_number_of_characters() {
        for count in (0..=2 * CHARACTERS).filter(|count| *count != CHARACTERS) {
            assert_eq!(decode(&vec![b'A'; count]), None, "{count} characters");
        }
    }
}
