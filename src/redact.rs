//! Redaction.
mod alphabet;
mod app_id;
mod behind;
mod error;
mod extent;
mod family;
mod found;
mod keyed;
mod passage;
mod personal;
mod redactor;
mod registered;
mod rules;
mod scrubber;
mod search;
mod token;
mod unit;

pub use alphabet::Alphabet;
pub use app_id::token_prefix;
pub use error::RuleError;
pub use family::Family;
pub use personal::{PersonalData, PseudonymKey};
pub use redactor::{Redactor, RedactorBuilder};
pub use scrubber::Scrubber;
