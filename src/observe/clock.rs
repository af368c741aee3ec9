//! The time since the start of a request, where the platform has a clock.

/// `wasm32-unknown-unknown` has `std`, but its clock panics.
#[cfg(all(
    feature = "std",
    not(all(target_family = "wasm", target_os = "unknown"))
))]
mod system {
    use core::time::Duration;
    use std::time::Instant;

    /// A point in time from which to measure.
    #[derive(Clone, Copy)]
    pub(crate) struct Start(Instant);

    impl Start {
        pub(crate) fn now() -> Self {
            Self(Instant::now())
        }

        pub(crate) fn elapsed(self) -> Option<Duration> {
            Some(self.0.elapsed())
        }
    }
}

#[cfg(not(all(
    feature = "std",
    not(all(target_family = "wasm", target_os = "unknown"))
)))]
mod system {
    use core::time::Duration;

    /// No clock.
    #[derive(Clone, Copy)]
    pub(crate) struct Start;

    impl Start {
        pub(crate) fn now() -> Self {
            Self
        }

        pub(crate) fn elapsed(self) -> Option<Duration> {
            None
        }
    }
}

pub(crate) use system::Start;
