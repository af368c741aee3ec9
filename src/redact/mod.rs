//! Redacts secrets and, on request, personal data from logs.
//!
//! A [`Redactor`] finds the secrets of Meta's platform in text, in the encodings that
//! `docs/redaction.md` lists, and replaces each with a marker that names its kind:
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
//! # What to use
//!
//! | text | use |
//! |---|---|
//! | a line at hand | [`Redactor::redact`], [`Redactor::redact_bytes`] |
//! | logs by `tracing-subscriber` | `Redactor::make_writer`, with the feature `tracing-subscriber` |
//! | anything written to a file, a pipe, a socket | [`Redactor::writer`] |
//! | a URI, an error of an HTTP client, anything with `Display` or `Debug` | [`Redactor::display`], [`Redactor::debug`] |
//! | headers | [`Redactor::headers`] |
//! | panics, which go past every subscriber | [`Redactor::install_panic_hook`] |
//! | pieces of text without `std` | [`Redactor::scrubber`] |
//!
//! # What is found
//!
//! - **Tokens, by their shape**: `EAA…` to `EAF…`, `IGAA…`, `IGQ…`, `THAA…`, `TH|…|…`,
//!   `APPID|…`, and what follows `Bearer`.
//! - **Values, by their keys**: those under `access_token`, `input_token`, `fb_exchange_token`,
//!   `client_secret`, `app_secret`, `appsecret_proof`, `hub.verify_token`, `code`, `pin`, and the
//!   headers `Authorization`, `Proxy-Authorization`, `Cookie`, `Set-Cookie`, `X-Hub-Signature` and
//!   `X-Hub-Signature-256`. In queries, JSON, JSON within JSON, `Debug` output, heads, environment
//!   variables; percent-encoded, `\u`-escaped, between a terminal's colours.
//! - **[Values that you register](RedactorBuilder::register)**, best of all the app secret and the
//!   verify token, which look like nothing: as they are, percent-encoded, escaped, in base64.
//! - **[Keys](RedactorBuilder::key) and [shapes](RedactorBuilder::shape) of your own.**
//! - **[Personal data](PersonalData)**, where switched on: phone numbers, names, texts, contact
//!   details, user ids, and message ids, which hold the phone number in base64.
//!
//! The exact definition is `docs/redaction.md` in the repository.
//!
//! # Rules
//! 1. What comes out does not depend on how the text was cut on its way in.
//! 2. JSON stays JSON, UTF-8 stays UTF-8, and redacting again changes nothing.
//! 3. A marker tells what was there, and never its length, a hash or a piece of it.
//! 4. The time is linear in the text, whatever the text, and at most [`Scrubber::MAX_HELD`] bytes are
//!    held back.
//! 5. The platform's own credentials [cannot be switched off](Family::is_mandatory).
//!
//! # Security
//! Best effort. Do not rely on it to log secrets. It does not find a secret that has no shape and no
//! key and is not registered, nor one that is encrypted, compressed, or encoded in a way that is not
//! listed. The marker shows that there was a token. Of an app token, the public app id stays.

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
