//! Phone numbers, names, texts and message ids.

mod keyed;
mod message_id;
mod number;
mod pseudonym;

use alloc::{format, string::String};

pub(super) use keyed::{Personal, keys};
pub(super) use message_id::MessageId;
pub(super) use number::FreeNumber;
pub use pseudonym::PseudonymKey;

/// What becomes of personal data. Without it, none is touched.
///
/// Meant for what a service logs of webhook bodies: it goes by the keys that Meta uses there, by
/// `+` and a phone number, and by the ids of messages and calls, which hold the phone number in
/// base64. Names, texts and contact details are always dropped; `phone_number_id` and the ids of
/// business accounts stay. The page `docs/redaction.md` in the repository has all keys.
///
/// # Security
/// It knows where Meta puts personal data, not what people write: a phone number in the middle of a
/// sentence is found only if it begins with `+` and is written without blanks, and a name or a text
/// only in quotes behind its key. Masking is not anonymisation, and neither is a pseudonym: who has
/// the key can find the number again.
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
    /// Markers, and nothing of what they stand for.
    Mask,
    /// Phone numbers keep their last two digits: `[redacted:phone_number:76]`.
    LastTwo,
    /// Phone numbers, user ids and message ids become pseudonyms, the same for the same person: a
    /// log can be followed without knowing whom.
    Pseudonyms(PseudonymKey),
}

/// The most digits that a phone number has (ITU-T E.164).
const MAX_DIGITS: usize = 15;
/// Fewer digits than this are no phone number with its country's code.
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

    /// `digits`: the phone number within the id of a message or a call, if one was found.
    fn message_id(&self, (prefix, label): (&str, &str), digits: Option<&str>) -> String {
        match (self, digits) {
            (Self::Pseudonyms(key), Some(digits)) => format!("{prefix}:{}", key.of_digits(digits)),
            _ => format!("[redacted:{label}]"),
        }
    }
}
