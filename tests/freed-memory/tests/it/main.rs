//! Secrets leave nothing in memory after they are dropped, except for the documented cases.

mod controls;
mod handshakes;
mod redaction;
mod requests;
mod rings;
mod secrets;
