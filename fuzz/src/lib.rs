//! What the fuzz targets assert: for everything that takes bytes from outside a module, whose `check`
//! holds an input against an oracle that is as plain as can be.
//!
//! Where the tests of the library have such an oracle already, it is theirs.

pub mod adapter;
pub mod base64;
pub mod body_verifier;
pub mod headers;
mod known;
pub mod personal;
pub mod query;
pub mod redact;
mod refusal;
pub mod secrets;
pub mod signature;
