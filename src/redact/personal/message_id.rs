//! Message ids, which hold the phone number in base64.

use alloc::{string::String, sync::Arc, vec::Vec};

use base64::{
    Engine, alphabet,
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};

use super::{MAX_DIGITS, MIN_DIGITS, PersonalData};
use crate::redact::{
    Alphabet,
    extent::Extent,
    found::{Found, Replacement},
    unit::{Ahead, Known},
};

/// `wamid.` and base64: some bytes, the phone number in ASCII, some more.
pub(in crate::redact) struct MessageId(pub(in crate::redact) Arc<PersonalData>);

const PREFIX: &[u8] = b"wamid.";
/// The characters that a message id has at least.
const LEAST: usize = 8;
/// The characters that are decoded to find the number, which stands behind three bytes: whole groups
/// of four.
const DECODED: usize = 32;

/// The last bits of a piece that is cut off need not be zero.
const PIECE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    NO_PAD.with_decode_allow_trailing_bits(true),
);

impl MessageId {
    pub(in crate::redact) fn needles() -> Vec<Vec<u8>> {
        [PREFIX.to_vec()].into()
    }

    pub(in crate::redact) fn judge(&self, ahead: Ahead<'_>) -> Known<Option<Found>> {
        if !ahead.equals(0, PREFIX)? {
            return Ok(None);
        }
        let is_base64 = |byte| Alphabet::ANY_BASE64.contains(byte) && byte != b'=';
        let run = ahead.run(PREFIX.len(), DECODED, is_base64)?;
        if run < LEAST {
            return Ok(None);
        }
        let end = PREFIX.len().saturating_add(run);
        let encoded = ahead.text().get(PREFIX.len()..end).unwrap_or_default();
        let digits = digits(encoded);
        Ok(Some(Found {
            start: 0,
            known: end,
            extent: Extent::Run(Alphabet::ANY_BASE64),
            then: None,
            replacement: Replacement::Text(self.0.message_id(digits.as_deref())),
        }))
    }
}

/// The phone number in the first bytes of what is encoded.
fn digits(encoded: &[u8]) -> Option<String> {
    let standard = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        same => *same,
    };
    // A last group of one character is no byte.
    let whole = if encoded.len() % 4 == 1 {
        encoded.len().saturating_sub(1)
    } else {
        encoded.len()
    };
    let encoded: Vec<u8> = encoded.iter().take(whole).map(standard).collect();
    let bytes = PIECE.decode(&encoded).ok()?;
    let number = bytes
        .split(|byte| !byte.is_ascii_digit())
        .find(|run| (MIN_DIGITS..=MAX_DIGITS).contains(&run.len()))?;
    String::from_utf8(number.into()).ok()
}
