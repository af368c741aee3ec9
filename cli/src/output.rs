//! Standard output, and the runtime.

use std::io::{self, Write};

use tokio::runtime::{Builder, Runtime};

/// Writes to standard output. Unlike `print!`, it does not panic if the reader has closed the pipe.
pub(crate) fn write(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// Creates the runtime for connections.
pub(crate) fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
}
