//! Verifies Meta's webhook deliveries (WhatsApp Business, Messenger, Instagram, Pages) before
//! anything else touches them.
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

#[cfg(feature = "_http")]
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
mod rejection;
mod reply;
mod scheme;
mod secret;
mod signature;
mod spool;
#[cfg(feature = "testing")]
pub mod testing;
mod verified;
mod verifier;

#[cfg(feature = "axum")]
pub use adapters::axum;
pub use endpoint::{Admitted, Endpoint, EndpointBuilder};
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
