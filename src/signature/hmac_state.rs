//! The state of HMAC under a key.

use alloc::boxed::Box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::zeroize_stack;

use super::Signature;
use crate::secret::AppSecret;

pub(crate) type HmacSha256 = Hmac<Sha256>;

/// Wipes what calls that are over have left on the stack: a state moves while it is made and while it is
/// used up, and what moves leaves a whole copy behind. A future that is made there takes it along, in
/// its unused bytes. Only for what is done rarely, and for calls that are not inlined.
pub(crate) fn wipe_stack() {
    // More than the frames of such calls take.
    zeroize_stack::<4_096>();
}

/// HMAC with any key; the block-sized key that a longer one is hashed to is never refused.
#[inline(never)]
pub(crate) fn new_mac(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"))
}

/// A state that is kept, in a place of its own, where it is wiped in the end: what moves leaves its bytes
/// behind, and only what is dropped is wiped.
pub(crate) struct HmacState(Box<HmacSha256>);

impl HmacState {
    pub(crate) fn of_key(key: &[u8]) -> Self {
        let state = Self::keep(&new_mac(key));
        wipe_stack();
        state
    }

    /// What it is kept from is wiped where it was, which it would not be if it moved here.
    pub(crate) fn keep(mac: &HmacSha256) -> Self {
        Self(Box::new(mac.clone()))
    }

    pub(crate) fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// A copy to go on with, because what moves out of a box is not wiped either.
    pub(crate) fn copy(&self) -> HmacSha256 {
        HmacSha256::clone(&self.0)
    }

    /// Signs a body, and wipes the copies of the state that the computation left on the stack.
    pub(super) fn sign(&self, body: &[u8]) -> Signature {
        let signature = self.sign_without_wiping(body);
        wipe_stack();
        signature
    }

    #[inline(never)]
    #[expect(clippy::disallowed_methods, reason = "the signature is for sending")]
    fn sign_without_wiping(&self, body: &[u8]) -> Signature {
        let mut mac = self.copy();
        mac.update(body);
        Signature::from_bytes(mac.finalize().into_bytes().into())
    }
}

impl Signature {
    /// Signs a body with a secret, as Meta and GitHub do.
    ///
    /// The key is prepared anew for each call; [`Verifier::sign`](crate::Verifier::sign) has
    /// it ready.
    ///
    /// # Examples
    /// The known answer of GitHub's documentation, *Validating webhook deliveries*:
    /// ```
    /// use hubseal::{AppSecret, Signature};
    ///
    /// let secret = AppSecret::new("It's a Secret to Everybody")?;
    /// assert_eq!(
    ///     Signature::sign(&secret, "Hello, World!").to_string(),
    ///     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    /// );
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn sign(secret: &AppSecret, body: impl AsRef<[u8]>) -> Self {
        HmacState::of_key(secret.expose_secret().as_bytes()).sign(body.as_ref())
    }
}
