//! Redaction.
mod alphabet;
mod error;
mod family;
mod redactor;
mod scrubber;

pub use alphabet::Alphabet;
pub use error::RuleError;
pub use family::Family;
pub use redactor::{Redactor, RedactorBuilder};
pub use scrubber::Scrubber;
