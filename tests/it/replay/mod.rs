//! The replay guard and its stores.

#[cfg(feature = "testing")]
mod conformance;
#[cfg(feature = "testing")]
mod faulty_store;
mod guard;
mod memory;
#[cfg(all(feature = "redis", feature = "testing"))]
mod redis;
#[cfg(all(feature = "redis", feature = "testing"))]
mod redis_outages;
#[cfg(all(feature = "redis", feature = "testing"))]
pub(crate) mod redis_server;
mod scripted;
mod ticket;

use hubseal::Fingerprint;
use tokio::runtime::{Builder, Runtime};

fn fingerprint() -> Fingerprint {
    Fingerprint::new(["order", "4711"])
}

/// A runtime whose clock moves only while everything waits.
fn paused() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().unwrap()
}
