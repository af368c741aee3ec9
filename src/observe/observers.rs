//! The observers of an endpoint.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::panic::AssertUnwindSafe;

#[cfg(feature = "tracing")]
use super::events::Events;
#[cfg(feature = "metrics")]
use super::metrics::Metrics;
use super::{
    clock::Start,
    outcome::{Observer, Outcome},
};

/// The name of an endpoint, and the observers of its requests.
pub(crate) struct Observers {
    pub(crate) name: String,
    #[cfg(feature = "tracing")]
    events: Events,
    #[cfg(feature = "metrics")]
    metrics: Metrics,
    // Their panics are caught, so they cannot leave the endpoint in a broken state.
    added: AssertUnwindSafe<Vec<Box<dyn Observer>>>,
}

impl Observers {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            #[cfg(feature = "tracing")]
            events: Events::new(),
            #[cfg(feature = "metrics")]
            metrics: Metrics::new(),
            added: AssertUnwindSafe(Vec::new()),
        }
    }

    pub(crate) fn add(&mut self, observer: impl Observer + 'static) {
        self.added.push(Box::new(observer));
    }

    /// Is called once the name is final.
    #[cfg(feature = "metrics")]
    pub(crate) fn register_metrics(&self, memory_available: usize) {
        Metrics::register(&self.name, memory_available);
    }

    /// Returns the start of a request, if an observer could ask for the time since then.
    pub(crate) fn start(&self) -> Option<Start> {
        let built_in = cfg!(any(feature = "metrics", feature = "tracing"));
        (built_in || !self.added.is_empty()).then(Start::now)
    }

    /// Calls each observer.
    pub(crate) fn tell(&self, outcome: &Outcome<'_>) {
        #[cfg(feature = "metrics")]
        call(&self.metrics, outcome);
        #[cfg(feature = "tracing")]
        call(&self.events, outcome);
        for observer in self.added.iter() {
            call(&**observer, outcome);
        }
    }
}

#[cfg(feature = "tracing")]
impl Drop for Observers {
    fn drop(&mut self) {
        catch(|| self.events.finish(&self.name));
    }
}

fn call(observer: &dyn Observer, outcome: &Outcome<'_>) {
    catch(|| observer.observe(outcome));
}

/// Runs code of others. With `std`, catches its panic, which the panic hook has reported.
pub(crate) fn catch(run: impl FnOnce()) {
    #[cfg(feature = "std")]
    {
        use std::panic::catch_unwind;

        let mut caught = catch_unwind(AssertUnwindSafe(run));
        // The drop of a payload can panic too, with another payload.
        for _ in 0..2 {
            let Err(payload) = caught else { return };
            caught = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        }
        core::mem::forget(caught);
    }
    #[cfg(not(feature = "std"))]
    run();
}
