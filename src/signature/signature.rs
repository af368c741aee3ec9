//! The signature of one delivery.

use core::fmt;

use super::{Scheme, hex};
use crate::rejection::Rejection;

/// An HMAC-SHA256 tag (RFC 2104, FIPS 180-4) of 32 bytes, parsed from a header or computed.
///
/// # Format
/// The header value is `sha256=` in lower case, then exactly 64 hexadecimal digits of either case. It is
/// not trimmed, and parsing does not allocate.
///
/// # Security
/// A computed tag is a secret: anybody who has it can send the signed body. So `Debug` does not print
/// it. There is no `PartialEq`, because `==` takes variable time:
/// ```compile_fail,E0369
/// let signature = hubseal::Signature::parse([0; 71]).unwrap();
/// let _ = signature == signature;
/// ```
/// `Display` prints the header value of Meta and GitHub for the sender.
/// [`Verifier::sign_headers`](crate::Verifier::sign_headers) returns that of every scheme.
///
/// # Examples
/// ```
/// use hubseal::Signature;
///
/// let value = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
/// let signature = Signature::parse(value)?;
/// assert_eq!(signature.to_string(), value);
/// assert_eq!(format!("{signature:?}"), "Signature(..)");
///
/// for refused in ["", "sha256=", &value[7..], &value[..70], "SHA256=00", "sha1=00"] {
///     assert!(Signature::parse(refused).is_err());
/// }
/// # Ok::<(), hubseal::Rejection>(())
/// ```
#[derive(Clone)]
pub struct Signature([u8; Self::BYTES]);

impl Signature {
    /// The length of a signature, in bytes.
    pub const BYTES: usize = hex::BYTES;

    const PREFIX: &str = "sha256=";

    pub(crate) const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Parses one header value in the [format](Self#format) of Meta and GitHub.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`SignatureMalformed`](crate::RejectionKind::SignatureMalformed)
    /// if the value is not in that format.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{RejectionKind, Signature};
    ///
    /// let rejection = Signature::parse(b"sha256=\xff").err().unwrap();
    /// assert_eq!(rejection.kind(), RejectionKind::SignatureMalformed);
    /// ```
    pub fn parse(value: impl AsRef<[u8]>) -> Result<Self, Rejection> {
        Scheme::META.parse_one(value.as_ref())
    }

    /// Returns the 32 bytes, to send them in another encoding.
    ///
    /// # Security
    /// Do not compare them with `==`. [`Verifier`](crate::Verifier) compares in constant time.
    ///
    /// # Examples
    /// ```
    /// let signature = hubseal::Signature::parse(format!("sha256={:064}", 7))?;
    /// assert_eq!(signature.as_bytes()[31], 7);
    /// # Ok::<(), hubseal::Rejection>(())
    /// ```
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

/// Prints `sha256=` and 64 lower-case hexadecimal digits.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 2 * Self::BYTES];
        f.write_str(Self::PREFIX)?;
        f.write_str(base16ct::lower::encode_str(&self.0, &mut digits)?)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
