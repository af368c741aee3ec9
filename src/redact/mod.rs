//! Redacts secrets from logs, and optionally personal data.
//!
//! ```
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
//! A [`Redactor`] finds the access tokens of Meta's platform and replaces each with a marker that names its
//! kind. Also register the [app secret](RedactorBuilder::app_secret) and the [verify
//! token](RedactorBuilder::verify_token): without a key such as `app_secret`, both look like ordinary text.
//!
//! # Which part to use
//!
//! | you have | use |
//! |---|---|
//! | a line of text | [`Redactor::redact`], [`Redactor::redact_bytes`] |
//! | logs of `tracing-subscriber` | `Redactor::make_writer`, with the feature `tracing-subscriber` |
//! | output to a file, a pipe or a socket | [`Redactor::writer`] |
//! | a URI, a client error, or any value with `Display` or `Debug` | [`Redactor::display`], [`Redactor::debug`] |
//! | HTTP headers | [`Redactor::headers`] |
//! | panic messages, which no subscriber receives | [`Redactor::install_panic_hook`] |
//! | text in chunks, without `std` | [`Redactor::scrubber`] |
//!
//! # Covered secrets
//!
//! | secret | found by |
//! |---|---|
//! | access tokens: `EAA…` to `EAF…`, `IGAA…`, `IGQ…`, `THAA…`, `TH\|…\|…`, `APPID\|…` | their shape |
//! | bearer tokens | the word `Bearer` before them |
//! | tokens and secrets under `access_token`, `input_token`, `fb_exchange_token`, `client_secret`, `app_secret`, `appsecret_proof`, `hub.verify_token`, `code`, `pin` | their key |
//! | the headers `Authorization`, `Proxy-Authorization`, `Cookie`, `Set-Cookie`, `X-Hub-Signature` and `X-Hub-Signature-256` | their name |
//! | [values that you register](RedactorBuilder::register) | their text, percent-encoded, escaped or in base64 |
//! | values under [keys of your own](RedactorBuilder::key) | their key |
//! | tokens with [a shape of your own](RedactorBuilder::shape) | their shape |
//! | [personal data](PersonalData), if switched on: phone numbers, names, texts, contact details, user ids and message ids | their key or shape |
//!
//! Keys are found in queries, JSON, JSON within JSON, `Debug` output, HTTP heads and environment
//! variables. They may be percent-encoded, `\u`-escaped, or between the colours of a terminal.
//!
//! The exact definition is
//! [docs/redaction.md](https://docs.rs/crate/hubseal/latest/source/docs/redaction.md).
//!
//! # Rules
//! 1. The output does not depend on how the input was split into chunks.
//! 2. JSON stays JSON, and UTF-8 stays UTF-8.
//! 3. Redacting the output again changes nothing.
//! 4. A marker names the kind of secret. It never contains its length, its hash or a part of it.
//! 5. The time is linear in the length of the text, for any text.
//! 6. With text in chunks, output is delayed by at most [`Scrubber::MAX_HELD`] bytes.
//! 7. Redaction of the credentials of Meta's platform cannot be turned off: see [`Family::is_mandatory`].
//!
//! # Security
//! Redaction is best effort. Do not rely on it to log secrets.
//!
//! - It does not find a secret without a known shape or key that is not registered.
//! - It does not find a secret that is encrypted, compressed, or in an encoding that docs/redaction.md
//!   does not list.
//! - A marker shows that the text contained a secret.
//! - The app id of an app access token stays, because it is public.

mod alphabet;
mod app_id;
mod behind;
mod display;
mod error;
mod extent;
mod family;
mod found;
mod headers;
mod keyed;
#[cfg(feature = "std")]
mod panic_hook;
mod passage;
mod personal;
mod redactor;
mod registered;
mod rules;
mod scrubber;
mod search;
#[cfg(feature = "tracing-subscriber")]
mod subscriber;
mod token;
mod unit;
#[cfg(feature = "std")]
mod writer;

pub use alphabet::Alphabet;
pub use app_id::token_prefix;
pub use display::{RedactedDebug, RedactedDisplay};
pub use error::RuleError;
pub use family::Family;
pub use headers::RedactedHeaders;
pub use personal::{PersonalData, PseudonymKey};
pub use redactor::{Redactor, RedactorBuilder};
pub use scrubber::Scrubber;
#[cfg(feature = "tracing-subscriber")]
pub use subscriber::RedactingMakeWriter;
#[cfg(feature = "std")]
pub use writer::RedactingWriter;
