//! The endpoint, which makes every decision about a request and does no I/O.

mod admitted;
mod body_buffer;
mod body_failure;
mod body_verifier;
mod builder;
#[cfg(feature = "_adapter")]
mod claim;
mod config_error;
mod delivery;
#[expect(
    clippy::module_inception,
    reason = "the module is named after its main type"
)]
mod endpoint;
#[cfg(feature = "edge")]
mod gate_settings;
mod gates;
mod handshake;
mod memory_budget;
mod payload_limit;
mod policy;
mod reading;
mod report;
mod request_head;
mod reservation;
mod verified_body;
mod whole;

pub use admitted::Admitted;
pub use body_verifier::BodyVerifier;
pub use builder::EndpointBuilder;
#[cfg(feature = "_adapter")]
pub(crate) use claim::{Settlement, Unclaimed};
pub use config_error::ConfigError;
#[cfg(feature = "_adapter")]
pub(crate) use delivery::Delivery;
pub use endpoint::Endpoint;
pub use handshake::{Challenge, Handshake};
pub use memory_budget::MemoryBudget;
pub use payload_limit::PayloadLimit;
pub use request_head::RequestHead;
pub use verified_body::VerifiedBody;
