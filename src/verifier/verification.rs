//! Verification of a body that arrives in pieces.

use alloc::vec::Vec;

use crate::{KeyRing, Kind, Rejection, Signature, Verified, keyring::HmacState, sync::Arc};

/// The verification of one body that arrives in pieces, made by [`Verifier::begin`](crate::Verifier::begin).
///
/// Nothing is retained, so each piece is hashed under every key of the ring as it comes. An
/// [`Intake`](crate::Intake) retains the body, and hashes it once where the first key is right.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Kind, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let mut verification = verifier.begin(verifier.sign("as sent"));
/// verification.update("as forged");
/// assert_eq!(verification.finish(()).err().unwrap().kind(), Kind::SignatureMismatch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "only `finish` gives a verdict"]
pub struct Verification {
    ring: Arc<KeyRing>,
    signature: Signature,
    first: HmacState,
    others: Vec<HmacState>,
}

impl Verification {
    pub(super) fn new(ring: Arc<KeyRing>, signature: Signature) -> Self {
        Self {
            signature,
            first: HmacState::keep(&ring.start_first()),
            others: ring
                .start_others()
                .map(|mac| HmacState::keep(&mac))
                .collect(),
            ring,
        }
    }

    /// Takes the next piece of the body, of any size.
    ///
    /// # Examples
    /// ```
    /// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978")?);
    /// let mut verification = verifier.begin(verifier.sign("in pieces"));
    /// verification.update("in ");
    /// verification.update("");
    /// verification.update("pieces");
    /// assert!(verification.finish(()).is_ok());
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn update(&mut self, piece: impl AsRef<[u8]>) {
        let piece = piece.as_ref();
        self.first.update(piece);
        self.others.iter_mut().for_each(|mac| mac.update(piece));
    }

    /// Ends the body, and hands back inside the proof whatever its pieces were kept in: a
    /// buffer, a file, the name of a stored object.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`SignatureMismatch`](Kind::SignatureMismatch); what was kept is
    /// dropped.
    ///
    /// # Security
    /// The proof is of the pieces that were fed in. That `kept` holds those and no others is
    /// for the caller to see to; an [`Intake`](crate::Intake) sees to it itself.
    ///
    /// # Examples
    /// ```
    /// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978")?);
    /// let mut verification = verifier.begin(verifier.sign("{}"));
    /// verification.update("{}");
    /// assert_eq!(verification.finish("spool/17")?.into_inner(), "spool/17");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish<T>(self, kept: T) -> Result<Verified<T>, Rejection> {
        let others = self.others.iter().map(HmacState::copy);
        match self
            .ring
            .resolve(&self.signature, self.first.copy(), others)
        {
            Some(key) => Ok(Verified::new(kept, key)),
            None => Err(Rejection::new(Kind::SignatureMismatch)),
        }
    }
}
