//! Personal data: phone numbers, names, texts and message ids.

mod keyed;
mod message_id;
mod number;
mod pseudonym;

use alloc::{format, string::String};

use super::found::MARKER;
pub(super) use keyed::{Personal, keys};
pub(super) use message_id::MessageId;
pub(super) use number::FreeNumber;
pub use pseudonym::PseudonymKey;

/// A policy for personal data in logged webhook bodies. By default, personal data is not redacted.
///
/// Personal data is found by:
/// - the keys that Meta uses in webhook bodies;
/// - `+` before a phone number;
/// - the ids of messages and calls, which contain the phone number in base64.
///
/// Names, texts and contact details always become markers. `phone_number_id` and the ids of business
/// accounts stay. All keys are in
/// [docs/redaction.md](https://docs.rs/crate/hubseal/latest/source/docs/redaction.md).
///
/// # Security
/// - Free text is not understood. In a sentence, a phone number is found only if it begins with `+` and
///   has no blanks. A name or a text is found only in quotes after its key.
/// - Masking is not anonymisation. Neither is a pseudonym: anyone with the key can find the number.
///
/// # Examples
/// ```
/// use hubseal::redact::{PersonalData, Redactor};
///
/// let body = r#"{"contacts":[{"profile":{"name":"Sheena"},"wa_id":"16505551234"}]}"#;
///
/// let redactor = Redactor::builder().personal_data(PersonalData::Mask).build()?;
/// assert_eq!(
///     redactor.redact(body),
///     concat!(
///         r#"{"contacts":[{"profile":{"name":"[redacted:name]"},"#,
///         r#""wa_id":"[redacted:phone_number]"}]}"#,
///     ),
/// );
/// let redactor = Redactor::builder().personal_data(PersonalData::LastTwo).build()?;
/// assert!(redactor.redact(body).contains(r#""wa_id":"[redacted:phone_number:34]""#));
/// # Ok::<(), hubseal::redact::RuleError>(())
/// ```
#[non_exhaustive]
pub enum PersonalData {
    /// Replaces personal data with markers.
    Mask,
    /// Keeps the last two digits of phone numbers: `[redacted:phone_number:76]`.
    LastTwo,
    /// Replaces phone numbers, user ids and message ids with pseudonyms.
    ///
    /// The same person always has the same pseudonym, so a log can be followed without the number.
    Pseudonyms(PseudonymKey),
}

/// The maximum number of digits of a phone number (ITU-T E.164).
const MAX_DIGITS: usize = 15;
/// The minimum number of digits of a phone number with its country code.
const MIN_DIGITS: usize = 7;

impl PersonalData {
    fn phone_number(&self, digits: &str) -> String {
        match self {
            Self::Mask => String::from("[redacted:phone_number]"),
            Self::LastTwo => {
                let last = digits
                    .get(digits.len().saturating_sub(2)..)
                    .unwrap_or_default();
                format!("[redacted:phone_number:{last}]")
            }
            Self::Pseudonyms(key) => key.of_digits(digits),
        }
    }

    fn user_id(&self, id: &str) -> String {
        match self {
            Self::Mask | Self::LastTwo => String::from("[redacted:user_id]"),
            Self::Pseudonyms(key) => key.user_id(id),
        }
    }

    /// Returns whether `done`, a marker or a pseudonym, can replace a phone number or a user id. The
    /// markers must be exactly these. The label of another one is any text.
    fn makes(&self, done: &[u8]) -> bool {
        let label = done.strip_prefix(MARKER);
        match self {
            Self::Pseudonyms(_) => label.is_none(),
            Self::Mask => matches!(label, Some(b"phone_number]" | b"user_id]")),
            Self::LastTwo => label.is_some_and(|label| {
                let last = label.strip_prefix(b"phone_number:");
                label == b"user_id]" || matches!(last, Some([b'0'..=b'9', b'0'..=b'9', b']']))
            }),
        }
    }

    /// Returns the replacement of a message id or a call id. `digits` is the phone number in it.
    fn message_id(&self, (prefix, label): (&str, &str), digits: Option<&str>) -> String {
        match (self, digits) {
            (Self::Pseudonyms(key), Some(digits)) => format!("{prefix}:{}", key.of_digits(digits)),
            _ => format!("[redacted:{label}]"),
        }
    }
}
