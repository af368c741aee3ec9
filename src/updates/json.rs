//! Texts and numbers in a body.
//!
//! A `RawValue` is valid JSON of any type. So one that cannot be read hides no value beside it.

use alloc::{borrow::Cow, string::String};
use core::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    rejection::Rejection,
    signature::{Json, Proof, Verified, json_mismatch},
};

/// Returns the contents of a string. Copies a string that has escapes.
pub(super) fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    match serde_json::from_str::<&str>(value.get()) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => serde_json::from_str::<String>(value.get())
            .ok()
            .map(Cow::Owned),
    }
}

/// Returns the contents of a string that is not empty.
pub(super) fn id(value: &RawValue) -> Option<Cow<'_, str>> {
    text(value).filter(|id| !id.is_empty())
}

/// Returns a whole number, which may be in a string.
pub(super) fn whole_number(value: &RawValue) -> Option<u64> {
    match text(value) {
        Some(digits) => digits.parse().ok(),
        None => value.get().parse().ok(),
    }
}

/// Parses a part of a verified body.
pub(super) fn parse<'a, T: Deserialize<'a>>(
    json: &'a str,
    proof: &Proof,
) -> Result<Verified<Json<T>>, Rejection> {
    let value = serde_json::from_str(json).map_err(|error| json_mismatch(&error))?;
    Ok(Verified::new(Json(value), *proof))
}

/// Shows a name of Meta's in `Debug`, such as a type. Shows no other text, and no text with a digit.
pub(super) struct Shown<'a>(pub(super) Option<&'a str>);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_name = |name: &str| {
            name.len() <= 64
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        };
        match self.0 {
            Some(name) if is_name(name) => fmt::Debug::fmt(name, f),
            Some(_) => f.write_str(".."),
            None => f.write_str("None"),
        }
    }
}
