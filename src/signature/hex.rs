//! The digits of a signature.

/// The length of a signature, in bytes.
pub(super) const BYTES: usize = 32;

const DIGITS: usize = 2 * BYTES;

/// What 64 hexadecimal digits stand for, in capitals or not; none where one of them is no digit.
///
/// Without a branch or a table, so that the compiler has several digits decoded by one instruction, and
/// time tells nothing about them.
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

/// Has the top bit where the character, which has none itself, is `least` or above.
const fn at_least(character: u8, least: u8) -> u8 {
    character.wrapping_add(TOP.wrapping_sub(least))
}

#[cfg(all(test, not(hubseal_loom)))]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn every_byte_in_every_place_is_read_as_the_digit_that_it_is() {
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
    fn any_other_number_of_digits_is_refused() {
        for count in (0..=2 * DIGITS).filter(|count| *count != DIGITS) {
            assert_eq!(decode(&vec![b'0'; count]), None, "{count} digits");
        }
    }
}
