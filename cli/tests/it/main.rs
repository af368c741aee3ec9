//! Runs the binary, with real servers on loopback.

mod common;
mod deliveries;
mod https;
mod planted;
mod probe;
mod receivers;
mod redact;
mod schemes;
mod secret_check;
