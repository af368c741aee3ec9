//! Redacts secrets from logs, and optionally personal data.
//!
#![cfg_attr(feature = "redact", doc = "```")]
#![cfg_attr(not(feature = "redact"), doc = "```ignore")]
//! use hubseal::redact::Redactor;
//!
//! let redactor = Redactor::new();
//! let line = r#"{"msg":"request failed","url":"https://graph.facebook.com/me?access_token=EAAGm0PX4ZCps&limit=5"}"#;
//! assert_eq!(
//!     redactor.redact(line),
//!     r#"{"msg":"request failed","url":"https://graph.facebook.com/me?access_token=[redacted:access_token]&limit=5"}"#,
//! );
//! ```
//!
//! Also register the app secret and the verify token: see [`RedactorBuilder`]. Without a key such as
//! `app_secret`, both look like ordinary text.
//!
//! # Which part to use
//!
//! | you have | use | feature |
//! |---|---|---|
//! | a URL or a query | [`RedactedUrl`] | |
//! | HTTP headers | [`RedactedHeaders`] | |
//! | a text | [`Redactor::redact`][Redactor] | `redact` |
//! | output to a file, a pipe or a socket | [`Redactor::writer`][Redactor] | `redact` |
//! | an error, a panic, or another value with `Display` or `Debug` | [`Redactor::display`][Redactor] | `redact` |
//! | logs of `tracing-subscriber` | [`Redactor::make_writer`][Redactor] | `tracing-subscriber` |
//! | a secret that is rotated | [`Redactor::replace_values`][Redactor] | `redact` |
//!
//! # What a redactor finds
//!
//! | secret | found by |
//! |---|---|
//! | access tokens: `EAA…` to `EAF…`, `IGAA…`, `IGQ…`, `THAA…`, `TH\|…\|…`, `APPID\|…` | their shape |
//! | bearer tokens | the word `Bearer` before them |
//! | tokens and secrets under `access_token`, `input_token`, `exchange_token`, `client_secret`, `app_secret`, `appsecret_proof`, `verify_token`, `code`, `pin` | their key |
//! | the headers `Authorization`, `Proxy-Authorization`, `Cookie`, `Set-Cookie`, `X-Hub-Signature` and `X-Hub-Signature-256` | their name |
//! | values that you register | their text: raw, percent-encoded, escaped or in base64 |
//! | values under keys of your own | their key |
//! | matches of patterns of your own | a regular expression |
//! | personal data of webhook bodies, if switched on | their key or shape |
//!
//! [docs/redaction.md](https://docs.rs/crate/hubseal/latest/source/docs/redaction.md) has the tables, the
//! limits, and a list of what is not found.
//!
//! # Rules
//! 1. A record is searched as a whole: a text, a line, or an event of `tracing-subscriber`.
//! 2. The output does not depend on how a text was split into writes.
//! 3. JSON stays JSON, and UTF-8 stays UTF-8.
//! 4. Redacting the output again changes nothing, unless a pattern of your own matches text beside a marker.
//! 5. A marker names the kind of secret. It never contains its length, its hash or a part of it.
//! 6. The time is linear in the length of the text, for any text. Patterns of your own can take longer, and so
//!    can long registered values that repeat themselves.
//!
//! # Security
//! Redaction is best effort. Do not rely on it to log secrets.
//!
//! - It does not find a secret without a known shape or key that is not registered.
//! - It does not find a secret that is encrypted, compressed, or in an encoding that docs/redaction.md
//!   does not list.
//! - A marker shows that the text contained a secret.
//! - The app id of an app access token stays, because it is public.
//!
//! [Redactor]: https://docs.rs/hubseal/latest/hubseal/redact/struct.Redactor.html
//! [`RedactorBuilder`]: https://docs.rs/hubseal/latest/hubseal/redact/struct.RedactorBuilder.html
#![allow(
    clippy::arithmetic_side_effects,
    reason = "positions in a slice and lengths of its parts do not overflow"
)]

#[cfg(feature = "redact")]
mod builder;
#[cfg(feature = "redact")]
mod display;
#[cfg(any(feature = "redact", feature = "audit"))]
mod error;
mod headers;
mod keys;
#[cfg(any(feature = "redact", feature = "audit"))]
mod pseudonym;
#[cfg(feature = "redact")]
mod redactor;
#[cfg(feature = "redact")]
mod search;
#[cfg(all(feature = "redact", feature = "tracing-subscriber"))]
mod subscriber;
mod url;
#[cfg(feature = "redact")]
mod value_set;
#[cfg(feature = "redact")]
mod writer;

#[cfg(feature = "redact")]
pub use builder::RedactorBuilder;
#[cfg(feature = "redact")]
pub use display::RedactedDisplay;
#[cfg(any(feature = "redact", feature = "audit"))]
pub use error::RuleError;
pub use headers::RedactedHeaders;
#[cfg(any(feature = "redact", feature = "audit"))]
pub use pseudonym::PseudonymKey;
#[cfg(feature = "redact")]
pub use redactor::Redactor;
#[cfg(all(feature = "redact", feature = "tracing-subscriber"))]
pub use subscriber::RedactingMakeWriter;
pub use url::RedactedUrl;
#[cfg(feature = "redact")]
pub(crate) use value_set::ValueSet;
#[cfg(feature = "redact")]
pub use writer::RedactingWriter;

/// A policy for personal data in logged webhook bodies. By default, personal data is not redacted.
///
/// | marker | found by |
/// |---|---|
/// | `phone_number` | `+` and 8 to 15 digits, and these keys: `wa_id`, `new_wa_id`, `user_wa_id`, `recipient_id`, `recipient_participant_id`, `participant_recipient_id`, `display_phone_number`, `phone`, `phone_number` |
/// | `phone_number`, only for a number of 7 to 15 digits | `from`, `to`, `recipient`, `input`, `user`, `customer`; `id`, if the next key of the object is `messages` or `context` |
/// | `user_id` | `identity`, `identity_key_hash`, `recipient_identity_key_hash`, `ctwa_clid`, `user_id`, and `user_id` with a prefix: `parent_`, `previous_`, `previous_parent_`, `from_`, `from_parent_`, `to_`, `to_parent_`, `recipient_`, `recipient_parent_`, `parent_recipient_`, `recipient_participant_`, `recipient_participant_parent_` |
/// | `group_id` | `group_id` |
/// | `message_id`, `call_id` | `wamid.` and `wacid.`: these ids contain the phone number in base64 |
/// | `name` | `name`, `first_name`, `middle_name`, `last_name`, `full_name`, `formatted_name`, `username` |
/// | `text` | `body`, `text`, `caption`, `emoji`, `title`, `subject`, `description`, `payload`, `response_json`, `filename`, `url`, `invite_link`, `sdp` |
/// | `contact` | `email`, `street`, `city`, `zip`, `birthday`, `company`, `department`, `address`, `latitude`, `longitude`, `vcard` |
///
/// - Keys are whole names as spelled here, in any case: `phone_number_id` and the ids of business accounts stay.
/// - Names, texts and contact details are found in quotes, or as a number.
/// - A user id such as `US.13491208655302741918` is also found under the keys of phone numbers.
///
/// # Security
/// - Free text is not understood. In a sentence, a phone number is found only if it begins with `+` and
///   has no blanks.
/// - Masking is not anonymisation. Neither is a pseudonym: anyone with the key can find the number.
///
/// # Examples
/// ```
/// use hubseal::redact::{PersonalData, PseudonymKey, Redactor};
///
/// let body = r#"{"contacts":[{"profile":{"name":"Sheena"},"wa_id":"16505551234"}]}"#;
/// let redactor = Redactor::builder().personal_data(PersonalData::Mask).build()?;
/// assert_eq!(
///     redactor.redact(body),
///     r#"{"contacts":[{"profile":{"name":"[redacted:name]"},"wa_id":"[redacted:phone_number]"}]}"#,
/// );
///
/// let key = PseudonymKey::new(b"32 random bytes, kept by the DPO")?;
/// let known = key.phone_number("+1 650 555 1234").unwrap();
/// let redactor = Redactor::builder().personal_data(PersonalData::Pseudonyms(key)).build()?;
/// let line = redactor.redact(r#"{"from":"16505551234","id":"wamid.HBgLMTY1MDU1NTEyMzQVAgASGA=="}"#);
/// assert_eq!(line, format!(r#"{{"from":"{known}","id":"wamid:{known}"}}"#));
/// # Ok::<(), hubseal::redact::RuleError>(())
/// ```
#[cfg(feature = "redact")]
pub enum PersonalData {
    /// Replaces it with markers such as `[redacted:phone_number]`.
    Mask,
    /// Replaces phone numbers, user ids and message ids with pseudonyms, and the rest with markers.
    ///
    /// The same person always has the same pseudonym, so a log can be followed without the number.
    Pseudonyms(PseudonymKey),
}
