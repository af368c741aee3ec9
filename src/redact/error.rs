//! The error for a rule that the builder refuses.

use alloc::string::String;

/// An error for a rule that the builder refused.
///
/// # Security
/// The error names the label of the rule and never contains the value.
///
/// # Examples
/// ```
/// use hubseal::redact::{Redactor, RuleError};
///
/// let refused = Redactor::builder().register("session", "short").build();
/// assert_eq!(refused.err(), Some(RuleError::TooShort { label: "session".into() }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The label is not 1 to 32 characters of `a`–`z`, `0`–`9` and `_`.
    #[error("a label must have 1 to 32 characters of a-z, 0-9 and _, because markers contain it")]
    Label,
    /// The registered value is shorter than 8 bytes and would match ordinary text.
    #[error(
        "the value registered as {label} is shorter than 8 bytes and would match ordinary text; \
         use a longer value, or find it by its key"
    )]
    TooShort {
        /// The label of the rule.
        label: String,
    },
    /// The registered value is longer than 16,384 bytes.
    #[error("the value registered as {label} is longer than 16,384 bytes")]
    TooLong {
        /// The label of the rule.
        label: String,
    },
    /// The registered value or the anchor occurs in a marker, which would be redacted in turn.
    #[error(
        "the value or anchor of {label} occurs in a marker, which would be redacted again; choose \
         another one"
    )]
    OccursInMarker {
        /// The label of the rule.
        label: String,
    },
    /// The anchor is not 3 to 32 printable ASCII characters, or the key is not 3 to 32 letters,
    /// digits, `_`, `-` and `.`.
    #[error(
        "an anchor must have 3 to 32 printable ASCII characters, and a key 3 to 32 of A-Z, a-z, 0-9, \
         _, - and .; change that of {label}"
    )]
    Anchor {
        /// The label of the rule.
        label: String,
    },
    /// The shape does not require 8 to 64 characters after its anchor.
    #[error("the shape {label} must require 8 to 64 characters after its anchor")]
    Length {
        /// The label of the rule.
        label: String,
    },
    /// The family is mandatory, because it contains credentials of the platform.
    #[error("the family {family} is mandatory and cannot be switched off")]
    Mandatory {
        /// The mandatory family.
        family: super::Family,
    },
    /// The pseudonym key is shorter than 16 bytes.
    #[error("the pseudonym key is shorter than 16 bytes and could be guessed; use 32 random bytes")]
    PseudonymKey,
    /// The id of the pseudonym key is not 1 to 16 characters of `a`–`z`, `0`–`9`, `-` and `_`.
    #[error("the id of a pseudonym key must have 1 to 16 characters of a-z, 0-9, - and _")]
    PseudonymId,
    /// The operating system returned no random bytes for a pseudonym key.
    #[error("the operating system returned no random bytes for the pseudonym key")]
    NoRandomness,
    /// The redactor has more than 1,000 rules. Each registered value counts as four.
    #[error("the redactor has more than 1,000 rules; each registered value counts as four")]
    TooMany,
}
