//! The error for a rule that the builder refuses.

use alloc::string::String;

/// An error for a rule that the builder, `Redactor::replace_values` or
/// [`PseudonymKey`](super::PseudonymKey) refuses.
///
/// # Security
/// It never shows a registered value or the bytes of a key. [`Pattern`](Self::Pattern) shows the pattern.
///
/// # Examples
/// ```
/// use hubseal::redact::{PseudonymKey, RuleError};
///
/// let error = PseudonymKey::new("too short").err();
/// assert_eq!(error, Some(RuleError::PseudonymKey));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A label does not have 1 to 32 characters of `a`–`z`, `0`–`9` and `_`.
    #[error("a label must have 1 to 32 characters of a-z, 0-9 and _, because markers contain it")]
    Label,
    /// A registered value is shorter than 8 bytes or longer than 16,384.
    #[error(
        "the value registered as {label} must have 8 to 16,384 bytes; find a shorter one by its key"
    )]
    Length {
        /// The label.
        label: String,
    },
    /// A registered value, a pattern or a key matches a marker, which would be redacted again.
    #[error(
        "a registered value, a pattern or a key occurs in a marker such as [redacted:access_token]"
    )]
    OccursInMarker,
    /// A key does not have 3 to 32 letters and digits of ASCII, or `_`, `-` and `.` between them.
    #[error(
        "a key must have 3 to 32 letters and digits, and _, - and . only between them; change that of {label}"
    )]
    Key {
        /// The label.
        label: String,
    },
    /// A pattern is no regular expression.
    #[error("the pattern of {label} is no regular expression: {problem}")]
    Pattern {
        /// The label.
        label: String,
        /// The message of the crate `regex`, which shows the pattern.
        problem: String,
    },
    /// A pseudonym key is shorter than 16 bytes.
    #[error("the pseudonym key is shorter than 16 bytes and could be guessed; use 32 random bytes")]
    PseudonymKey,
    /// The id of a pseudonym key does not have 1 to 16 characters of `a`–`z`, `0`–`9`, `-` and `_`.
    #[error("the id of a pseudonym key must have 1 to 16 characters of a-z, 0-9, - and _")]
    PseudonymId,
    /// The operating system returned no random bytes for a pseudonym key.
    #[error("the operating system returned no random bytes for the pseudonym key")]
    NoRandomness,
    /// The rules are too many for the search.
    #[error("the redactor has too many rules")]
    TooMany,
}
