//! Bodies that end without a result.

use alloc::boxed::Box;
use core::error::Error;

use super::BodyVerifier;
use crate::rejection::{Rejection, RejectionKind};

impl BodyVerifier {
    /// Ends the body after the read deadline, and returns the rejection.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, RequestHead};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// # let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
    /// let verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
    /// assert_eq!(verifier.deadline_passed().status(), 408);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn deadline_passed(self) -> Rejection {
        self.reject(Rejection::new(RejectionKind::DeadlinePassed))
    }

    /// Ends the body after a read error, and returns the rejection with its cause.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, RequestHead};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// # let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
    /// let verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
    /// assert_eq!(verifier.body_failed("connection reset").status(), 400);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn body_failed(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Rejection {
        self.reject(Rejection::new(RejectionKind::BodyUnreadable).with_cause(cause.into()))
    }

    /// Frees the body, and then reports the rejection.
    pub(super) fn reject(self, rejection: Rejection) -> Rejection {
        let Self {
            mut report, state, ..
        } = self;
        drop(state);
        report.rejected(rejection)
    }
}
