//! Verification of a body while it arrives.

use core::fmt;

use bytes::Bytes;

use super::{
    delivery::Delivery,
    reading::{Reading, verify},
    report::Report,
};
use crate::{
    rejection::{Rejection, RejectionKind},
    signature::{KeyRing, Match, Presented, Verified},
    sync::Arc,
};

/// Verifies the body of one delivery while it arrives, within the limits of the endpoint.
///
/// [`Endpoint::receive`](crate::Endpoint::receive) creates one from the head of a request. Push each
/// chunk of the body, then call [`finish`](Self::finish). Dropping it frees the body and its share of
/// the memory budget.
///
/// - A body that arrives in one chunk is verified without a copy, and not charged to the budget. This
///   needs a declared length. Without one, pass the last chunk to [`finish_with`](Self::finish_with).
/// - Every other body is charged to the budget and copied, chunk by chunk. It is hashed with the first key
///   while it arrives, and with the other keys only if the first one does not match.
/// - A body of declared length is verified when its last byte arrives. A forged body is freed then, even
///   if the client keeps the request open.
/// - Each body is verified with the key ring that was in use when the head arrived. Deadlines of keys are
///   checked when the body is complete.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, RequestHead};
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
///
/// let mut verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
/// verifier.push("{")?;
/// verifier.push("}")?;
/// assert_eq!(verifier.finish()?.into_inner(), "{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "call `finish` to get the result"]
pub struct BodyVerifier {
    ring: Arc<KeyRing>,
    presented: Presented,
    declared: Option<usize>,
    /// Whether the head announces a non-empty body.
    announced: bool,
    pub(super) state: State,
    /// The last field, so that a drop frees the body before the report.
    pub(super) report: Report,
}

pub(super) enum State {
    Reading(Reading),
    /// The body is complete and signed.
    Verified(Bytes, Match),
    Rejected(Rejection),
}

impl BodyVerifier {
    pub(crate) fn new(
        report: Report,
        presented: Presented,
        declared: Option<usize>,
        announced: bool,
    ) -> Self {
        let policy = report.policy();
        Self {
            ring: policy.verifier.keys(),
            state: State::Reading(Reading::new(policy.memory_budget.clone())),
            presented,
            declared,
            announced,
            report,
        }
    }

    /// Adds the next chunk of the body, of any size.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`PayloadTooLarge`](RejectionKind::PayloadTooLarge) if the body exceeds the payload limit,
    /// - [`LengthMismatch`](RejectionKind::LengthMismatch) if it exceeds its declared length,
    /// - [`BudgetExhausted`](RejectionKind::BudgetExhausted) if the memory budget is used up,
    /// - [`SignatureMismatch`](RejectionKind::SignatureMismatch) if the chunk completes the declared
    ///   length and no key matches,
    /// - [`KeyExpired`](RejectionKind::KeyExpired) if it completes the declared length and only keys past
    ///   their deadline match.
    ///
    /// The body is then freed at once. Further calls of `push` and `finish` return the same rejection.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, PayloadLimit, RejectionKind, RequestHead};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// let endpoint = builder.payload_limit(PayloadLimit::new(4)).build()?;
    /// let headers = [("x-hub-signature-256", endpoint.verifier().sign("12345").to_string())];
    /// let mut verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
    /// verifier.push("1234")?;
    /// assert_eq!(verifier.push("5").err().unwrap().kind(), RejectionKind::PayloadTooLarge);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn push(&mut self, chunk: impl Into<Bytes>) -> Result<(), Rejection> {
        self.take(chunk.into()).map_err(|rejection| {
            let rejection = self.report.policy().answer(rejection);
            // Frees the body before the report, which has the available memory.
            self.state = State::Rejected(rejection.clone());
            self.report.rejected(rejection)
        })
    }

    fn take(&mut self, chunk: Bytes) -> Result<(), Rejection> {
        self.report.received(chunk.len());
        let reading = match &mut self.state {
            State::Rejected(rejection) => return Err(rejection.clone()),
            _ if chunk.is_empty() => return Ok(()),
            State::Verified(..) => return Err(Rejection::new(RejectionKind::LengthMismatch)),
            State::Reading(reading) => reading,
        };
        let limit = self.report.policy().payload_limit;
        let total = limit.count(reading.len(), chunk.len())?;
        let longest = self.declared.unwrap_or(limit.bytes());
        if total > longest {
            return Err(Rejection::new(RejectionKind::LengthMismatch));
        }
        let complete = self.declared == Some(total);
        if complete && chunk.len() == total {
            let found = verify(&self.ring, self.presented.view(), None, &chunk)?;
            self.state = State::Verified(chunk, found);
            return Ok(());
        }
        reading.push(
            &chunk,
            self.declared,
            limit,
            &self.ring,
            self.presented.view(),
        )?;
        if complete {
            let (body, found) = reading.finish(&self.ring, self.presented.view())?;
            self.state = State::Verified(body, found);
        }
        Ok(())
    }

    /// Returns whether the declared length has arrived.
    ///
    /// If so, call [`finish`](Self::finish) without waiting for the end of the body. Without a declared
    /// length it returns `false`: wait for the end of the body.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, RequestHead};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let signature = endpoint.verifier().sign("{}").to_string();
    /// let headers = [("x-hub-signature-256", &*signature), ("content-length", "2")];
    /// let mut verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
    /// verifier.push("{}")?;
    /// assert!(verifier.is_complete());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_complete(&self) -> bool {
        match self.state {
            State::Verified(..) => true,
            State::Reading(_) => self.declared == Some(0),
            State::Rejected(_) => false,
        }
    }

    /// Ends the body and returns the verified bytes.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`SignatureMismatch`](RejectionKind::SignatureMismatch) if no key matches,
    /// - [`KeyExpired`](RejectionKind::KeyExpired) if only keys past their deadline match,
    /// - [`LengthMismatch`](RejectionKind::LengthMismatch) if the body is shorter than declared,
    ///
    /// or the rejection that [`push`](Self::push) returned.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, RequestHead, RejectionKind};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let signature = endpoint.verifier().sign("{}").to_string();
    /// let headers = [("x-hub-signature-256", &*signature), ("content-length", "2")];
    /// let cut_short = endpoint.receive(&RequestHead::new("POST", &headers))?;
    /// assert_eq!(cut_short.finish().err().unwrap().kind(), RejectionKind::LengthMismatch);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(self) -> Result<Verified<Bytes>, Rejection> {
        self.end().map(Delivery::report)
    }

    /// Ends the body, and leaves the report of a verified delivery to the caller.
    #[expect(
        clippy::inline_always,
        reason = "saves copies of the result on the way to `finish`"
    )]
    #[inline(always)]
    pub(crate) fn end(self) -> Result<Delivery, Rejection> {
        let Self {
            mut report,
            ring,
            presented,
            declared,
            state,
            ..
        } = self;
        let verified = match state {
            State::Reading(reading)
                if declared.is_some_and(|declared| declared != reading.len()) =>
            {
                Err(Rejection::new(RejectionKind::LengthMismatch))
            }
            State::Reading(mut reading) => reading.finish(&ring, presented.view()),
            State::Verified(body, found) => Ok((body, found)),
            State::Rejected(rejection) => return Err(rejection),
        };
        match verified {
            Ok((body, found)) => {
                #[cfg(feature = "edge")]
                report.body_verified();
                let verified = Verified::new(body, presented.view().proof(found));
                Ok(Delivery::new(verified, report))
            }
            Err(rejection) => Err(report.rejected(rejection)),
        }
    }

    /// Adds the last chunk, ends the body and returns the verified bytes.
    ///
    /// A body in one chunk is verified without a copy, even without a declared length.
    ///
    /// # Errors
    /// Returns the errors of [`push`](Self::push) and [`finish`](Self::finish).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, RequestHead};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// # let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
    /// let verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
    /// assert_eq!(verifier.finish_with("{}")?.into_inner(), "{}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish_with(self, last: impl Into<Bytes>) -> Result<Verified<Bytes>, Rejection> {
        self.end_with(last.into()).map(Delivery::report)
    }

    /// Like [`end`](Self::end), with the last chunk.
    pub(crate) fn end_with(mut self, last: Bytes) -> Result<Delivery, Rejection> {
        if let (None, State::Reading(reading)) = (self.declared, &self.state) {
            // If the body is too large, `push` rejects it below.
            let limit = self.report.policy().payload_limit;
            self.declared = limit.count(reading.len(), last.len()).ok();
        }
        self.push(last)?;
        self.end()
    }

    /// Ends a request for which the framework supplies no body.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`NotConfigured`](RejectionKind::NotConfigured) if the head
    /// announces a body, because other code has read it. Otherwise returns the errors of
    /// [`finish`](Self::finish).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, RequestHead, RejectionKind};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let signature = endpoint.verifier().sign("{}").to_string();
    /// let headers = [("x-hub-signature-256", &*signature), ("content-length", "2")];
    /// let verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
    /// assert_eq!(verifier.finish_without_body().err().unwrap().kind(), RejectionKind::NotConfigured);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish_without_body(self) -> Result<Verified<Bytes>, Rejection> {
        self.end_without_body().map(Delivery::report)
    }

    /// Like [`end`](Self::end), without a body.
    pub(crate) fn end_without_body(self) -> Result<Delivery, Rejection> {
        if self.announced {
            return Err(self.reject(Rejection::new(RejectionKind::NotConfigured)));
        }
        self.end()
    }
}

/// Prints the number of bytes, the name of the key, or the kind of the rejection.
impl fmt::Debug for BodyVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("BodyVerifier");
        match &self.state {
            State::Reading(reading) => debug.field("bytes", &reading.len()),
            State::Verified(_, found) => debug.field("verified", &found.key),
            State::Rejected(rejection) => debug.field("rejected", &rejection.kind()),
        };
        debug.finish_non_exhaustive()
    }
}
