//! A redacting `io::Write`.

use alloc::vec::Vec;
use core::fmt;
use std::io;

use memchr::memchr;
use zeroize::{Zeroize, Zeroizing};

use super::{
    Redactor,
    search::{Match, Rules},
};

impl Redactor {
    /// Wraps a writer, to redact each line on its way to it.
    ///
    /// # Examples
    /// ```
    /// let mut log = hubseal::redact::Redactor::new().writer(Vec::new());
    /// std::io::Write::write_all(&mut log, b"pin=123456\n")?;
    /// assert_eq!(log.finish()?, b"pin=[redacted:pin]\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn writer<W: io::Write>(&self, inner: W) -> RedactingWriter<W> {
        RedactingWriter::new(self, inner, Record::Line)
    }
}

/// The extent of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    /// A line. A line that ends with one of `: = , ( [ { >` goes on with the next one.
    Line,
    /// All that is written.
    #[cfg(feature = "tracing-subscriber")]
    Event,
}

/// A writer that redacts lines and passes them on to another writer. [`Redactor::writer`] creates it.
///
/// - It holds a line back until its end. A line that ends with one of `: = , ( [ { >` continues on the
///   next, where the value of a key may be.
/// - It holds at most [`Redactor::MAX_RECORD`] bytes. A longer line is cut where no secret is. A secret at
///   the cut takes the rest of its line with it.
/// - The output does not depend on how the text was split into writes.
/// - Each write that completes lines becomes one `write_all` on the inner writer.
/// - [`finish`](Self::finish) and dropping the writer end the line. Dropping ignores errors.
///
/// # Errors
/// After an error of the inner writer, every call returns an error of the same kind and writes nothing.
/// `Interrupted` is returned as `Other`, because callers repeat a write after `Interrupted`.
///
/// # Security
/// - `flush` flushes the inner writer and keeps the unfinished line, which may end with half a secret.
/// - The text held back is wiped. `Debug` does not show it.
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
/// use std::io::Write;
///
/// let redactor = Redactor::builder().register("session", "correct-horse").build()?;
/// let mut writer = redactor.writer(Vec::new());
/// writer.write_all(b"the session correct-")?;
/// assert!(writer.get_ref().is_empty());
/// writeln!(writer, "{} ended after {} s", "horse", 7)?;
/// assert_eq!(writer.finish()?, b"the session [redacted:session] ended after 7 s\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RedactingWriter<W: io::Write> {
    redactor: Redactor,
    /// `None` once `finish` has taken it.
    inner: Option<W>,
    record: Record,
    held: Zeroizing<Vec<u8>>,
    /// Whether the rest of the line belongs to a secret.
    dropping: bool,
    broken: Option<io::ErrorKind>,
}

/// A record is cut this far from its end, so that no rule decides on a part of a value.
const MARGIN: usize = 4 * 1024;
/// How far to search for a blank to cut at.
const BLANK: usize = 1024;

impl<W: io::Write> RedactingWriter<W> {
    pub(super) fn new(redactor: &Redactor, inner: W, record: Record) -> Self {
        Self {
            redactor: redactor.clone(),
            inner: Some(inner),
            record,
            held: Zeroizing::default(),
            dropping: false,
            broken: None,
        }
    }

    /// Ends the last line, flushes, and returns the inner writer.
    ///
    /// # Errors
    /// Returns the error of the inner writer, and drops the inner writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.check()?;
        let mut rest = Vec::new();
        self.redactor.rules().redact(&self.held, &mut rest);
        self.held.zeroize();
        self.pass_on(&rest)?;
        self.attempt(io::Write::flush)?;
        self.inner.take().ok_or_else(|| io::ErrorKind::Other.into())
    }

    /// Returns a reference to the inner writer.
    #[must_use]
    pub fn get_ref(&self) -> &W {
        let inner = self.inner.as_ref();
        inner.unwrap_or_else(|| unreachable!("only `finish` takes it, and ends the writer"))
    }

    fn check(&self) -> io::Result<()> {
        self.broken.map_or(Ok(()), |kind| Err(kind.into()))
    }

    /// Redacts all complete records of a piece of text, and holds back the rest.
    fn push(&mut self, mut text: &[u8]) -> Vec<u8> {
        let rules = self.redactor.rules();
        let mut out = Vec::new();
        while !text.is_empty() {
            let is_line = self.record == Record::Line;
            let line_end = memchr(b'\n', text).filter(|_| is_line);
            if self.dropping {
                text = text
                    .get(line_end.unwrap_or(text.len())..)
                    .unwrap_or_default();
                self.dropping = text.is_empty();
                continue;
            }
            let room = Redactor::MAX_RECORD.saturating_sub(self.held.len());
            let length = line_end.map_or(text.len(), |end| end + 1).min(room);
            let (piece, rest) = text.split_at_checked(length).unwrap_or_default();
            text = rest;
            if self.held.is_empty() && self.ends_record(piece) {
                rules.redact(piece, &mut out);
                continue;
            }
            self.hold(piece);
            if self.ends_record(&self.held) {
                rules.redact(&self.held, &mut out);
                self.held.zeroize();
            } else if self.held.len() >= Redactor::MAX_RECORD {
                self.cut(&rules, &mut out);
            }
        }
        out
    }

    /// Appends to the held text, and wipes the memory that it grows out of.
    fn hold(&mut self, piece: &[u8]) {
        let length = self.held.len() + piece.len();
        if length > self.held.capacity() {
            let mut larger = Vec::with_capacity(length.next_power_of_two());
            larger.extend_from_slice(&self.held);
            self.held = Zeroizing::new(larger);
        }
        self.held.extend_from_slice(piece);
    }

    /// Returns whether a line ends here, and no key can be waiting for its value.
    fn ends_record(&self, text: &[u8]) -> bool {
        let waits = |last: &u8| b":=,([{>".contains(last);
        self.record == Record::Line
            && text.ends_with(b"\n")
            && !text.trim_ascii_end().last().is_some_and(waits)
    }

    /// Cuts a record that is too long.
    fn cut(&mut self, rules: &Rules, out: &mut Vec<u8>) {
        let matches = rules.matches(&self.held);
        let (at, drops_rest) = place_to_cut(&self.held, &matches);
        let count = matches.partition_point(|found| found.end <= at);
        let matches = matches.get(..count).unwrap_or_default();
        let record = self.held.get(..at).unwrap_or_default();
        rules.replace(record, matches, out);
        self.dropping = drops_rest;
        let done = if drops_rest { self.held.len() } else { at };
        let kept = Zeroizing::new(self.held.split_off(done));
        self.held.zeroize();
        self.held.extend_from_slice(&kept);
    }

    fn pass_on(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.attempt(|inner| inner.write_all(text))
    }

    fn attempt(&mut self, action: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
        let Some(inner) = &mut self.inner else {
            return Err(io::ErrorKind::Other.into());
        };
        // Set before the call: after a panic in it, the written length is unknown.
        self.broken = Some(io::ErrorKind::Other);
        let outcome = action(inner).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => io::ErrorKind::Other.into(),
            _ => error,
        });
        self.broken = outcome.as_ref().err().map(io::Error::kind);
        outcome
    }
}

/// Returns a place outside of all matches to cut a record, and whether the rest of its line belongs to a
/// secret.
fn place_to_cut(record: &[u8], matches: &[Match]) -> (usize, bool) {
    let mut at = record.len().saturating_sub(MARGIN);
    let mut start = 0;
    for found in matches.iter().rev() {
        if found.end <= at {
            start = found.end;
            break;
        }
        if found.from < record.len() / 2 && found.from < at {
            return (found.end, true);
        }
        at = at.min(found.from);
    }
    let is_blank = |place: &usize| {
        let last = record.get(place.wrapping_sub(1));
        last.is_some_and(|byte| b" \t\n,;&".contains(byte))
    };
    let from = start.max(at.saturating_sub(BLANK));
    let blank = (from..=at).rev().find(is_blank);
    let is_inside = |place: &usize| record.get(*place).is_some_and(|byte| byte & 0xc0 == 0x80);
    let character = || (from..=at).rev().find(|place| !is_inside(place));
    (blank.or_else(character).unwrap_or(at).max(1), false)
}

impl<W: io::Write> io::Write for RedactingWriter<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece).map(|()| piece.len())
    }

    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        self.check()?;
        let certain = self.push(piece);
        self.pass_on(&certain)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.check()?;
        self.attempt(io::Write::flush)
    }
}

impl<W: io::Write> Drop for RedactingWriter<W> {
    fn drop(&mut self) {
        if self.broken.is_some() || self.inner.is_none() {
            return;
        }
        let mut rest = Vec::new();
        self.redactor.rules().redact(&self.held, &mut rest);
        // `drop` cannot return the error.
        let _ = self.pass_on(&rest);
    }
}

/// Leaves out the text held back, which may be a part of a secret.
impl<W: io::Write> fmt::Debug for RedactingWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactingWriter")
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}
