//! Tests a webhook receiver with signed requests and an attack suite.
//!
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "```ignore")]
//! use axum::body::Bytes;
//! use hubseal::{AppSecret, Endpoint, Verified, VerifyToken, testing::{Target, withstands}};
//! use std::{error::Error, time::Duration};
//!
//! const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
//! const TOKEN: &str = "correct-horse";
//! /// Short, because several requests wait until it has passed.
//! const READ_DEADLINE: Duration = Duration::from_secs(2);
//!
//! # /*
//! #[tokio::test]
//! # */
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn Error>> { withstands_the_attack_suite().await }
//! async fn withstands_the_attack_suite() -> Result<(), Box<dyn Error>> {
//!     let endpoint = Endpoint::builder(AppSecret::new(SECRET)?)
//!         .verify_token(VerifyToken::new(TOKEN)?)
//!         .read_deadline(READ_DEADLINE)
//!         .build()?;
//!     let app = hubseal::axum::webhook("/webhook", async |_: Verified<Bytes>| ()).with_state(endpoint);
//!
//!     let (secret, token) = (AppSecret::new(SECRET)?, VerifyToken::new(TOKEN)?);
//!     let target = Target::new("/webhook", &secret, &token).read_deadline(READ_DEADLINE);
//!     Ok(withstands(&target, app).await?)
//! }
//! ```
//!
//! The [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/testing.md) shows this test for the
//! other adapters.
//!
//! # What to use
//!
//! | you need | use |
//! |---|---|
//! | the attack suite, sent and checked | [`withstands`] with a [`Receiver`] |
//! | the attack suite as data, with the expected responses | [`attack_suite`] |
//! | one signed or unsigned request | [`Request`] |
//! | a request for a service in memory, such as for `oneshot` | `Request::into_http`, `Request::into_actix` |
//! | a request sent over TCP | [`exchange`] |
//! | a realistic WhatsApp body | [`sample`] |
//! | a clock that the test sets | [`FakeClock`] |
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
