//! Why a redactor could not be built.

use alloc::string::String;

/// A rule that was refused, and what to do about it. It names the rule and never the value.
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
    /// A label is 1 to 32 characters of `a`–`z`, `0`–`9` and `_`.
    #[error("a label is 1 to 32 characters of a-z, 0-9 and _: it stands in the marker as it is")]
    Label,
    /// A registered value is at least 8 bytes long: a shorter one would blacken ordinary text.
    #[error(
        "the value registered as {label} is shorter than 8 bytes and would blacken ordinary text"
    )]
    TooShort {
        /// The label it was to have.
        label: String,
    },
    /// A registered value is at most 16,384 bytes long.
    #[error("the value registered as {label} is longer than 16,384 bytes")]
    TooLong {
        /// The label it was to have.
        label: String,
    },
    /// A registered value or an anchor occurs within a marker, which would be redacted in turn.
    #[error("the value or anchor of {label} occurs in a marker and would be found there again")]
    OccursInMarker {
        /// The label it was to have.
        label: String,
    },
    /// An anchor or a key is 3 to 32 printable ASCII characters; a key is of letters, digits, `_`,
    /// `-` and `.`.
    #[error("the anchor or key of {label} is not 3 to 32 printable ASCII characters")]
    Anchor {
        /// The label it was to have.
        label: String,
    },
    /// A rule by shape asks for 8 to 64 characters.
    #[error("the rule {label} must ask for 8 to 64 characters behind its anchor")]
    Length {
        /// The label it was to have.
        label: String,
    },
    /// The family belongs to the platform's own credentials and stays switched on.
    #[error("{family} cannot be switched off")]
    Mandatory {
        /// The family that was to be switched off.
        family: super::Family,
    },
    /// A key of pseudonyms is at least 16 bytes long.
    #[error("the key of the pseudonyms is shorter than 16 bytes and could be guessed")]
    PseudonymKey,
    /// The id of a key of pseudonyms is 1 to 16 characters of `a`–`z`, `0`–`9`, `-` and `_`.
    #[error("the id of a pseudonym key is 1 to 16 characters of a-z, 0-9, - and _")]
    PseudonymId,
    /// The operating system gave no random bytes for a key.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// There are too many rules to search for at once.
    #[error("there are more than 1,000 rules")]
    TooMany,
}
