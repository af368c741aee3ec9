//! Decoding of a signature's hexadecimal digits.

/// The length of a signature, in bytes.
pub(super) const BYTES: usize = 32;

const DIGITS: usize = 2 * BYTES;

/// Decodes 64 hexadecimal digits of either case. Returns `None` for any other input.
///
/// It has no branch and no table, so that it takes constant time and the compiler can vectorise it.
pub(super) fn decode(digits: &[u8]) -> Option<[u8; BYTES]> {
    let digits: &[u8; DIGITS] = digits.try_into().ok()?;
    let mut values = [0; DIGITS];
    let mut good = TOP;
    for (value, digit) in values.iter_mut().zip(digits) {
        let plain = digit & !TOP;
        let lower = plain | 0x20;
        let number = at_least(plain, b'0') & !at_least(plain, b':');
        let letter = at_least(lower, b'a') & !at_least(lower, b'g');
        good &= (number | letter) & !digit;
        let more = (letter >> 7).wrapping_mul(9);
        *value = (plain & 0x0f).wrapping_add(more);
    }
    let mut bytes = [0; BYTES];
    for (byte, pair) in bytes.iter_mut().zip(values.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte: u8, value| {
            byte.wrapping_mul(16).wrapping_add(*value)
        });
    }
    (good == TOP).then_some(bytes)
}

const TOP: u8 = 0x80;

/// Sets the top bit if the ASCII character is `least` or above.
const fn at_least(character: u8, least: u8) -> u8 {
    character.wrapping_add(TOP.wrapping_sub(least))
}

#[cfg(all(test, not(hubseal_loom)))]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn decodes_every_byte_at_every_position() {
        let digits = *b"00112233445566778899aAbBcCdDeEfF0123456789abcdefFEDCBA9876543210";
        for place in 0..DIGITS {
            for byte in 0..=u8::MAX {
                let mut digits = digits;
                digits[place] = byte;
                let mut expected = [0; BYTES];
                let good = hex::decode_to_slice(digits, &mut expected).is_ok();
                assert_eq!(
                    decode(&digits),
                    good.then_some(expected),
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn rejects_any_other_number_of_digits() {
        for count in (0..=2 * DIGITS).filter(|count| *count != DIGITS) {
            assert_eq!(decode(&vec![b'0'; count]), None, "{count} digits");
        }
    }
}
