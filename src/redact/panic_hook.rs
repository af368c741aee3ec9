//! Redacted panic reports.

use alloc::{boxed::Box, string::String};
use core::fmt::{self, Write as _};
use std::{
    backtrace::{Backtrace, BacktraceStatus},
    env,
    io::{self, Write as _},
    panic::{self, PanicHookInfo},
    thread,
};

use super::Redactor;

impl Redactor {
    /// Installs a panic hook that prints redacted reports to standard error.
    ///
    /// Panic messages bypass every subscriber. The message of `unwrap` contains the `Debug` output of
    /// an error, which may contain a URL with a token. The hook writes
    /// [`panic_report`](Self::panic_report) in one write.
    ///
    /// Call it once, at start-up:
    /// - **It replaces the previous hook and never calls it**, because that one would print the message
    ///   unredacted.
    /// - A hook that is set later replaces this one. Use [`panic_report`](Self::panic_report) in it.
    /// - Test harnesses do not capture the output of this hook.
    ///
    /// # Panics
    /// Panics if the current thread is already panicking.
    ///
    /// # Security
    /// The standard library reports a panic inside a panic hook by itself, unredacted. This hook runs
    /// no code of the application.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    /// use std::io::Write;
    ///
    /// let redactor = Redactor::builder().register("session", "correct-horse").build()?;
    /// redactor.install_panic_hook();
    ///
    /// // A hook of your own, with a redacted report:
    /// std::panic::set_hook(Box::new(move |panic| {
    ///     let report = redactor.panic_report(panic);
    ///     // `eprintln!` can panic, and a panic inside a hook aborts the process.
    ///     let _ = write!(std::io::stderr(), "please report this panic:\n{report}");
    /// }));
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    pub fn install_panic_hook(&self) {
        let redactor = self.clone();
        panic::set_hook(Box::new(move |panic| {
            let report = redactor.panic_report(panic);
            // The error cannot be reported, and a panic in a hook would abort the process.
            let _ = io::stderr().lock().write_all(report.as_bytes());
        }));
    }

    /// Returns the redacted report of a panic, in the format of the standard library.
    ///
    /// The report contains the thread, the location and the message. It contains a backtrace if
    /// `RUST_LIB_BACKTRACE` or `RUST_BACKTRACE` asks for one, by the rules of
    /// [`Backtrace::capture`](std::backtrace::Backtrace::capture).
    ///
    /// A payload that is not a string is shown as `Box<dyn Any>`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    /// use std::sync::mpsc;
    ///
    /// let (reports, written) = mpsc::channel();
    /// let redactor = Redactor::new();
    /// std::panic::set_hook(Box::new(move |panic| {
    ///     let _ = reports.send(redactor.panic_report(panic));
    /// }));
    ///
    /// let _ = std::thread::spawn(|| panic!("the queue is {}", "gone")).join();
    /// let report = written.recv()?;
    /// assert!(report.starts_with("thread '<unnamed>' panicked at "));
    /// assert!(report.contains(":\nthe queue is gone\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn panic_report(&self, panic: &PanicHookInfo<'_>) -> String {
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(&backtrace);
        let mut report = String::new();
        // Not `to_string`, which panics if formatting fails.
        match write!(report, "{}", self.display(Report { panic, backtrace })) {
            Ok(()) => report,
            Err(_) => "a thread panicked, and its report could not be redacted\n".into(),
        }
    }
}

struct Report<'a> {
    panic: &'a PanicHookInfo<'a>,
    backtrace: Option<&'a Backtrace>,
}

/// Runs no code of the application, which could panic again.
impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thread = thread::current();
        let name = thread.name().unwrap_or("<unnamed>");
        write!(f, "thread '{name}' panicked")?;
        if let Some(place) = self.panic.location() {
            write!(f, " at {place}")?;
        }
        writeln!(f, ":\n{}", message(self.panic))?;
        match self.backtrace {
            Some(backtrace) if wants_all() => write!(f, "stack backtrace:\n{backtrace:#}"),
            Some(backtrace) => write!(f, "stack backtrace:\n{backtrace}"),
            None => Ok(()),
        }
    }
}

fn message<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = panic.payload();
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("Box<dyn Any>")
}

fn wants_all() -> bool {
    env::var_os("RUST_BACKTRACE").is_some_and(|value| value == "full")
}
