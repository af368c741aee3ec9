//! A redacting writer.

use alloc::vec::Vec;
use core::fmt;
use std::{io, thread};

use super::{Redactor, Scrubber, display::Collect};

impl Redactor {
    /// Creates a writer that redacts text and writes it to `inner`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let mut log = Vec::new();
    /// let mut writer = Redactor::new().writer(&mut log);
    /// std::io::Write::write_all(&mut writer, b"GET /webhook\n")?;
    /// writer.finish()?;
    /// assert_eq!(log, b"GET /webhook\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn writer<W: io::Write>(&self, inner: W) -> RedactingWriter<W> {
        RedactingWriter::new(self, inner, AtDrop::Abandon)
    }
}

/// A writer that replaces every secret with a marker. [`Redactor::writer`] creates it.
///
/// All writes together are one text, so a secret that is split between two writes is found.
/// [`finish`](Self::finish) ends the text. Until then, up to [`Scrubber::MAX_HELD`] bytes are held back
/// while they may be the beginning of a secret.
///
/// Each `write`, and each `write!` with all its arguments, becomes at most one `write_all` on the inner
/// writer. So lines of several threads stay whole if the inner writer keeps each write whole.
///
/// # Errors
/// - After an error of the inner writer, every later call returns an error of the same kind and writes
///   nothing. It is unknown how much of the text was written.
/// - `Interrupted` is returned as `Other`, because callers repeat a write after `Interrupted`.
/// - The inner writer should block. After `WouldBlock`, this writer cannot continue either.
///
/// # Security
/// - `flush` flushes the inner writer and keeps the bytes held back. Otherwise it could release one
///   half of a secret.
/// - Dropping the writer without [`finish`](Self::finish) replaces a possible secret at the end by
///   `[redacted:incomplete]`.
/// - It writes nothing more after an error, or after the inner writer panicked.
/// - Errors never contain the text.
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
/// use std::io::Write;
///
/// let redactor = Redactor::builder().register("session", "correct-horse").build()?;
/// let mut writer = redactor.writer(Vec::new());
/// writer.write_all(b"the session correct-")?;
/// writeln!(writer, "{} ended after {} s", "horse", 7)?;
/// assert_eq!(writer.finish()?, b"the session [redacted:session] ended after 7 s\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RedactingWriter<W: io::Write> {
    scrubber: Scrubber,
    /// Redacted text that is not written yet.
    certain: Vec<u8>,
    /// `None` only after `finish` has taken it.
    inner: Option<W>,
    broken: Option<io::ErrorKind>,
    at_drop: AtDrop,
}

/// How dropping the writer ends the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AtDrop {
    /// The text may be cut off.
    Abandon,
    /// The text is complete, unless the thread is panicking.
    Finish,
}

impl<W: io::Write> RedactingWriter<W> {
    pub(super) fn new(redactor: &Redactor, inner: W, at_drop: AtDrop) -> Self {
        Self {
            scrubber: redactor.scrubber(),
            certain: Vec::new(),
            inner: Some(inner),
            broken: None,
            at_drop,
        }
    }

    /// Ends the text: writes the bytes held back, flushes, and returns the inner writer.
    ///
    /// # Errors
    /// Returns the error of the inner writer, and drops the inner writer.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let writer = Redactor::new().writer(Vec::new());
    /// assert!(writer.finish()?.is_empty());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn finish(mut self) -> io::Result<W> {
        self.check()?;
        self.scrubber.finish(&mut self.certain);
        self.pass_on()?;
        self.attempt(io::Write::flush)?;
        self.inner.take().ok_or_else(|| io::ErrorKind::Other.into())
    }

    /// Returns a reference to the inner writer.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let writer = Redactor::new().writer(Vec::new());
    /// assert!(writer.get_ref().is_empty());
    /// ```
    #[must_use]
    pub fn get_ref(&self) -> &W {
        let inner = self.inner.as_ref();
        inner.unwrap_or_else(|| unreachable!("only `finish` takes it, and ends the writer"))
    }

    fn check(&self) -> io::Result<()> {
        self.broken.map_or(Ok(()), |kind| Err(kind.into()))
    }

    /// Returns whether to delay the write while the end of an event is held back. The event then becomes
    /// a single write.
    fn is_waiting(&self) -> bool {
        self.at_drop == AtDrop::Finish && self.scrubber.held() > 0
    }

    fn pass_on(&mut self) -> io::Result<()> {
        if self.certain.is_empty() {
            return Ok(());
        }
        let certain = core::mem::take(&mut self.certain);
        let outcome = self.attempt(|inner| inner.write_all(&certain));
        self.certain = certain;
        self.certain.clear();
        outcome
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

impl<W: io::Write> io::Write for RedactingWriter<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece).map(|()| piece.len())
    }

    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        self.check()?;
        self.scrubber.push(piece, &mut self.certain);
        if self.is_waiting() {
            return Ok(());
        }
        self.pass_on()
    }

    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        self.check()?;
        let formatted = fmt::write(
            &mut Collect::new(&mut self.scrubber, &mut self.certain),
            text,
        );
        if !self.is_waiting() {
            self.pass_on()?;
        }
        formatted.map_err(|_| io::Error::other("a value could not be formatted"))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.check()?;
        self.pass_on()?;
        self.attempt(io::Write::flush)
    }
}

impl<W: io::Write> Drop for RedactingWriter<W> {
    fn drop(&mut self) {
        if self.broken.is_some() || self.inner.is_none() {
            return;
        }
        if self.at_drop == AtDrop::Finish && !thread::panicking() {
            self.scrubber.finish(&mut self.certain);
        } else {
            self.scrubber.abandon(&mut self.certain);
        }
        // `drop` cannot return the error.
        let _ = self.pass_on();
    }
}

/// Leaves out the bytes held back, which may be a part of a secret.
impl<W: io::Write> fmt::Debug for RedactingWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactingWriter")
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}
