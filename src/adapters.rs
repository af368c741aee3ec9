//! Carriers between frameworks and the endpoint. They decide nothing.

#[cfg(feature = "axum")]
pub mod axum;
mod http;
