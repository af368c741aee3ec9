//! The outcome that a case requires.

use alloc::string::String;

use crate::rejection::RejectionKind;

/// The outcome that a case of the attack suite requires.
///
/// # Examples
/// ```
/// use hubseal::{RejectionKind, testing::Expected};
///
/// assert_eq!(Expected::Verified.status(), 200);
/// assert_eq!(Expected::Rejected(RejectionKind::PayloadTooLarge).status(), 413);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The delivery is genuine. The receiver answers 200.
    Verified,
    /// The handshake matches. The response is 200 with this challenge as its body.
    Challenge(String),
    /// The request is rejected for this reason. The response body is empty.
    Rejected(RejectionKind),
}

impl Expected {
    /// Returns the HTTP status that the receiver must answer with.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::testing::Expected::Challenge("7".to_owned()).status(), 200);
    /// ```
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Verified | Self::Challenge(_) => 200,
            Self::Rejected(kind) => kind.status(),
        }
    }
}
