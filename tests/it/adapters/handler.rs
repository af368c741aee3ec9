//! The handler behind every form of the adapters.

use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::StatusCode;
use tokio::sync::oneshot;

/// A handler that counts its runs. It answers 200, unless it has a next step or the body starts with
/// `panic`.
#[derive(Clone, Default)]
pub(super) struct Handler(Arc<State>);

#[derive(Default)]
struct State {
    runs: AtomicUsize,
    steps: Mutex<VecDeque<Step>>,
}

/// One run of the handler.
pub(super) enum Step {
    Answer(u16),
    Panic,
    /// Returns an error. axum has no errors of handlers, so it answers 500.
    Fail,
    /// Answers 200 after a message.
    Wait(oneshot::Receiver<()>),
}

impl Handler {
    /// Adds a step for a later run.
    pub(super) fn will(&self, step: Step) {
        self.0.steps.lock().unwrap().push_back(step);
    }

    /// Lets a later run wait until the returned sender sends.
    pub(super) fn will_wait(&self) -> oneshot::Sender<()> {
        let (sender, receiver) = oneshot::channel();
        self.will(Step::Wait(receiver));
        sender
    }

    pub(super) fn runs(&self) -> usize {
        self.0.runs.load(Ordering::SeqCst)
    }

    pub(super) async fn run(&self, body: &[u8]) -> io::Result<StatusCode> {
        self.0.runs.fetch_add(1, Ordering::SeqCst);
        assert!(!body.starts_with(b"panic"), "the handler panics");
        let step = self.0.steps.lock().unwrap().pop_front();
        match step {
            None => {}
            Some(Step::Answer(status)) => return Ok(StatusCode::from_u16(status).unwrap()),
            Some(Step::Panic) => panic!("the handler panics"),
            Some(Step::Fail) => return Err(io::Error::other("the handler fails")),
            Some(Step::Wait(message)) => message.await.unwrap(),
        }
        Ok(StatusCode::OK)
    }
}
