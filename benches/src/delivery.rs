//! Who signs, and what a signature costs at the least.

use std::iter;

use hubseal::{AppSecret, KeyRing, Verifier};

pub const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// The compressions of SHA-256 that HMAC needs under a prepared key: those of the body with its padding,
/// and one for the outer hash.
#[must_use]
pub const fn least_blocks(size: usize) -> usize {
    (size + 8) / 64 + 2
}

/// A ring of so many keys, of which the first is `SECRET`.
///
/// # Panics
/// Where a ring cannot have so many.
#[must_use]
pub fn verifier_of(keys: usize) -> Verifier {
    let other = |number| (format!("other-{number}"), format!("{number:032x}"));
    let keys = iter::once(("signed".to_owned(), SECRET.to_owned())).chain((1..keys).map(other));
    let secrets = keys.map(|(name, text)| (name, AppSecret::new(text).expect("a fair secret")));
    Verifier::new(KeyRing::new(secrets).expect("a fair ring"))
}
