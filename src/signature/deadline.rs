//! The deadlines of keys, and their clock.

use alloc::{boxed::Box, sync::Arc};
use core::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::time::SystemTime;

use super::{KeyName, KeyRing, KeyRingError, key::Key};
#[cfg(doc)]
use crate::rejection::RejectionKind;
use crate::secret::AppSecret;

/// Deadlines of keys.
impl KeyRing {
    /// Creates a ring of the keys `current` and `previous`, the latter with a deadline.
    pub(crate) fn of_rotation(
        current: &AppSecret,
        previous: Option<(&AppSecret, SystemTime)>,
        clock: Clock,
    ) -> Self {
        let mut ring = Self::from(current);
        ring.others = previous
            .into_iter()
            .map(|(secret, deadline)| {
                let mut key = Key::new(KeyName::PREVIOUS, secret);
                key.deadline = Some(Box::new(deadline));
                key
            })
            .collect();
        ring.clock = clock;
        ring
    }

    /// Sets a deadline of a key. From then on, its signatures are rejected with
    /// [`KeyExpired`](RejectionKind::KeyExpired).
    ///
    /// - The deadline is checked when the body is complete. A request that begins before the deadline and
    ///   ends after it is rejected.
    /// - A key with the same secret under another name still matches.
    /// - The key is not wiped at the deadline. [Replace the ring](crate::Verifier#method.replace_keys) for
    ///   that.
    ///
    /// # Errors
    /// Returns [`KeyRingError::UnknownName`] if the ring has no such key.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use hubseal::{AppSecret, KeyRing};
    /// use std::time::SystemTime;
    ///
    /// // WhatsApp repeats failed deliveries for 7 days.
    /// let in_7_days = SystemTime::now() + Duration::from_secs(7 * 24 * 60 * 60);
    /// let _ring = KeyRing::new([
    ///     ("current", AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?),
    ///     ("previous", AppSecret::new("00112233445566778899aabbccddeeff")?),
    /// ])?
    /// .with_deadline("previous", in_7_days)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_deadline(mut self, name: &str, deadline: SystemTime) -> Result<Self, KeyRingError> {
        let key = self.keys_mut().find(|key| key.name.as_str() == name);
        key.ok_or(KeyRingError::UnknownName)?.deadline = Some(Box::new(deadline));
        Ok(self)
    }

    /// Sets the clock that deadlines and [signed timestamps](crate::Scheme#timestamps) are compared with.
    /// Defaults to that of the system.
    ///
    /// It is read when a key with a deadline matches, and for each signed timestamp. `wasm32-unknown-unknown`
    /// has no clock: set one, or every deadline has passed and every timestamp is rejected. A ring that
    /// [replaces](crate::Verifier#method.replace_keys) this one needs its own clock.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use hubseal::{AppSecret, KeyRing, RejectionKind, Verifier};
    /// use std::time::SystemTime;
    ///
    /// let deadline = SystemTime::now();
    /// let verifier = |now: SystemTime| -> Result<_, Box<dyn std::error::Error>> {
    ///     let ring = KeyRing::from(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    ///     Ok(Verifier::new(ring.with_deadline("current", deadline)?.with_clock(move || now)))
    /// };
    /// let before = verifier(deadline - Duration::from_nanos(1))?;
    /// let signature = before.sign("{}");
    /// assert!(before.verify_signature(&signature, "{}").is_ok());
    /// let rejection = verifier(deadline)?.verify_signature(&signature, "{}").err().unwrap();
    /// assert_eq!(rejection.kind(), RejectionKind::KeyExpired);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(clock);
        self
    }
}

type Read = dyn Fn() -> SystemTime + Send + Sync + UnwindSafe + RefUnwindSafe;

/// The clock of deadlines and signed timestamps: that of the system, unless another one is set.
///
/// Boxed, because an absent wide pointer has uninitialised bytes.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Arc<Box<Read>>>);

impl Clock {
    pub(crate) fn new(read: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        // A clock cannot leave a ring half changed. Without this, a ring would not be `UnwindSafe`.
        let read = AssertUnwindSafe(read);
        Self(Some(Arc::new(Box::new(move || {
            let whole = &read;
            whole.0()
        }))))
    }

    /// Returns the time, or `None` on a platform without a clock.
    pub(crate) fn now(&self) -> Option<SystemTime> {
        match &self.0 {
            Some(read) => Some(read()),
            None => system_time(),
        }
    }

    /// Returns whether the deadline is now or in the past. Without a clock, it has passed.
    pub(crate) fn has_passed(&self, deadline: SystemTime) -> bool {
        self.now().is_none_or(|now| now >= deadline)
    }
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
#[expect(clippy::unnecessary_wraps, reason = "other platforms have no clock")]
fn system_time() -> Option<SystemTime> {
    Some(SystemTime::now())
}

/// `wasm32-unknown-unknown` has `std`, but its clock panics.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn system_time() -> Option<SystemTime> {
    None
}
