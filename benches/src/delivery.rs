//! Keys, and the least cost of a signature.

use std::iter;

use hubseal::{AppSecret, KeyRing, Verifier};

pub const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// Returns the SHA-256 compressions that HMAC needs with a prepared key: those of the padded body, and
/// one for the outer hash.
#[must_use]
pub const fn least_blocks(size: usize) -> usize {
    (size + 8) / 64 + 2
}

/// Returns a verifier with this many keys. The first is `SECRET`.
///
/// # Panics
/// Panics if a key ring cannot have this many keys.
#[must_use]
pub fn verifier_of(keys: usize) -> Verifier {
    let other = |number| (format!("other-{number}"), format!("{number:032x}"));
    let keys = iter::once(("signed".to_owned(), SECRET.to_owned())).chain((1..keys).map(other));
    let secrets = keys.map(|(name, text)| (name, AppSecret::new(text).expect("a valid secret")));
    Verifier::new(KeyRing::new(secrets).expect("a valid key ring"))
}
