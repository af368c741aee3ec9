//! What redaction finds, what it leaves alone, and that no way out of a process goes past it.

mod agreement;
mod app_id;
mod configurations;
mod corpus;
mod display;
mod headers;
mod leaks;
mod panics;
mod personal;
mod recorder;
mod reference;
mod rules;
mod scrubber;
mod subscriber;
mod writer;
