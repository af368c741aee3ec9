//! Redaction.

mod display;
mod headers;
mod panics;
mod recorder;
mod subscriber;
mod writer;
