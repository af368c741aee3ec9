//! The types that threads share. `tests/interleavings` replaces them with those of `loom`.

#[cfg(not(hubseal_loom))]
pub(crate) use alloc::sync::Arc;
#[cfg(not(hubseal_loom))]
pub(crate) use core::sync::atomic::AtomicUsize;
#[cfg(all(feature = "std", not(hubseal_loom)))]
pub(crate) use std::sync::RwLock;

#[cfg(hubseal_loom)]
pub(crate) use loom::sync::{Arc, RwLock, atomic::AtomicUsize};
