//! Signed requests and an attack suite, to test a webhook receiver.
//!
//! ```no_run
//! use hubseal::{AppSecret, VerifyToken, testing::{attack_suite, exchange, Target}};
//! use std::time::Duration;
//!
//! let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
//! let token = VerifyToken::new("correct-horse")?;
//! for case in attack_suite(&Target::new("/webhook", &secret, &token)) {
//!     let answer = exchange("127.0.0.1:8080", &case.request, Duration::from_secs(20))?;
//!     case.check(&answer)?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the default read deadline, this takes about 46 seconds. To send the requests in parallel, see the
//! [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/testing.md).
//!
//! # What to use
//!
//! | you need | use |
//! |---|---|
//! | one signed or unsigned request | [`Request`] |
//! | every known attack, with its expected outcome | [`attack_suite`] |
//! | a request sent over TCP | [`exchange`] |
//! | a request for a service in memory | `http::Request::try_from`, with a feature of an adapter |
//! | a realistic WhatsApp body | [`sample`] |
//! | a key from a published test vector | [`ring_of_bytes`] |
//! | a test of your own `ReplayStore` | `check_replay_store`, with the feature `replay` |
//!
//! A [`Request`] contains a head, a body, and the way to send them. It does no I/O: send it with any client.
//!
//! # Security
//! The requests are signed with the secret that you pass. Use a secret that exists for tests only.

#[cfg(feature = "actix")]
mod actix;
mod attack_suite;
mod exchange;
mod expected;
mod fake_clock;
#[cfg(feature = "_http")]
#[cfg_attr(
    hubseal_docs,
    doc(cfg(any(feature = "axum", feature = "hyper", feature = "tower")))
)]
mod http;
#[cfg(feature = "replay")]
mod replay_store;
mod request;
pub mod sample;
mod withstands;

pub use attack_suite::{Case, Target, WrongAnswer, attack_suite};
pub use exchange::{Answer, exchange};
pub use expected::Expected;
pub use fake_clock::FakeClock;
#[cfg(feature = "replay")]
pub use replay_store::{BrokenRule, ReplayRule, check_replay_store};
pub use request::{Request, Sending};
pub use withstands::{Failures, Receiver, withstands, withstands_blocking};

use crate::signature::{KeyRing, KeyRingError};

/// Creates a key ring with one key, named `current`, from at least one byte.
///
/// Use it for published test vectors. [`AppSecret`](crate::AppSecret) refuses many of their keys,
/// because they are short or not text.
///
/// # Errors
/// Returns [`KeyRingError::EmptyKey`] if the key is empty.
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
/// Accepts short keys, which can be guessed. Do not use it outside of tests.
pub fn ring_of_bytes(key: &[u8]) -> Result<KeyRing, KeyRingError> {
    if key.is_empty() {
        return Err(KeyRingError::EmptyKey);
    }
    Ok(KeyRing::of_bytes(key))
}
