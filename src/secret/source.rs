//! Secrets from the environment and from files.

use alloc::{string::String, vec::Vec};
use std::{
    env::{self, VarError},
    fs::File,
    io::{self, Read},
    path::Path,
};

use zeroize::{Zeroize, Zeroizing};

use super::{
    SecretError, SecretErrorKind,
    text::{MAX_BYTES, SecretText},
};

pub(super) fn from_env(what: &'static str, variable: &str) -> Result<SecretText, SecretError> {
    match env::var(variable) {
        Ok(text) => SecretText::new(what, text),
        Err(VarError::NotPresent) => Err(SecretError::new(what, SecretErrorKind::NotSet)),
        Err(VarError::NotUnicode(raw)) => {
            raw.into_encoded_bytes().zeroize();
            Err(SecretError::new(what, SecretErrorKind::NotUnicode))
        }
    }
    .map_err(|refused| refused.from(variable))
}

pub(super) fn from_file(what: &'static str, path: &Path) -> Result<SecretText, SecretError> {
    read(path)
        .map_err(|kind| SecretError::new(what, kind))
        .and_then(|text| SecretText::new(what, text))
        .map_err(|refused| refused.from(path.to_string_lossy()))
}

fn read(path: &Path) -> Result<String, SecretErrorKind> {
    // Room for the longest secret, its newline and one byte that tells it is longer, reserved at
    // once: growing would leave unwiped pieces of the secret behind.
    const ROOM: usize = MAX_BYTES + 3;
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => SecretErrorKind::FileNotFound,
        _ => SecretErrorKind::FileUnreadable,
    };

    let mut file = File::open(path).map_err(unreadable)?;
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
        if filled == ROOM {
            SecretErrorKind::TooLong
        } else {
            SecretErrorKind::NotUnicode
        }
    })?;
    let text = text
        .strip_suffix('\n')
        .map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(String::from(text))
}
