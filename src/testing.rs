//! Requests to test a receiver with: genuine ones, and a battery of attacks.
//!
//! A [`Request`] is data: head, body, and how it is sent. [`battery`] gives a list of
//! labelled ones, each with the [`Verdict`] that a receiver must reach, derived from what has gone
//! wrong in receivers of webhooks before. [`replay`] sends one over TCP; any other transport can
//! send them too.
//!
//! # Examples
//! Against a running server, from a test:
//! ```no_run
//! use hubseal::{AppSecret, VerifyToken, testing::{battery, replay, Target}};
//! use std::time::Duration;
//!
//! let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
//! let token = VerifyToken::new("correct-horse")?;
//! for case in battery(&Target::new("/webhook", &secret, &token)) {
//!     let answer = replay("127.0.0.1:8080", &case.request, Duration::from_secs(20))?;
//!     case.check(&answer)?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Security
//! The requests are signed with the secret they are given. Give it one that was made for the test.

mod battery;
#[cfg(feature = "_http")]
mod http;
mod replay;
mod request;
pub mod sample;
mod verdict;

pub use battery::{Case, Target, battery};
pub use replay::{Answer, replay};
pub use request::{Request, Sending};
pub use verdict::{Verdict, WrongVerdict};

use crate::KeyRing;

/// A ring of one key, named `current`, of any bytes: published test vectors have keys that no
/// [`AppSecret`](crate::AppSecret) would be made of.
///
/// # Examples
/// The first test case of RFC 4231:
/// ```
/// use hubseal::{Verifier, testing::ring_of_bytes};
///
/// let verifier = Verifier::new(ring_of_bytes(&[0x0b; 20]));
/// assert!(verifier.sign("Hi There").to_string().starts_with("sha256=b0344c61d8db3853"));
/// ```
///
/// # Security
/// Nothing is refused here, an empty key included.
#[must_use]
pub fn ring_of_bytes(key: &[u8]) -> KeyRing {
    KeyRing::of_bytes(key)
}
