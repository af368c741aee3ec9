//! A writer with faults.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

/// How a `Disk` answers the next write.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum State {
    #[default]
    Works,
    Full,
    /// Writes a half, then is full.
    WritesHalf,
    /// Writes a half and returns an error, which hides the half.
    HidesHalf,
    /// Writes a half and panics.
    Panics,
    FailsToFlush,
}

/// A writer with faults. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Disk(Arc<Mutex<DiskState>>);

#[derive(Default)]
pub(crate) struct DiskState {
    state: State,
    text: Vec<u8>,
    pub(crate) writes: usize,
    pub(crate) flushes: usize,
}

impl Disk {
    pub(crate) fn lock(&self) -> MutexGuard<'_, DiskState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, state: State) {
        self.lock().state = state;
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.lock().text.clone()).unwrap()
    }

    /// Returns the lines. Each must be complete JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let text = self.text();
        assert!(text.is_empty() || text.ends_with('\n'), "{text}");
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl io::Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut disk = self.lock();
        disk.writes += 1;
        let half = bytes.len() / 2;
        let written = match disk.state {
            State::Works | State::FailsToFlush => bytes.len(),
            State::Full => 0,
            State::WritesHalf | State::HidesHalf | State::Panics => half,
        };
        disk.text.extend_from_slice(&bytes[..written]);
        match disk.state {
            State::Works | State::FailsToFlush => Ok(written),
            State::WritesHalf => {
                disk.state = State::Full;
                Ok(written)
            }
            State::Full | State::HidesHalf => Err(io::ErrorKind::StorageFull.into()),
            State::Panics => panic!("the writer panics"),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut disk = self.lock();
        disk.flushes += 1;
        match disk.state {
            State::FailsToFlush => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}
