//! Redaction.
mod alphabet;
mod display;
mod error;
mod family;
mod headers;
#[cfg(feature = "std")]
mod panic_hook;
mod redactor;
mod scrubber;
#[cfg(feature = "tracing")]
mod subscriber;
#[cfg(feature = "std")]
mod writer;

pub use alphabet::Alphabet;
pub use display::{RedactedDebug, RedactedDisplay};
pub use error::RuleError;
pub use family::Family;
pub use headers::RedactedHeaders;
pub use redactor::{Redactor, RedactorBuilder};
pub use scrubber::Scrubber;
#[cfg(feature = "tracing")]
pub use subscriber::RedactingMakeWriter;
#[cfg(feature = "std")]
pub use writer::RedactingWriter;
