//! The error of the endpoint builder.

/// The error of [`EndpointBuilder::build`](crate::EndpointBuilder::build).
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
    /// The largest allowed body would never fit into the memory budget, so it would always get 503.
    #[error(
        "the payload limit of {limit} bytes exceeds the {available} bytes of the memory budget \
         that one body can use; lower the limit, or raise the budget to at least twice the limit"
    )]
    PayloadLimitExceedsBudget {
        /// The payload limit, in bytes.
        limit: usize,
        /// The part of the memory budget that one body can use, in bytes.
        available: usize,
    },
    /// The payload limit is zero, which rejects every delivery.
    #[error("the payload limit is zero, which rejects every delivery; set it to at least 1 byte")]
    PayloadLimitIsZero,
    /// The read deadline is zero, which rejects every body that does not arrive with its head.
    #[error("the read deadline is zero, which rejects genuine deliveries; set it to a few seconds")]
    ReadDeadlineIsZero,
    /// The lease or the time to live of the replay guard is zero, so it would recognise no duplicate.
    #[error(
        "the lease or the time to live of the replay guard is zero, so it would recognise no duplicate; set \
         both to at least a second"
    )]
    ReplayDurationIsZero,
    /// The failure limit is zero, which rejects every request.
    #[error(
        "the failure limit is zero, which rejects every request; allow at least 1 failure a minute"
    )]
    FailureLimitIsZero,
    /// The endpoint's name is empty, is too long or has another character.
    #[error(
        "the name of the endpoint is not 1 to 32 characters of A-Z, a-z, 0-9, -, _ and .; choose one such \
         as \"whatsapp\""
    )]
    NameInvalid,
    /// The verify tokens are read by [`Secrets`](https://docs.rs/hubseal/latest/hubseal/struct.Secrets.html),
    /// and the builder got another one.
    #[error(
        "the endpoint has the verify tokens of `Secrets` and one of its own; add the file of the other one \
         with `SecretsBuilder::verify_token_file`"
    )]
    VerifyTokensFromSecrets,
}
