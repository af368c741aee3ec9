//! The replay guard and its stores.

#[cfg(feature = "testing")]
mod conformance;
#[cfg(feature = "testing")]
mod faulty_store;
mod memory;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
pub(crate) mod redis_server;
