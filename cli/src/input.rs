//! Bodies from files and standard input.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::Result;

/// The largest body that is read, in bytes. Meta sends up to 3 MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a file, or standard input if the path is `-`.
///
/// # Errors
/// Returns an error if it cannot be read, or is larger than 64 MiB.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    #[expect(clippy::unnecessary_debug_formatting, reason = "escapes the path")]
    let failed = |error: io::Error| format!("{path:?} cannot be read: {error}");
    let mut bytes = Vec::new();
    let limit = MAX_BYTES.saturating_add(1);
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        let file = File::open(path).map_err(failed)?;
        file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err("the body is larger than 64 MiB; check the file name".into());
    }
    Ok(bytes)
}
