//! `Display` with secrets replaced.

use alloc::string::String;
use core::fmt::{self, Write};

use zeroize::Zeroizing;

use super::Redactor;

impl Redactor {
    /// Wraps a value, to redact its `Display` output. For `Debug` output, pass `format_args!("{value:?}")`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::new();
    /// let uri = "/me?access_token=EAAGm0PX4ZCpsBAKqkq1ZB8ZCw3ZBnZA7&fields=id";
    /// assert_eq!(
    ///     redactor.display(uri).to_string(),
    ///     "/me?access_token=[redacted:access_token]&fields=id",
    /// );
    /// assert_eq!(redactor.display(format_args!("{uri:?}")).to_string(), format!("{:?}", redactor.redact(uri)));
    /// ```
    ///
    /// Panic messages bypass every log. This hook replaces the standard one, which prints the message as
    /// it is. A panic in a hook aborts the process, and `eprintln!` can panic.
    /// ```
    /// # let redactor = hubseal::redact::Redactor::new();
    /// use std::io::Write;
    ///
    /// std::panic::set_hook(Box::new(move |panic| {
    ///     let _ = writeln!(std::io::stderr(), "{}", redactor.display(panic));
    /// }));
    /// ```
    pub const fn display<T: fmt::Display>(&self, value: T) -> RedactedDisplay<'_, T> {
        RedactedDisplay {
            redactor: self,
            value,
        }
    }
}

/// The redacted `Display` output of a value. [`Redactor::display`] creates it.
///
/// - The whole output of the value is one record.
/// - `{:#}` is passed on to the value. A width and a precision apply to the redacted text.
/// - `Debug` prints the same as `Display`, for `?value` in an event.
///
/// # Errors
/// Formatting fails and writes nothing if formatting the value fails.
///
/// # Security
/// The unredacted output is collected in a buffer that is wiped. Memory that the buffer outgrew is not.
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
        let mut text = Zeroizing::new(String::new());
        if f.alternate() {
            write!(text, "{:#}", self.value)?;
        } else {
            write!(text, "{}", self.value)?;
        }
        f.pad(&self.redactor.redact(&text))
    }
}

impl<T: fmt::Display> fmt::Debug for RedactedDisplay<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
