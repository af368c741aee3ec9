//! A clock that a test sets.

use alloc::sync::Arc;
use core::time::Duration;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

/// A clock that shows the same time until a test changes it.
///
/// Clones show the same time, on all threads. Use it to test deadlines of keys and signed timestamps without
/// waiting.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, KeyRing, RejectionKind, Verifier, testing::FakeClock};
/// use std::time::{Duration, SystemTime};
///
/// let clock = FakeClock::new(SystemTime::UNIX_EPOCH);
/// let an_hour = Duration::from_secs(3_600);
/// let ring = KeyRing::from(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .with_deadline("current", clock.now() + an_hour)?
///     .with_clock({
///         let clock = clock.clone();
///         move || clock.now()
///     });
/// let verifier = Verifier::new(ring);
/// let signature = verifier.sign("{}");
/// assert!(verifier.verify_signature(&signature, "{}").is_ok());
///
/// clock.advance(an_hour);
/// let rejection = verifier.verify_signature(&signature, "{}").err().unwrap();
/// assert_eq!(rejection.kind(), RejectionKind::KeyExpired);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<Mutex<SystemTime>>);

impl FakeClock {
    /// Creates a clock that shows this time.
    ///
    /// # Examples
    /// ```
    /// use hubseal::testing::FakeClock;
    /// use std::time::SystemTime;
    ///
    /// let clock = FakeClock::new(SystemTime::UNIX_EPOCH);
    /// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
    /// ```
    #[must_use]
    pub fn new(now: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Returns the time that the clock shows.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::testing::FakeClock;
    /// # use std::time::SystemTime;
    /// assert_eq!(FakeClock::new(SystemTime::UNIX_EPOCH).now(), SystemTime::UNIX_EPOCH);
    /// ```
    #[must_use]
    pub fn now(&self) -> SystemTime {
        *self.lock()
    }

    /// Sets the time, forwards or backwards.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::testing::FakeClock;
    /// # use std::time::SystemTime;
    /// let clock = FakeClock::new(SystemTime::now());
    /// clock.set(SystemTime::UNIX_EPOCH);
    /// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
    /// ```
    pub fn set(&self, now: SystemTime) {
        *self.lock() = now;
    }

    /// Moves the time forwards. Does nothing if the system cannot represent the later time.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::testing::FakeClock;
    /// # use std::time::{Duration, SystemTime};
    /// let clock = FakeClock::new(SystemTime::UNIX_EPOCH);
    /// let before = clock.clone();
    /// clock.advance(Duration::from_secs(60));
    /// assert_eq!(before.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
    /// ```
    pub fn advance(&self, by: Duration) {
        let mut now = self.lock();
        *now = now.checked_add(by).unwrap_or(*now);
    }

    fn lock(&self) -> MutexGuard<'_, SystemTime> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
