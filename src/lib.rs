//! Verifies Meta's webhook deliveries (WhatsApp Business, Messenger, Instagram, Pages) before
//! anything else touches them.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(hubseal_docs, feature(doc_cfg))]
#![doc(test(attr(deny(warnings))))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

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
mod verified;
mod verifier;

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
