//! Logs the lines of standard input.

use std::io;

fn main() -> io::Result<()> {
    let logs = tracing_subscriber::fmt();
    #[cfg(feature = "hubseal")]
    let logs = logs.with_writer(hubseal::redact::Redactor::new().make_writer(io::stdout));
    logs.init();
    for line in io::stdin().lines() {
        tracing::info!(line = line?, "read");
    }
    Ok(())
}
