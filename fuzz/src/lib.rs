//! The checks of the fuzz targets: a module for each entry point that takes untrusted bytes. Its
//! `check` function compares the library with a simple oracle.
//!
//! Oracles are shared with the integration tests where possible.

pub mod adapter;
pub mod base64;
pub mod body_verifier;
pub mod headers;
mod known;
pub mod personal;
pub mod query;
pub mod redact;
mod rejection;
pub mod secrets;
pub mod signature;
