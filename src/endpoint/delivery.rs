//! A verified delivery.

use bytes::Bytes;

use super::report::Report;
use crate::signature::Verified;

/// A verified delivery whose outcome may not be reported yet.
pub(crate) struct Delivery {
    pub(super) verified: Verified<Bytes>,
    /// `None` if another layer of the same endpoint has reported and claimed it.
    pub(super) report: Option<Report>,
}

impl Delivery {
    pub(super) const fn new(verified: Verified<Bytes>, report: Report) -> Self {
        Self {
            verified,
            report: Some(report),
        }
    }

    /// Creates a delivery that another layer of the same endpoint has reported and claimed.
    #[cfg(any(feature = "actix", feature = "tower"))]
    pub(crate) const fn reported(verified: Verified<Bytes>) -> Self {
        Self {
            verified,
            report: None,
        }
    }

    /// Reports the delivery as verified, without a claim.
    #[inline]
    pub(crate) fn report(self) -> Verified<Bytes> {
        if let Some(mut report) = self.report {
            report.verified(self.verified.key());
        }
        self.verified
    }
}
