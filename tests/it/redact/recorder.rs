//! A writer that records its calls.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

/// Clones write to the same place.
#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Vec<String>>>);

/// Stands for a flush among the writes.
pub(super) const FLUSH: &str = "\0flush";

impl Recorder {
    /// Returns all writes, and `FLUSH` for each flush.
    pub(super) fn calls(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(super) fn writes(&self) -> Vec<String> {
        let calls = self.calls().into_iter();
        calls.filter(|call| call != FLUSH).collect()
    }

    pub(super) fn text(&self) -> String {
        self.writes().concat()
    }

    fn record(&self, call: String) {
        self.0.lock().unwrap().push(call);
    }
}

impl Write for Recorder {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.record(String::from_utf8(text.to_vec()).unwrap());
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.record(FLUSH.to_owned());
        Ok(())
    }
}

/// Answers each write with the function. Records the accepted part.
pub(super) struct Scripted<F>(pub(super) Recorder, pub(super) F);

impl<F: FnMut(&[u8]) -> io::Result<usize>> Write for Scripted<F> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let outcome = (self.1)(text);
        let taken = *outcome.as_ref().unwrap_or(&0);
        self.0.write_all(&text[..taken])?;
        outcome
    }

    fn flush(&mut self) -> io::Result<()> {
        (self.1)(b"").map(drop)
    }
}
