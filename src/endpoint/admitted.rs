//! The result of the checks of a request's head.

use super::{BodyVerifier, Challenge};

/// A request whose head passed all checks.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, Endpoint, RequestHead, VerifyToken};
/// use hubseal::Admitted;
///
/// # let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?)
/// #     .verify_token(VerifyToken::new("correct-horse")?)
/// #     .build()?;
/// # let headers: [(&str, &str); 0] = [];
/// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
/// let head = RequestHead::new("GET", &headers).query(query);
/// assert!(matches!(endpoint.admit(&head)?, Admitted::Handshake(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a box would be an allocation for each delivery"
)]
pub enum Admitted {
    /// A handshake. Send [`Challenge::reply`].
    Handshake(Challenge),
    /// A delivery. Push its body into the [`BodyVerifier`].
    Delivery(BodyVerifier),
}
