//! One delivery under way.

use core::fmt;

use bytes::Bytes;
use hmac::Mac;

use crate::{
    KeyRing, Kind, Rejection, Signature, Verified, endpoint::Policy, keyring::HmacState,
    limit::Reservation, spool::Spool, sync::Arc,
};

/// One delivery under way: made from its head by [`Endpoint::receive`](crate::Endpoint::receive),
/// fed with the pieces of its body, finished once.
///
/// Each piece is counted, paid for from the memory budget, hashed under the first key and kept; one
/// that is the whole body is hashed at the end. Only where the first key does not match is the body
/// hashed again, under the others. Dropping an intake at any point frees what it holds.
///
/// The ring is the one that was in use when the head was judged.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Endpoint, Head};
///
/// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).build()?;
/// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
///
/// let mut intake = endpoint.receive(&Head::new("POST", &headers))?;
/// intake.push("{")?;
/// intake.push("}")?;
/// assert_eq!(intake.finish()?.into_inner(), "{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "only `finish` gives a verdict"]
pub struct Intake {
    policy: Arc<Policy>,
    ring: Arc<KeyRing>,
    signature: Signature,
    declared: Option<usize>,
    arrived: Result<Arrived, Rejection>,
}

/// The body so far. Where something is wrong with it, it gives way to the rejection, and nothing
/// of it is held any longer.
struct Arrived {
    /// Under the first key, and from the second piece on: a body in one piece needs no state that
    /// outlasts the call.
    mac: Option<HmacState>,
    spool: Spool,
    share: Reservation,
}

impl Intake {
    pub(crate) fn new(policy: Arc<Policy>, signature: Signature, declared: Option<usize>) -> Self {
        let ring = policy.verifier.keys();
        let arrived = Arrived {
            mac: None,
            spool: Spool::default(),
            share: Reservation::new(policy.memory_budget.clone()),
        };
        Self {
            policy,
            ring,
            signature,
            declared,
            arrived: Ok(arrived),
        }
    }

    /// Takes the next piece of the body, of any size.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`PayloadTooLarge`](Kind::PayloadTooLarge),
    /// [`LengthMismatch`](Kind::LengthMismatch) or [`BudgetExhausted`](Kind::BudgetExhausted).
    /// The body is freed at once, and every further call returns the same.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Endpoint, Head, Kind, PayloadLimit};
    ///
    /// let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
    ///     .payload_limit(PayloadLimit::new(4))
    ///     .build()?;
    /// let headers = [("x-hub-signature-256", endpoint.verifier().sign("12345").to_string())];
    ///
    /// let mut intake = endpoint.receive(&Head::new("POST", &headers))?;
    /// intake.push("1234")?;
    /// assert_eq!(intake.push("5").err().unwrap().kind(), Kind::PayloadTooLarge);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn push(&mut self, piece: impl Into<Bytes>) -> Result<(), Rejection> {
        self.take(piece.into())
            .inspect_err(|rejection| self.arrived = Err(*rejection))
    }

    fn take(&mut self, piece: Bytes) -> Result<(), Rejection> {
        let arrived = self.arrived.as_mut().map_err(|rejection| *rejection)?;
        let limit = self.policy.payload_limit;
        let total = limit.count(arrived.spool.len(), piece.len())?;
        if self.declared.is_some_and(|declared| total > declared) {
            return Err(Rejection::new(Kind::LengthMismatch));
        }
        arrived.share.grow(total)?;
        if arrived.spool.len() > 0 {
            let Arrived { mac, spool, .. } = arrived;
            mac.get_or_insert_with(|| {
                let mut begun = HmacState::keep(&self.ring.start_first());
                spool.pieces().for_each(|piece| begun.update(piece));
                begun
            })
            .update(&piece);
        }
        arrived.spool.push(piece);
        Ok(())
    }

    /// Ends the body, and gives the verdict.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`SignatureMismatch`](Kind::SignatureMismatch),
    /// [`LengthMismatch`](Kind::LengthMismatch) where less arrived than the head declared, or
    /// whatever [`push`](Self::push) returned.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, Head, Kind};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// let signature = endpoint.verifier().sign("{}").to_string();
    /// let headers = [("x-hub-signature-256", &*signature), ("content-length", "2")];
    ///
    /// let cut_short = endpoint.receive(&Head::new("POST", &headers))?;
    /// assert_eq!(cut_short.finish().err().unwrap().kind(), Kind::LengthMismatch);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(self) -> Result<Verified<Bytes>, Rejection> {
        let Arrived { mac, spool, share } = self.arrived?;
        if self
            .declared
            .is_some_and(|declared| declared != spool.len())
        {
            return Err(Rejection::new(Kind::LengthMismatch));
        }
        // Updated where it is, because each move would leave a copy on the stack.
        let mut first = mac
            .as_ref()
            .map_or_else(|| self.ring.start_first(), HmacState::copy);
        if mac.is_none() {
            spool.pieces().for_each(|piece| first.update(piece));
        }
        let others = self.ring.start_others().map(|mut mac| {
            spool.pieces().for_each(|piece| mac.update(piece));
            mac
        });
        let key = self.ring.resolve(&self.signature, first, others);
        // From here on the body is verified, or gone.
        drop(share);
        key.map(|key| Verified::new(spool.into_bytes(), key))
            .ok_or_else(|| {
                Rejection::new(Kind::SignatureMismatch).answered(self.policy.signature_status)
            })
    }

    /// Ends it because the read deadline passed first.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, Head};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// # let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
    /// let intake = endpoint.receive(&Head::new("POST", &headers))?;
    /// assert_eq!(intake.deadline_passed().status(), 408);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn deadline_passed(self) -> Rejection {
        Rejection::new(Kind::DeadlinePassed)
    }

    /// Ends it because reading the body failed; an error is never taken for the end.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint, Head};
    /// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?).build()?;
    /// # let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
    /// let intake = endpoint.receive(&Head::new("POST", &headers))?;
    /// assert_eq!(intake.body_failed().status(), 400);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn body_failed(self) -> Rejection {
        Rejection::new(Kind::BodyUnreadable)
    }
}

/// The number of bytes so far, or the reason of refusal.
impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Intake");
        match &self.arrived {
            Ok(arrived) => debug.field("bytes", &arrived.spool.len()),
            Err(rejection) => debug.field("refused", &rejection.kind()),
        };
        debug.finish_non_exhaustive()
    }
}
