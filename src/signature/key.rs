//! A key of a key ring.

#[cfg(feature = "std")]
use alloc::boxed::Box;
use core::sync::atomic::Ordering;
#[cfg(feature = "std")]
use std::time::SystemTime;

use super::{KeyName, hmac_state::HmacState};
use crate::{
    secret::AppSecret,
    sync::{Arc, AtomicUsize},
};

pub(super) struct Key {
    pub(super) name: KeyName,
    pub(super) prepared: HmacState,
    /// Shared with the keys of the same name in earlier and later rings of a verifier.
    pub(super) matches: Arc<AtomicUsize>,
    /// Boxed, because an absent time has uninitialised bytes, which can hold a part of the key.
    #[cfg(feature = "std")]
    pub(super) deadline: Option<Box<SystemTime>>,
}

impl Key {
    pub(super) fn new(name: KeyName, secret: &AppSecret) -> Self {
        secret.with_key(|key| Self::of_bytes(name, key))
    }

    pub(super) fn of_bytes(name: KeyName, key: &[u8]) -> Self {
        Self {
            name,
            prepared: HmacState::of_key(key),
            matches: Arc::new(AtomicUsize::new(0)),
            #[cfg(feature = "std")]
            deadline: None,
        }
    }

    /// Counts a verified delivery, and returns the name.
    pub(super) fn count(&self) -> KeyName {
        self.matches.fetch_add(1, Ordering::Relaxed);
        self.name
    }
}
