//! Keys, signatures and the verification of bodies.

mod base64;
#[cfg(feature = "std")]
mod deadline;
mod fingerprint;
mod headers;
mod hex;
mod hmac_state;
#[cfg(feature = "json")]
mod json;
mod key;
mod key_name;
mod key_ring;
mod key_ring_error;
mod presented;
mod scheme;
#[expect(
    clippy::module_inception,
    reason = "the module is named after its main type"
)]
mod signature;
mod signed_part;
mod timestamp;
mod vendors;
mod verification;
mod verified;
mod verifier;

#[cfg(feature = "std")]
pub(crate) use deadline::Clock;
pub use fingerprint::Fingerprint;
pub(crate) use hmac_state::{HmacState, new_mac};
#[cfg(feature = "json")]
pub use json::Json;
#[cfg(feature = "json")]
pub(crate) use json::json_mismatch;
pub use key_name::KeyName;
pub use key_ring::KeyRing;
pub use key_ring_error::KeyRingError;
pub(crate) use presented::{Match, Presented, View};
#[cfg(feature = "testing")]
pub(crate) use scheme::Encoding;
pub use scheme::Scheme;
pub use signature::Signature;
pub use signed_part::SignedPart;
pub use verification::Verification;
#[cfg(feature = "json")]
pub(crate) use verified::Proof;
#[cfg(not(feature = "json"))]
use verified::Proof;
pub use verified::{StableBytes, Verified};
pub use verifier::Verifier;
