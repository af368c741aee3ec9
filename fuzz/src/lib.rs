//! Checks and helpers that fuzz targets share. A check compares the library with a simple oracle.
//!
//! Oracles are shared with the integration tests where possible.

pub mod headers;
pub mod known;
pub mod query;
pub mod rejection;
pub mod schemes;
pub mod signature;
