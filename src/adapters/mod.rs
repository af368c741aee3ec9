//! The adapters: they convert between a framework and the endpoint, which makes every decision.

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "_http")]
#[cfg_attr(
    hubseal_docs,
    doc(cfg(any(feature = "axum", feature = "hyper", feature = "tower")))
)]
pub mod http;
#[cfg(feature = "hyper")]
pub mod hyper;
mod read;
#[cfg(feature = "tower")]
pub mod tower;
