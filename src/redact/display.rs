//! `Display` and `Debug` output with secrets replaced.

use alloc::vec::Vec;
use core::fmt::{self, Write};

use super::{Redactor, Scrubber};

impl Redactor {
    /// Returns a value that prints the redacted `Display` text of `value`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::new();
    /// let uri: http::Uri = "/me?access_token=EAAGm0PX4ZCpsBAKqkq1ZB8ZCw3ZBnZA7&fields=id".parse()?;
    /// assert_eq!(
    ///     redactor.display(&uri).to_string(),
    ///     "/me?access_token=[redacted:access_token]&fields=id",
    /// );
    /// # Ok::<(), http::uri::InvalidUri>(())
    /// ```
    pub const fn display<T: fmt::Display>(&self, value: T) -> RedactedDisplay<'_, T> {
        RedactedDisplay {
            redactor: self,
            value,
        }
    }

    /// Returns a value that prints the redacted `Debug` text of `value`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// #[derive(Debug)]
    /// struct App<'a> {
    ///     id: u64,
    ///     client_secret: &'a str,
    /// }
    /// let app = App { id: 7, client_secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" };
    /// # assert_eq!((app.id, app.client_secret.len()), (7, 32));
    /// assert_eq!(
    ///     Redactor::new().debug(&app).to_string(),
    ///     r#"App { id: 7, client_secret: "[redacted:app_secret]" }"#,
    /// );
    /// ```
    pub const fn debug<T: fmt::Debug>(&self, value: T) -> RedactedDebug<'_, T> {
        RedactedDebug {
            redactor: self,
            value,
        }
    }
}

/// A value that prints its redacted `Display` text. [`Redactor::display`] creates it.
///
/// Use it for a URI, an error of an HTTP client, or any value whose text may contain a secret.
///
/// - The value is formatted as one text, so a secret in one field is found by its key in another.
/// - `{:#}` is passed on to the value.
/// - A width and a precision apply to the redacted text, like to a `str`.
/// - `Debug` prints the same as `Display`, for `?value` in an event.
///
/// # Errors
/// Formatting fails and writes nothing if formatting the value fails.
///
/// # Security
/// The unredacted text never reaches the formatter and is never stored whole. It passes through a
/// [`Scrubber`] while it is formatted.
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
///
/// let redactor = Redactor::builder().register("session", "correct-horse").build()?;
/// assert_eq!(format!("{:>20}|", redactor.display("correct-horse")), "  [redacted:session]|");
/// # Ok::<(), hubseal::redact::RuleError>(())
/// ```
#[derive(Clone, Copy)]
pub struct RedactedDisplay<'r, T> {
    redactor: &'r Redactor,
    value: T,
}

impl<T: fmt::Display> fmt::Display for RedactedDisplay<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = &self.value;
        if f.alternate() {
            pad(f, self.redactor, format_args!("{value:#}"))
        } else {
            pad(f, self.redactor, format_args!("{value}"))
        }
    }
}

impl<T: fmt::Display> fmt::Debug for RedactedDisplay<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A value that prints its redacted `Debug` text. [`Redactor::debug`] creates it.
///
/// `{:#}` and `{:#?}` print the multi-line form. Everything else is as for [`RedactedDisplay`].
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
///
/// let redactor = Redactor::new();
/// assert_eq!(format!("{:?}", redactor.debug([1, 2])), "[1, 2]");
/// assert_eq!(format!("{:#?}", redactor.debug([1, 2])), "[\n    1,\n    2,\n]");
/// ```
#[derive(Clone, Copy)]
pub struct RedactedDebug<'r, T> {
    redactor: &'r Redactor,
    value: T,
}

impl<T: fmt::Debug> fmt::Display for RedactedDebug<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = &self.value;
        if f.alternate() {
            pad(f, self.redactor, format_args!("{value:#?}"))
        } else {
            pad(f, self.redactor, format_args!("{value:?}"))
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for RedactedDebug<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn pad(f: &mut fmt::Formatter<'_>, redactor: &Redactor, text: fmt::Arguments<'_>) -> fmt::Result {
    let (mut scrubber, mut redacted) = (redactor.scrubber(), Vec::new());
    Collect::new(&mut scrubber, &mut redacted).write_fmt(text)?;
    scrubber.finish(&mut redacted);
    match core::str::from_utf8(&redacted) {
        Ok(redacted) => f.pad(redacted),
        // Unreachable, because redaction keeps UTF-8 valid. If it happens, write no text at all.
        Err(_) => Err(fmt::Error),
    }
}

/// Passes formatted text to a scrubber.
pub(super) struct Collect<'a> {
    scrubber: &'a mut Scrubber,
    certain: &'a mut Vec<u8>,
}

impl<'a> Collect<'a> {
    pub(super) const fn new(scrubber: &'a mut Scrubber, certain: &'a mut Vec<u8>) -> Self {
        Self { scrubber, certain }
    }
}

impl Write for Collect<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.scrubber.push(piece.as_bytes(), self.certain);
        Ok(())
    }
}
