//! Redacted logs and panic messages.

use std::{io, panic};

use hubseal::redact::Redactor;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging to standard error. `RUST_LOG` sets the filter, `info` by default.
pub(super) fn to_stderr(redactor: &Redactor) {
    let of_panics = redactor.clone();
    panic::set_hook(Box::new(move |panic| {
        eprintln!("{}", of_panics.display(panic));
    }));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    fmt()
        .with_env_filter(filter)
        .with_writer(redactor.make_writer(io::stderr))
        .init();
}
