//! Why an endpoint was not built.

use super::MemoryBudget;

/// Why [`EndpointBuilder::build`](crate::EndpointBuilder::build) refused its settings.
///
/// Each message names the setting, the problem and the remedy.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, ConfigError, Endpoint, MemoryBudget, PayloadLimit};
///
/// let refused = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .payload_limit(PayloadLimit::new(4_000_000))
///     .memory_budget(MemoryBudget::new(1_000_000))
///     .build()
///     .err()
///     .unwrap();
/// assert!(matches!(refused, ConfigError::PayloadLimitExceedsBudget { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// One body of the payload limit would never fit the memory budget, so every large delivery
    /// would be answered with 503.
    #[error(
        "the payload limit of {limit} bytes exceeds the {available} bytes of the memory budget \
         that bodies over {small} bytes share: lower the limit, or raise the budget to at least \
         twice the limit",
        small = MemoryBudget::SMALL_BODY_BYTES
    )]
    PayloadLimitExceedsBudget {
        /// The payload limit, in bytes.
        limit: usize,
        /// The part of the memory budget that a body of this size may use, in bytes.
        available: usize,
    },
    /// A payload limit of zero refuses every delivery.
    #[error("the payload limit is zero, which refuses every delivery: set it to at least one byte")]
    PayloadLimitIsZero,
    /// A read deadline of zero refuses every body that does not arrive with its head.
    #[error("the read deadline is zero, which refuses genuine deliveries: set it to a few seconds")]
    ReadDeadlineIsZero,
}
