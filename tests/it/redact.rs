//! What redaction finds, what it leaves alone, and that no way out of a process goes past it.

mod agreement;
mod app_id;
mod configurations;
mod corpus;
mod display;
mod headers;
mod leaks;
#[cfg(feature = "std")]
mod panics;
mod personal;
#[cfg(feature = "std")]
mod recorder;
mod reference;
mod rules;
mod scrubber;
#[cfg(feature = "tracing-subscriber")]
mod subscriber;
#[cfg(feature = "std")]
mod writer;
