//! A writer that records its calls.

use std::{
    io,
    sync::{Arc, Mutex},
};

/// What an inner writer was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Write(String),
    Flush,
}

/// Clones write to the same place.
#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Vec<Call>>>);

impl Recorder {
    pub(super) fn calls(&self) -> Vec<Call> {
        self.0.lock().unwrap().clone()
    }

    pub(super) fn text(&self) -> String {
        let calls = self.calls();
        calls
            .iter()
            .filter_map(|call| match call {
                Call::Write(text) => Some(text.as_str()),
                Call::Flush => None,
            })
            .collect()
    }

    pub(super) fn record(&self, call: Call) {
        self.0.lock().unwrap().push(call);
    }
}

impl io::Write for Recorder {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.record(Call::Write(String::from_utf8(text.to_vec()).unwrap()));
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.record(Call::Flush);
        Ok(())
    }
}
