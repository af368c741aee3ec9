//! The claim of a verified delivery, from the verdict to the response of the handler.

use bytes::Bytes;

use super::delivery::Delivery;
#[cfg(feature = "replay")]
use super::report::Report;
use crate::{
    rejection::Rejection,
    signature::{KeyName, Verified},
};
#[cfg(feature = "replay")]
use crate::{
    rejection::RejectionKind,
    replay::{Claim, OutagePolicy, ReplayGuard, Ticket},
};

impl Delivery {
    /// Claims the delivery if the endpoint has a replay guard, and reports the outcome.
    #[cfg_attr(
        not(feature = "replay"),
        expect(clippy::unused_async, reason = "a replay guard waits for its store")
    )]
    pub(crate) async fn claim(self) -> Result<(Verified<Bytes>, Settlement), Unclaimed> {
        let Self { verified, report } = self;
        let Some(mut report) = report else {
            return Ok((verified, Settlement::default()));
        };
        #[cfg(feature = "replay")]
        if let Some(guard) = report.policy().replay_guard.clone() {
            // Boxed, so that endpoints without a guard do not pay for its size.
            return alloc::boxed::Box::pin(Self::claim_with(guard, verified, report)).await;
        }
        report.verified(verified.key());
        Ok((verified, Settlement::default()))
    }

    #[cfg(feature = "replay")]
    async fn claim_with(
        guard: ReplayGuard,
        verified: Verified<Bytes>,
        mut report: Report,
    ) -> Result<(Verified<Bytes>, Settlement), Unclaimed> {
        let key = verified.key();
        let rejection = match guard.claim(verified.fingerprint()).await {
            Ok(Claim::Fresh(ticket)) => {
                report.verified(key);
                let ticket = Some(ticket);
                return Ok((verified, Settlement { ticket }));
            }
            Ok(Claim::Duplicate) => {
                report.duplicate(key);
                return Err(Unclaimed::Duplicate(key));
            }
            Ok(Claim::InProgress) => Rejection::new(RejectionKind::DeliveryInProgress),
            Err(_) if guard.outage_policy() == OutagePolicy::Accept => {
                report.replay_unchecked(key);
                return Ok((verified, Settlement::default()));
            }
            Err(error) => {
                Rejection::new(RejectionKind::ReplayStoreUnavailable).with_cause(error.into())
            }
        };
        Err(Unclaimed::Rejected(report.rejected(rejection)))
    }
}

/// The rest of a claim, for the time after the handler. A drop releases the claim.
#[derive(Default)]
#[must_use = "settle it with the status of the response"]
pub(crate) struct Settlement {
    #[cfg(feature = "replay")]
    ticket: Option<Ticket>,
}

impl Settlement {
    /// Commits the claim if the handler answered 200, the only status after which Meta does not send the
    /// delivery again. Otherwise releases it.
    #[cfg(feature = "replay")]
    pub(crate) async fn settle(self, status: u16) {
        if let Some(ticket) = self.ticket {
            // After an error, the ticket tries again in the background, and logs if that fails.
            drop(match status {
                200 => ticket.commit().await,
                _ => ticket.release().await,
            });
        }
    }

    #[cfg(not(feature = "replay"))]
    #[expect(clippy::unused_async, reason = "a replay guard waits for its store")]
    pub(crate) async fn settle(self, _: u16) {}
}

/// Why a verified delivery does not reach the handler.
#[cfg_attr(
    not(feature = "replay"),
    expect(dead_code, reason = "needs a replay guard")
)]
pub(crate) enum Unclaimed {
    /// It was handled before.
    Duplicate(KeyName),
    Rejected(Rejection),
}
