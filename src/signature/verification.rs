//! Verification of a body that the caller stores.

use alloc::vec::Vec;

use super::{HmacState, KeyName, KeyRing, Presented};
use crate::{
    rejection::{Rejection, RejectionKind},
    sync::Arc,
};

/// Verifies a body that arrives in chunks and that you store yourself, for example in a file.
///
/// [`Verifier::begin`](crate::Verifier::begin) and [`Verifier::begin_headers`](crate::Verifier::begin_headers)
/// create one. It stores no byte of the body, so it hashes
/// each chunk with every key of the ring. A [`BodyVerifier`](crate::BodyVerifier) stores the body, and
/// hashes it once if the first key matches.
///
/// # Security
/// The result is the name of the key, not a [`Verified`](crate::Verified). Make sure that you store
/// exactly the bytes that you pass to [`update`](Self::update): this crate cannot check it.
/// ```compile_fail,E0061
/// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978").unwrap());
/// let mut verification = verifier.begin(verifier.sign("signed"));
/// verification.update("signed");
/// let forged: hubseal::Verified<&str> = verification.finish("forged").unwrap();
/// ```
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, RejectionKind, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let mut verification = verifier.begin(verifier.sign("as sent"));
/// verification.update("as forged");
/// assert_eq!(verification.finish().err().unwrap().kind(), RejectionKind::SignatureMismatch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "call `finish` to get the result"]
pub struct Verification {
    ring: Arc<KeyRing>,
    presented: Presented,
    /// Whether the presented signature is of the verifier's scheme.
    is_of_scheme: bool,
    first: HmacState,
    others: Vec<HmacState>,
}

impl Verification {
    pub(super) fn new(ring: Arc<KeyRing>, presented: Presented, is_of_scheme: bool) -> Self {
        let others = ring.start_others();
        Self {
            first: presented.view().start(&ring.start_first()),
            others: others.map(|mac| presented.view().start(&mac)).collect(),
            presented,
            is_of_scheme,
            ring,
        }
    }

    /// Hashes the next chunk of the body, of any size.
    ///
    /// # Examples
    /// ```
    /// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978")?);
    /// let mut verification = verifier.begin(verifier.sign("in chunks"));
    /// verification.update("in ");
    /// verification.update("");
    /// verification.update("chunks");
    /// assert!(verification.finish().is_ok());
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn update(&mut self, chunk: impl AsRef<[u8]>) {
        let chunk = chunk.as_ref();
        self.first.update(chunk);
        self.others.iter_mut().for_each(|mac| mac.update(chunk));
    }

    /// Ends the body and returns the name of the key that signed it.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`SignatureMismatch`](crate::RejectionKind::SignatureMismatch) if no key matches,
    /// - [`KeyExpired`](crate::RejectionKind::KeyExpired) if only keys past their deadline match. The
    ///   deadline is checked now, not when the verification began,
    /// - [`NotConfigured`](crate::RejectionKind::NotConfigured) if [`begin`](crate::Verifier::begin) got a lone
    ///   signature, but the scheme needs its other headers.
    ///
    /// # Examples
    /// ```
    /// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978")?);
    /// let mut verification = verifier.begin(verifier.sign("{}"));
    /// verification.update("{}");
    /// assert_eq!(verification.finish()?.as_str(), "current");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(self) -> Result<KeyName, Rejection> {
        if !self.is_of_scheme {
            return Err(Rejection::new(RejectionKind::NotConfigured));
        }
        let others = self.others.iter().map(HmacState::copy);
        let presented = self.presented.view();
        let found = self.ring.resolve(presented, self.first.copy(), others)?;
        Ok(found.key)
    }
}
