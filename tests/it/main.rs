//! Everything that the crate promises, from outside. One binary, a module for each behaviour.
//!
//! All of it runs with `--all-features`; with fewer, what they offer is tested.

#[cfg(feature = "full")]
mod adapters;
mod allocation;
mod responses;
#[cfg(feature = "testing")]
mod attack_suite;
mod body_verifier;
mod common;
#[cfg(feature = "full")]
mod examples;
mod properties;
mod redact;
#[cfg(feature = "testing")]
mod replay;
#[cfg(feature = "std")]
mod rotation;
#[cfg(feature = "testing")]
mod secrets;
mod debug_output;
#[cfg(feature = "testing")]
mod vectors;
mod verify_paths;
