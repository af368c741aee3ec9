//! Verifies Meta's webhook deliveries (WhatsApp Business, Messenger, Instagram, Pages; GitHub's
//! too) before anything else touches them.
//!
//! The crate answers one question: *did the platform send exactly these bytes?* It also bounds the
//! size, the read time and the memory of unverified bodies, and can redact tokens and personal data
//! from logs.
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
//! | another framework, or none | [`Endpoint`] and [`BodyVerifier`] |
//! | the whole body in memory | [`Verifier::verify`] |
//! | a body in base64, from a gateway | [`Verifier::verify_base64`] |
//! | a body in chunks that is kept elsewhere | [`Verifier::begin`] |
//! | logs, URLs, errors, panics | [`redact`] |
//!
//! # Rules
//! 1. Only verified bodies can be parsed: parsing exists on [`Verified`] only, and only verification
//!    creates one.
//! 2. [`Endpoint`] decides everything, does no I/O, and knows no framework. Adapters pass
//!    bytes to it and send its responses.
//! 3. There is no verifier without a secret, and an [`Endpoint`] has no switch that turns verification
//!    or a limit off. The defaults fit Meta: 4 MiB for a body, 10 seconds to read it, and 64 MiB for
//!    the unverified bytes of all requests together ([`MemoryBudget`]).
//! 4. The operator gets the reason of a rejection: a [`RejectionKind`] for metrics and a sentence for the log.
//!    The sender gets a status and an empty body.
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
//! | `tracing-subscriber` | `redact::RedactingMakeWriter`: logs of `tracing-subscriber` without secrets |
//! | `getrandom` | [`redact::PseudonymKey`] from the operating system's random bytes |
//! | `testing` | the module `hubseal::testing`: signed requests and the attack suite |
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
mod appsecret_proof;
mod endpoint;
pub mod redact;
mod rejection;
mod secret;
mod signature;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;

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
pub use appsecret_proof::AppSecretProof;
pub use endpoint::{
    Admitted, BodyVerifier, Challenge, ConfigError, Endpoint, EndpointBuilder, Handshake,
    HeaderLookup, MemoryBudget, PayloadLimit, RequestHead, VerifiedBody,
};
pub use rejection::{Rejection, RejectionKind, Reply, SignatureFailureStatus};
pub use secret::{AccessToken, AppSecret, SecretError, SecretErrorKind, VerifyToken};
#[cfg(feature = "json")]
pub use signature::Json;
pub use signature::{
    KeyName, KeyRing, KeyRingError, Scheme, Signature, StableBytes, Verification, Verified,
    Verifier,
};

/// The examples of the README, compiled and run.
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// The examples of the guide, compiled and run.
#[cfg(all(doctest, feature = "full"))]
mod guide {
    macro_rules! pages {
        ($($name:ident: $file:literal,)*) => {
            $(
                #[doc = include_str!(concat!("../docs/guide/", $file))]
                struct $name;
            )*
        };
    }

    pages! {
        Actix: "actix.md",
        Axum: "axum.md",
        CommonMistakes: "common-mistakes.md",
        Custom: "custom.md",
        Hyper: "hyper.md",
        Incident: "incident.md",
        Lambda: "lambda.md",
        Production: "production.md",
        Proxies: "proxies.md",
        Rotation: "rotation.md",
        SignatureMismatch: "signature-mismatch.md",
        Testing: "testing.md",
        Tower: "tower.md",
        TwoApps: "two-apps.md",
    }
}
