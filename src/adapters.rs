//! Carriers between frameworks and the endpoint. They decide nothing.

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "_http")]
mod http;
mod read;
