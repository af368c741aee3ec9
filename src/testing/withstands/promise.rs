//! A value that one thread sets and a future waits for, on any runtime.

use alloc::sync::Arc;
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::sync::{Mutex, MutexGuard, PoisonError};

struct State<T> {
    value: Option<T>,
    waker: Option<Waker>,
    /// Whether the setter is gone.
    done: bool,
}

/// Sets the value. Dropping it ends the wait.
pub(super) struct Setter<T>(Arc<Mutex<State<T>>>);

/// Waits for the value. Returns `None` if the setter is dropped before.
pub(super) struct Promise<T>(Arc<Mutex<State<T>>>);

pub(super) fn promise<T>() -> (Setter<T>, Promise<T>) {
    let state = Arc::new(Mutex::new(State {
        value: None,
        waker: None,
        done: false,
    }));
    (Setter(Arc::clone(&state)), Promise(state))
}

impl<T> Setter<T> {
    pub(super) fn set(self, value: T) {
        lock(&self.0).value = Some(value);
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.done = true;
        let waker = state.waker.take();
        // A waker may poll at once, which locks the state.
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Future for Promise<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = lock(&self.0);
        if state.done {
            return Poll::Ready(state.value.take());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

fn lock<T>(state: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
