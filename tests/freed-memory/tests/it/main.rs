//! What secrets leave in memory, freed or not, once everything that held them is dropped: nothing,
//! but for what the documentation names.

mod controls;
mod handshakes;
mod redaction;
mod requests;
mod rings;
mod secrets;
