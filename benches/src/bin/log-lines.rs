//! Writes the log of the benchmark to standard output. `log-lines 100` writes 100 MB.

use std::io::{self, Write};

use hubseal_benches::corpus;

const MEGABYTE: usize = 1_000_000;

fn main() -> io::Result<()> {
    let megabytes = std::env::args()
        .nth(1)
        .and_then(|number| number.parse().ok());
    let mut left = megabytes.unwrap_or(1) * MEGABYTE;
    let text = corpus::with_secrets(MEGABYTE).text;
    let mut out = io::stdout().lock();
    while left > 0 {
        let length = left.min(text.len());
        out.write_all(&text.as_bytes()[..length])?;
        left -= length;
    }
    Ok(())
}
