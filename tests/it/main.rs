//! The integration tests, in one binary.

mod properties;
mod vectors;
mod ways;
