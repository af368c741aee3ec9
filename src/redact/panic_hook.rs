//! What a panic writes, which goes past every subscriber.

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
    /// Has every panic of the process reported on standard error with its secrets replaced.
    ///
    /// The message of a panic goes to standard error past every subscriber, and that of `unwrap`
    /// holds the `Debug` of an error, in which an HTTP client puts the URL. From here on each report
    /// is what [`panic_report`](Self::panic_report) gives, in one write.
    ///
    /// Call it once, at the start. **A hook that was set before is replaced and not called**, because
    /// it would print the message as it is; one that is set later replaces this one. To do more than
    /// report, set a hook of your own, with [`panic_report`](Self::panic_report) for the text.
    ///
    /// # Panics
    /// If called by a thread that is panicking.
    ///
    /// # Security
    /// A panic inside a panic hook is reported by the standard library itself, past any hook. This
    /// hook runs no code but the library's.
    ///
    /// A test harness captures what the hook of the standard library prints, and not what this one
    /// does.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    /// use std::io::Write;
    ///
    /// let redactor = Redactor::builder().register("session", "correct-horse").build()?;
    /// redactor.install_panic_hook();
    ///
    /// // What it does, and more:
    /// std::panic::set_hook(Box::new(move |panic| {
    ///     let report = redactor.panic_report(panic);
    ///     // A panic in here, such as that of `eprintln!`, would abort the process.
    ///     let _ = write!(std::io::stderr(), "please tell us:\n{report}");
    /// }));
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    pub fn install_panic_hook(&self) {
        let redactor = self.clone();
        panic::set_hook(Box::new(move |panic| {
            let report = redactor.panic_report(panic);
            // There is nobody to tell, and a panic in here would abort the process.
            let _ = io::stderr().lock().write_all(report.as_bytes());
        }));
    }

    /// The report of a panic, much as the standard library prints it, redacted as one text: the
    /// thread, the place and the message, and the backtrace where the environment asks for one
    /// (`RUST_LIB_BACKTRACE` before `RUST_BACKTRACE`, as for
    /// [`Backtrace::capture`](std::backtrace::Backtrace::capture)).
    ///
    /// A message that is not a string is shown as `Box<dyn Any>`.
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
        // Not `to_string`: it panics where formatting fails.
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

/// Runs no code of the application, so that nothing in it can panic again.
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
