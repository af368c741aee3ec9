//! What threads share, in one place: `tests/interleavings` compiles the crate with those of `loom`,
//! and runs every order in which threads may get at them.

#[cfg(not(hubseal_loom))]
pub(crate) use alloc::sync::Arc;
#[cfg(not(hubseal_loom))]
pub(crate) use core::sync::atomic::AtomicUsize;
#[cfg(all(feature = "std", not(hubseal_loom)))]
pub(crate) use std::sync::RwLock;

#[cfg(hubseal_loom)]
pub(crate) use loom::sync::{Arc, RwLock, atomic::AtomicUsize};
