//! Everything that the crate promises, from outside. One binary, a module for each behaviour.

mod adapters;
mod allocation;
mod battery;
mod common;
mod examples;
mod intake;
mod properties;
mod redact;
mod rotation;
mod secrets;
mod vectors;
mod ways;
