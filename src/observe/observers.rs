//! The observers of an endpoint.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::panic::AssertUnwindSafe;

#[cfg(feature = "tracing")]
use super::events::Events;
use super::{
    clock::Start,
    outcome::{Observer, Outcome},
};

/// The name of an endpoint, and what is told about its requests.
pub(crate) struct Observers {
    pub(crate) name: String,
    #[cfg(feature = "tracing")]
    events: Events,
    // Their panics are caught, so they cannot leave the endpoint in a broken state.
    added: AssertUnwindSafe<Vec<Box<dyn Observer>>>,
}

impl Observers {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            #[cfg(feature = "tracing")]
            events: Events::new(),
            added: AssertUnwindSafe(Vec::new()),
        }
    }

    pub(crate) fn add(&mut self, observer: impl Observer + 'static) {
        self.added.push(Box::new(observer));
    }

    /// Returns the start of a request, if an observer could ask for the time since then.
    pub(crate) fn start(&self) -> Option<Start> {
        let observed = cfg!(feature = "tracing") || !self.added.is_empty();
        observed.then(Start::now)
    }

    /// Calls each observer.
    pub(crate) fn tell(&self, outcome: &Outcome<'_>) {
        #[cfg(feature = "tracing")]
        self.events.tell(outcome);
        for observer in self.added.iter() {
            call(&**observer, outcome);
        }
    }
}

#[cfg(feature = "tracing")]
impl Drop for Observers {
    fn drop(&mut self) {
        self.events.finish(&self.name);
    }
}

/// Calls an observer and drops its panic, which the panic hook has reported.
#[cfg(feature = "std")]
fn call(observer: &dyn Observer, outcome: &Outcome<'_>) {
    let call = AssertUnwindSafe(|| observer.observe(outcome));
    if let Err(payload) = std::panic::catch_unwind(call) {
        // The drop of a payload could panic again.
        core::mem::forget(payload);
    }
}

#[cfg(not(feature = "std"))]
fn call(observer: &dyn Observer, outcome: &Outcome<'_>) {
    observer.observe(outcome);
}
