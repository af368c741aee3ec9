//! Verifies Meta's webhook deliveries (WhatsApp Business, Messenger, Instagram, Pages; GitHub's
//! too) before anything else touches them.
//!
//! The crate answers one question: *did the platform send exactly these bytes?* And it keeps what
//! arrives from hurting the receiver: bounded size, bounded memory, bounded time, and no token or
//! phone number in a log.
//!
//! ```
//! use hubseal::{AppSecret, Verified, Verifier};
//!
//! // Only verification makes a `Verified`, so forged bytes cannot get here.
//! fn handle(body: Verified<&[u8]>) {
//!     println!("{} bytes, signed with {}", body.len(), body.key());
//! }
//!
//! let verifier = Verifier::new(AppSecret::new("It's a Secret to Everybody")?);
//! let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
//! handle(verifier.verify(header, b"Hello, World!".as_slice())?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which part to use
//!
//! | you have | use |
//! |---|---|
//! | axum | `hubseal::axum::webhook`, with the feature `axum` |
//! | actix-web | `hubseal::actix::webhook`, with the feature `actix` |
//! | hyper | `hubseal::hyper::verify`, with the feature `hyper` |
//! | a stack of `tower` services | `hubseal::tower::VerifyLayer`, with the feature `tower` |
//! | another framework, or none | [`Endpoint`] and [`Intake`]: head in, body in, answer out |
//! | the whole body at hand | [`Verifier::verify`] |
//! | a body in base64, from a gateway | [`Verifier::verify_base64`] |
//! | a body in pieces, kept elsewhere | [`Verifier::begin`] |
//! | logs, URLs, errors, panics | [`redact`] |
//!
//! # Rules
//! 1. Unverified bytes are untouchable: parsing exists on [`Verified`] only.
//! 2. [`Endpoint`] decides everything, does no input or output, and knows no framework. Adapters
//!    carry bytes to it and answers from it.
//! 3. Nothing that safety needs is optional. Without a secret there is no verifier; the limits have
//!    defaults that fit Meta: a body of 4 MiB, 10 seconds to read it, 64 MiB of unverified bytes in
//!    all.
//! 4. Errors tell the operator everything and the sender nothing: a [`Kind`] for metrics, a sentence
//!    for the log, an empty body on the wire.
//!
//! # Features
//!
//! | feature | brings |
//! |---|---|
//! | `std` (default) | secrets from files and the environment, key rings replaced at run time, the redacting writer and panic hook |
//! | `json` | [`Verified::json`](Verified#method.json) and `Json` |
//! | `axum` | the module `hubseal::axum`; includes `json` and `tower` |
//! | `actix` | the module `hubseal::actix`; includes `json` |
//! | `hyper` | the module `hubseal::hyper` |
//! | `tower` | the module `hubseal::tower` |
//! | `tracing` | `redact::RedactingMakeWriter`: logs of `tracing-subscriber` without secrets |
//! | `getrandom` | [`redact::PseudonymKey`] from the operating system's random bytes |
//! | `testing` | the module `hubseal::testing`: signed requests and the attack battery |
//! | `full` | all of these |
//!
//! Without `std` the crate needs `alloc` and atomics of pointer size.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(hubseal_docs, feature(doc_cfg))]
#![doc(test(attr(deny(warnings))))]
// Here and not for the whole package: tests and examples may do all of this.
#![warn(
    clippy::alloc_instead_of_core,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::unwrap_used
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "_adapter")]
mod adapters;
mod endpoint;
mod handshake;
mod head;
mod intake;
#[cfg(feature = "json")]
mod json;
mod keyring;
mod limit;
mod proof;
pub mod redact;
mod rejection;
mod reply;
mod scheme;
mod secret;
mod signature;
mod spool;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod verified;
mod verifier;

#[cfg(feature = "actix")]
pub use adapters::actix;
#[cfg(feature = "axum")]
pub use adapters::axum;
#[cfg(feature = "_http")]
pub use adapters::http;
#[cfg(feature = "hyper")]
pub use adapters::hyper;
#[cfg(feature = "tower")]
pub use adapters::tower;
pub use endpoint::{Admitted, ConfigError, Endpoint, EndpointBuilder};
pub use handshake::{Challenge, Handshake};
pub use head::{Head, HeaderLookup};
pub use intake::Intake;
#[cfg(feature = "json")]
pub use json::Json;
pub use keyring::{KeyName, KeyRing, KeyRingError};
pub use limit::{MemoryBudget, PayloadLimit};
pub use proof::AppSecretProof;
pub use rejection::{Kind, Rejection, SignatureStatus};
pub use reply::Reply;
pub use scheme::Scheme;
pub use secret::{AccessToken, AppSecret, SecretError, SecretErrorKind, VerifyToken};
pub use signature::Signature;
pub use verified::Verified;
pub use verifier::{Verification, Verifier};

/// The examples of the README, compiled and run.
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../README.md")]
struct Readme;
