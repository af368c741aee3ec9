//! The types that threads share. `tests/interleavings` replaces them with those of `loom`.

use core::fmt;
#[cfg(feature = "std")]
use std::sync::PoisonError;

#[cfg(not(hubseal_loom))]
pub(crate) use alloc::sync::Arc;
#[cfg(not(hubseal_loom))]
pub(crate) use core::sync::atomic::AtomicUsize;
#[cfg(all(feature = "std", not(hubseal_loom)))]
use std::sync::RwLock;

#[cfg(hubseal_loom)]
use loom::sync::RwLock;
#[cfg(hubseal_loom)]
pub(crate) use loom::sync::{Arc, atomic::AtomicUsize};

/// A value that is replaced as a whole, for all clones. Without `std`, it is never replaced.
pub(crate) struct Replaceable<T> {
    #[cfg(feature = "std")]
    value: Arc<RwLock<Arc<T>>>,
    #[cfg(not(feature = "std"))]
    value: Arc<T>,
}

impl<T> Replaceable<T> {
    pub(crate) fn new(value: T) -> Self {
        let value = Arc::new(value);
        #[cfg(feature = "std")]
        let value = Arc::new(RwLock::new(value));
        Self { value }
    }

    /// Returns the value that is in use now.
    pub(crate) fn get(&self) -> Arc<T> {
        // A poisoned lock still contains a complete value, because it is replaced in one step.
        #[cfg(feature = "std")]
        return Arc::clone(&self.value.read().unwrap_or_else(PoisonError::into_inner));
        #[cfg(not(feature = "std"))]
        return Arc::clone(&self.value);
    }

    /// Replaces the value. `prepare` gets the old and the new one, while no other thread can replace it.
    #[cfg(feature = "std")]
    pub(crate) fn replace(&self, mut new: T, prepare: impl FnOnce(&T, &mut T)) {
        let old = {
            let mut value = self.value.write().unwrap_or_else(PoisonError::into_inner);
            prepare(&value, &mut new);
            core::mem::replace(&mut *value, Arc::new(new))
        };
        // Wipe the old value outside the lock.
        drop(old);
    }
}

impl<T> Clone for Replaceable<T> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Replaceable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(&self.get(), f)
    }
}

#[cfg(all(test, feature = "std", not(hubseal_loom)))]
mod tests {
    use super::*;

    #[test]
    fn ignores_a_poisoned_lock() {
        let number = Replaceable::new(1);
        let poisoned = number.clone();
        let panicked = std::thread::spawn(move || {
            poisoned.replace(2, |_, _| {
                std::panic::resume_unwind(alloc::boxed::Box::new(()))
            });
        });
        assert!(panicked.join().is_err());
        assert!(number.value.is_poisoned());

        assert_eq!(*number.get(), 1);
        number.replace(3, |_, _| {});
        assert_eq!(*number.get(), 3);
    }
}
