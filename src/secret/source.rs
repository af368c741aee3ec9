//! Secrets from the environment and from files.

use alloc::{format, string::String, vec::Vec};
use std::{
    env::{self, VarError},
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use zeroize::{Zeroize, Zeroizing};

use super::{
    error::{SecretError, SecretErrorKind},
    text::{Form, MAX_BYTES, SecretText},
};

pub(super) fn from_env(form: Form, variable: &str) -> Result<SecretText, SecretError> {
    match env::var(variable) {
        Ok(text) => SecretText::new(form, text),
        Err(VarError::NotPresent) => Err(SecretErrorKind::NotSet),
        Err(VarError::NotUnicode(raw)) => {
            raw.into_encoded_bytes().zeroize();
            Err(SecretErrorKind::NotUnicode)
        }
    }
    .map_err(|kind| SecretError::new(format!("{}", variable.escape_debug()), kind))
}

pub(super) fn from_file(
    what: &'static str,
    form: Form,
    path: &Path,
) -> Result<SecretText, SecretError> {
    #[expect(clippy::unnecessary_debug_formatting, reason = "escapes the path")]
    let refused = |kind| SecretError::new(format!("{what} file {path:?}"), kind);
    let text = read(path, refused)?;
    SecretText::new(form, text).map_err(refused)
}

fn read(
    path: &Path,
    refused: impl Fn(SecretErrorKind) -> SecretError,
) -> Result<String, SecretError> {
    // The longest secret, `\r\n` and one byte that shows an overlong file. Allocated once, because
    // growing would leave unwiped copies behind.
    const ROOM: usize = MAX_BYTES + 3;
    let unreadable = |error: io::Error| {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => SecretErrorKind::FileNotFound,
            _ => SecretErrorKind::FileUnreadable,
        };
        refused(kind).caused_by(error)
    };
    let regular = |metadata: fs::Metadata| {
        let is_file = metadata.is_file();
        is_file
            .then_some(())
            .ok_or(refused(SecretErrorKind::NotAFile))
    };

    // Opening a named pipe blocks, and opening a device can have side effects. So check before opening.
    // If the path changes in between, opening can still block: `std` has no portable `O_NONBLOCK`.
    regular(fs::metadata(path).map_err(unreadable)?)?;
    let mut file = File::open(path).map_err(unreadable)?;
    regular(file.metadata().map_err(unreadable)?)?;

    let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
    bytes.resize(ROOM, 0);
    let mut filled = 0;
    while let Some(room @ [_, ..]) = bytes.get_mut(filled..) {
        match file.read(room) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    bytes.truncate(filled);

    let text = core::str::from_utf8(&bytes).map_err(|_| {
        refused(if filled == ROOM {
            SecretErrorKind::TooLong
        } else {
            SecretErrorKind::NotUnicode
        })
    })?;
    let text = text
        .strip_suffix('\n')
        .map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(String::from(text))
}
