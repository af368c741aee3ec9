//! Reports the outcome of each request to logs, metrics and observers.

#[cfg(feature = "audit")]
mod audit;
mod clock;
#[cfg(feature = "tracing")]
mod events;
#[cfg(feature = "tracing")]
mod flood;
#[cfg(feature = "std")]
mod health;
#[cfg(feature = "std")]
mod health_report;
#[cfg(feature = "metrics")]
mod metrics;
mod observers;
mod outcome;

#[cfg(feature = "audit")]
pub use audit::AuditLog;
pub(crate) use clock::Start;
#[cfg(any(feature = "axum", feature = "actix"))]
pub(crate) use events::json_mismatch;
#[cfg(feature = "actix")]
pub(crate) use events::not_configured;
#[cfg(feature = "edge")]
pub(crate) use events::{allow_list_overdue, peer_missing};
#[cfg(feature = "replay")]
pub(crate) use events::{replay_not_committed, replay_store_away, replay_store_back};
#[cfg(feature = "std")]
pub use health::Health;
#[cfg(feature = "std")]
pub use health_report::{HealthProblem, HealthReport};
pub(crate) use observers::Observers;
#[cfg(feature = "replay")]
pub(crate) use observers::catch;
pub use outcome::{End, Observer, Outcome};
