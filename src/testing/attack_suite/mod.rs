//! Known attacks and mistakes, as data.

mod body;
mod case;
mod handshake;
mod head;
mod list;
mod message;
mod scheme;
mod signature;
mod target;

pub use case::{Case, WrongAnswer};
pub use target::Target;

use alloc::vec::Vec;

/// Returns every case of the attack suite: forged and malformed requests, and genuine ones.
///
/// The genuine requests fail a receiver that rejects everything. The cases are in order of groups:
/// signatures, heads, bodies, handshakes. No case depends on another. The signatures are those of the target's
/// [scheme](Target::scheme).
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, VerifyToken, testing::{Target, Expected, attack_suite}};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let token = VerifyToken::new("correct-horse")?;
/// let cases = attack_suite(&Target::new("/webhook", &secret, &token));
/// let rejected = cases.iter().filter(|case| matches!(case.expected, Expected::Rejected(_)));
/// assert!(rejected.count() >= 60);
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[must_use]
pub fn attack_suite(target: &Target<'_>) -> Vec<Case> {
    let mut cases = if target.scheme.is_hub() {
        signature::cases(target)
    } else {
        scheme::cases(target)
    };
    cases.extend(head::cases(target));
    cases.extend(body::cases(target));
    cases.extend(handshake::cases(target));
    if let Some(keep) = target.only {
        cases.retain(keep);
    }
    cases
}
