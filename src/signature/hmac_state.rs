//! HMAC states, and signing.

use alloc::boxed::Box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::zeroize_stack;

use super::Signature;
use crate::secret::AppSecret;

pub(crate) type HmacSha256 = Hmac<Sha256>;

/// Wipes the stack frames of calls that have returned. Call it rarely, after calls that are not inlined.
///
/// Each move of a state leaves a copy on the stack. A future that is created there later would contain
/// the copy in its unused bytes.
pub(crate) fn wipe_stack() {
    // More than the frames of such calls use.
    zeroize_stack::<4_096>();
}

/// Creates an HMAC-SHA256 state. HMAC accepts a key of any length (RFC 2104).
#[inline(never)]
pub(crate) fn new_mac(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC accepts keys of any length"))
}

/// A boxed state. It never moves, so it leaves no unwiped copy, and it is wiped on drop.
pub(crate) struct HmacState(Box<HmacSha256>);

impl HmacState {
    pub(crate) fn of_key(key: &[u8]) -> Self {
        let state = Self::keep(&new_mac(key));
        wipe_stack();
        state
    }

    /// Clones a state into a box. Moving it instead would leave an unwiped copy.
    pub(crate) fn keep(mac: &HmacSha256) -> Self {
        Self(Box::new(mac.clone()))
    }

    pub(crate) fn update(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// Clones the state. Moving it out of the box would leave an unwiped copy.
    pub(crate) fn copy(&self) -> HmacSha256 {
        HmacSha256::clone(&self.0)
    }

    /// Signs a body, and wipes the copies of the state on the stack.
    pub(super) fn sign(&self, body: &[u8]) -> Signature {
        let signature = self.sign_without_wiping(body);
        wipe_stack();
        signature
    }

    #[inline(never)]
    #[expect(clippy::disallowed_methods, reason = "the signature is sent")]
    fn sign_without_wiping(&self, body: &[u8]) -> Signature {
        let mut mac = self.copy();
        mac.update(body);
        Signature::from_bytes(mac.finalize().into_bytes().into())
    }
}

impl Signature {
    /// Signs a body with a secret, as Meta and GitHub do.
    ///
    /// Each call prepares the key. To sign often, use [`Verifier::sign`](crate::Verifier::sign), which
    /// prepares it once.
    ///
    /// # Examples
    /// The test vector of GitHub's documentation, *Validating webhook deliveries*:
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
        secret.with_key(|key| HmacState::of_key(key).sign(body.as_ref()))
    }
}
