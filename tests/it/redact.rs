//! What redaction finds and what it leaves alone.

mod agreement;
mod configurations;
mod reference;
