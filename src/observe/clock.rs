//! The clocks, where the platform has them.

/// `wasm32-unknown-unknown` has `std`, but its clock panics.
#[cfg(all(
    feature = "std",
    not(all(target_family = "wasm", target_os = "unknown"))
))]
mod system {
    use core::time::Duration;
    use std::time::{Instant, SystemTime};

    /// A point in time from which to measure.
    #[derive(Clone, Copy)]
    pub(crate) struct Start(Instant);

    impl Start {
        pub(crate) fn now() -> Self {
            Self(Instant::now())
        }

        #[expect(clippy::unnecessary_wraps, reason = "other platforms have no clock")]
        pub(crate) fn elapsed(self) -> Option<Duration> {
            Some(self.0.elapsed())
        }
    }

    /// Returns the time since 1970, if the clock is set to a later time.
    pub(crate) fn unix_time() -> Option<Duration> {
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()
    }
}

#[cfg(not(all(
    feature = "std",
    not(all(target_family = "wasm", target_os = "unknown"))
)))]
mod absent {
    use core::time::Duration;

    /// No clock.
    #[derive(Clone, Copy)]
    pub(crate) struct Start;

    impl Start {
        pub(crate) fn now() -> Self {
            Self
        }

        #[expect(clippy::unused_self, reason = "other platforms have a clock")]
        pub(crate) fn elapsed(self) -> Option<Duration> {
            None
        }
    }

    #[cfg(feature = "std")]
    pub(crate) fn unix_time() -> Option<Duration> {
        None
    }
}

#[cfg(not(all(
    feature = "std",
    not(all(target_family = "wasm", target_os = "unknown"))
)))]
use absent as clock;
#[cfg(all(
    feature = "std",
    not(all(target_family = "wasm", target_os = "unknown"))
))]
use system as clock;

pub(crate) use clock::Start;
#[cfg(feature = "std")]
pub(super) use clock::unix_time;
