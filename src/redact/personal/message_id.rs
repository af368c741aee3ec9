//! Ids of messages and calls, which contain the phone number in base64.

use alloc::{format, string::String, sync::Arc, vec::Vec};

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

/// The rule for `wamid.` and `wacid.`, each followed by base64. The decoded bytes contain the phone
/// number in ASCII.
pub(in crate::redact) struct MessageId(pub(in crate::redact) Arc<PersonalData>);

/// The prefixes of the ids, and their labels.
const KINDS: [(&str, &str); 2] = [("wamid", "message_id"), ("wacid", "call_id")];
/// The length of each prefix and a dot.
const PREFIX: usize = 6;
/// The minimum number of characters after the prefix.
const LEAST: usize = 8;
/// The number of characters that are decoded, a multiple of four. They contain the number, which begins
/// after three bytes.
const DECODED: usize = 32;

/// Accepts trailing bits that are not zero, because the encoded text is cut off.
const PIECE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    NO_PAD.with_decode_allow_trailing_bits(true),
);

impl MessageId {
    pub(in crate::redact) fn needles() -> Vec<Vec<u8>> {
        KINDS
            .map(|(prefix, _)| format!("{prefix}.").into_bytes())
            .into()
    }

    pub(in crate::redact) fn judge(&self, ahead: Ahead<'_>) -> Known<Option<Found>> {
        let mut kind = None;
        for (prefix, label) in KINDS {
            if ahead.equals(0, prefix.as_bytes())? && ahead.is(prefix.len(), |byte| byte == b'.')? {
                kind = Some((prefix, label));
            }
        }
        let Some(kind) = kind else {
            return Ok(None);
        };
        let is_base64 = |byte| Alphabet::ANY_BASE64.contains(byte) && byte != b'=';
        let run = ahead.run(PREFIX, DECODED, is_base64)?;
        if run < LEAST {
            return Ok(None);
        }
        let end = PREFIX.saturating_add(run);
        let encoded = ahead.text().get(PREFIX..end).unwrap_or_default();
        let digits = digits(encoded);
        Ok(Some(Found {
            start: 0,
            known: end,
            extent: Extent::Run(Alphabet::ANY_BASE64),
            then: None,
            replacement: Replacement::Text(self.0.message_id(kind, digits.as_deref())),
        }))
    }
}

/// Decodes the base64 and returns the phone number in it.
fn digits(encoded: &[u8]) -> Option<String> {
    let standard = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        same => *same,
    };
    // A last group of one character encodes no byte.
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
