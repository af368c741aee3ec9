//! Redaction: detected secrets, unchanged text, and every output path of a process.

mod agreement;
mod app_id;
mod configurations;
mod corpus;
mod display;
mod headers;
mod idempotence;
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
