//! The parts of a signed message before the body.

/// A part of the signed message before the body: see [`Scheme::before_body`](crate::Scheme::before_body).
///
/// # Examples
/// ```
/// use hubseal::{Scheme, SignedPart};
///
/// const BILLING: Scheme = Scheme::hmac_sha256("billing", "x-billing-signature").before_body(&[
///     SignedPart::TimestampHeader("x-billing-timestamp"),
///     SignedPart::Text("."),
/// ]);
/// assert_eq!(BILLING.header(), "x-billing-signature");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedPart {
    /// Fixed text.
    Text(&'static str),
    /// A timestamp in seconds since 1970, from the header with this lower-case name.
    TimestampHeader(&'static str),
    /// A timestamp in seconds since 1970, from the item of the signature header that begins with this text.
    /// The signature header must be a [list](crate::Scheme::list).
    TimestampItem(&'static str),
    /// The id of the delivery, from the header with this lower-case name. It must be the same when the
    /// delivery is sent again. The [fingerprint](crate::Verified::fingerprint) depends on the ids only.
    IdHeader(&'static str),
}

impl SignedPart {
    pub(crate) const fn is_timestamp(&self) -> bool {
        matches!(self, Self::TimestampHeader(_) | Self::TimestampItem(_))
    }

    /// Returns the name of the header that contains the part.
    pub(crate) const fn header(&self) -> Option<&'static str> {
        match *self {
            Self::TimestampHeader(name) | Self::IdHeader(name) => Some(name),
            Self::Text(_) | Self::TimestampItem(_) => None,
        }
    }
}
