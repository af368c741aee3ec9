//! Requests to test a receiver with: genuine ones, and an attack suite of attacks.
//!
//! A [`Request`] is data: head, body, and how it is sent. [`attack_suite`] returns labelled requests. Each has
//! the [`Expected`] outcome that a receiver must reach. They repeat known failures of webhook receivers. [`replay`] sends one over TCP; any other transport can
//! send them too.
//!
//! # Examples
//! Against a running server, from a test:
//! ```no_run
//! use hubseal::{AppSecret, VerifyToken, testing::{attack_suite, replay, Target}};
//! use std::time::Duration;
//!
//! let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
//! let token = VerifyToken::new("correct-horse")?;
//! for case in attack_suite(&Target::new("/webhook", &secret, &token)) {
//!     let answer = replay("127.0.0.1:8080", &case.request, Duration::from_secs(20))?;
//!     case.check(&answer)?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Security
//! The requests are signed with the secret they are given. Give it one that was made for the test.

mod attack_suite;
mod expected;
#[cfg(feature = "_http")]
mod http;
mod replay;
mod request;
pub mod sample;

pub use attack_suite::{Case, Target, WrongAnswer, attack_suite};
pub use expected::Expected;
pub use replay::{Answer, replay};
pub use request::{Request, Sending};

use crate::signature::{KeyRing, KeyRingError};

/// Creates a ring of one key, named `current`, from any bytes but none.
///
/// Use it for published test vectors, whose keys an [`AppSecret`](crate::AppSecret) refuses:
/// they are short, or not text.
///
/// # Errors
/// Returns [`KeyRingError::EmptyKey`] if the key is empty: everybody can sign with that.
///
/// # Examples
/// The first test case of RFC 4231:
/// ```
/// use hubseal::{KeyRingError, Verifier, testing::ring_of_bytes};
///
/// let verifier = Verifier::new(ring_of_bytes(&[0x0b; 20])?);
/// assert!(verifier.sign("Hi There").to_string().starts_with("sha256=b0344c61d8db3853"));
///
/// assert_eq!(ring_of_bytes(b"").err(), Some(KeyRingError::EmptyKey));
/// # Ok::<(), KeyRingError>(())
/// ```
///
/// # Security
/// A short key is accepted. Do not use this outside of tests.
pub fn ring_of_bytes(key: &[u8]) -> Result<KeyRing, KeyRingError> {
    if key.is_empty() {
        return Err(KeyRingError::EmptyKey);
    }
    Ok(KeyRing::of_bytes(key))
}
