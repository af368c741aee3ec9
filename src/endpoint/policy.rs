//! The settings that an endpoint shares with its body verifiers.

use core::time::Duration;

use super::{Handshake, MemoryBudget, PayloadLimit, gates::Gates};
#[cfg(all(feature = "replay", feature = "_adapter"))]
use crate::replay::ReplayGuard;
use crate::{
    observe::Observers,
    rejection::{Rejection, SignatureFailureStatus},
    signature::Verifier,
    sync::Replaceable,
};

pub(crate) struct Policy {
    pub(crate) verifier: Verifier,
    pub(crate) handshake: Replaceable<Handshake>,
    pub(crate) payload_limit: PayloadLimit,
    pub(crate) memory_budget: MemoryBudget,
    pub(crate) read_deadline: Duration,
    pub(crate) signature_failure_status: SignatureFailureStatus,
    pub(crate) observers: Observers,
    pub(crate) gates: Gates,
    #[cfg(all(feature = "replay", feature = "_adapter"))]
    pub(crate) replay_guard: Option<ReplayGuard>,
    /// Whether the adapter's setup check has passed once.
    #[cfg(feature = "_adapter")]
    pub(crate) checked: core::sync::atomic::AtomicBool,
}

impl Policy {
    /// Applies the endpoint's settings to a rejection.
    pub(crate) fn answer(&self, rejection: Rejection) -> Rejection {
        rejection.with_settings(self.signature_failure_status, self.read_deadline)
    }
}
