//! Integration tests of the public API: one binary with a module for each topic.
//!
//! Run them with `--all-features`. With fewer features, the tests of missing features are left out.

#[cfg(feature = "full")]
mod adapters;
mod allocation;
#[cfg(feature = "testing")]
mod attack_suite;
#[cfg(feature = "audit")]
mod audit_log;
mod body_verifier;
mod common;
mod debug_output;
#[cfg(all(feature = "diagnose", feature = "testing"))]
mod diagnose;
#[cfg(feature = "edge")]
mod edge;
mod endpoint_builder;
#[cfg(feature = "tracing")]
mod events;
#[cfg(feature = "full")]
mod examples;
#[cfg(feature = "testing")]
mod exchange;
#[cfg(all(feature = "json", feature = "testing"))]
mod fingerprint;
mod gateways;
#[cfg(all(feature = "replay", feature = "tower"))]
mod guarded;
mod header_lookup;
#[cfg(feature = "std")]
mod health;
#[cfg(feature = "metrics")]
mod metrics;
mod outcomes;
mod properties;
#[cfg(feature = "redact")]
mod redact;
#[cfg(feature = "replay")]
mod replay;
mod responses;
#[cfg(feature = "std")]
mod rotation;
#[cfg(feature = "testing")]
mod schemes;
#[cfg(feature = "testing")]
mod secrets;
#[cfg(feature = "json")]
mod updates;
#[cfg(feature = "testing")]
mod vectors;
mod verify_paths;
#[cfg(feature = "full")]
mod withstands;
