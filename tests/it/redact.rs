//! What redaction finds, what it leaves alone, and that no way out of a process goes past it.

mod agreement;
mod configurations;
mod corpus;
mod display;
mod headers;
mod panics;
mod recorder;
mod reference;
mod scrubber;
mod subscriber;
mod writer;
