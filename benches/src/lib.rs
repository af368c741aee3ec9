//! Shared code of the benchmarks: keys, generated logs, and other implementations of redaction and
//! verification.

pub mod corpus;
pub mod delivery;
pub mod hostile;
pub mod peers;
mod random;
mod rules;
pub mod secrets;
mod sensitive_lines;
#[cfg(feature = "verifiers")]
pub mod verifiers;
