//! Carriers between frameworks and the endpoint. They decide nothing.

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "_http")]
pub mod http;
#[cfg(feature = "hyper")]
pub mod hyper;
mod read;
#[cfg(feature = "tower")]
pub mod tower;
