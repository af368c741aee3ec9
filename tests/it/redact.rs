//! The redactor.

mod corpus;
mod display;
mod idempotence;
mod leaks;
mod panics;
mod personal;
mod properties;
mod recorder;
mod rotation;
mod rules;
#[cfg(feature = "tracing-subscriber")]
mod subscriber;
mod writer;
