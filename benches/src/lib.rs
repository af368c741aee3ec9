//! What the benchmarks share: who signs, log lines to redact and other ways to redact them, and ways to
//! verify.

pub mod corpus;
pub mod delivery;
pub mod hostile;
pub mod peers;
mod random;
mod rules;
mod sensitive;
pub mod verifiers;
