//! The signature of one delivery: 32 bytes, parsed strictly.

use core::fmt;

use super::hex;
use crate::rejection::{Rejection, RejectionKind};

/// An HMAC-SHA256 tag (RFC 2104, FIPS 180-4): 32 bytes read from a header, or made by signing.
///
/// # Grammar
/// `sha256=` in exactly this spelling, then exactly 64 hexadecimal digits of either case, and
/// nothing else. The value is taken as bytes: no input is trimmed, skipped, sliced inside a
/// character or allocated for. Two spellings of the same digits are the same signature.
///
/// # Security
/// A tag that this process computed is as good as a secret, because whoever holds it can send the
/// body it signs. So there is no `Debug` that shows it, and no `PartialEq`, which would be an
/// invitation to compare in variable time:
/// ```compile_fail,E0369
/// let signature = hubseal::Signature::parse([0; 71]).unwrap();
/// let _ = signature == signature;
/// ```
/// `Display` is for the sender's side, where the header is written.
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

    pub(super) const PREFIX: &str = "sha256=";

    /// Parses a header value: `prefix`, then 64 hexadecimal digits.
    pub(super) fn parse_after(prefix: &str, value: &[u8]) -> Result<Self, Rejection> {
        value
            .strip_prefix(prefix.as_bytes())
            .and_then(hex::decode)
            .map(Self)
            .ok_or_else(|| Rejection::new(RejectionKind::SignatureMalformed))
    }

    pub(crate) const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Parses one header value in the form that [`Scheme::META`] and [`Scheme::GITHUB`] share.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`SignatureMalformed`](crate::RejectionKind::SignatureMalformed) for
    /// anything outside the grammar.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{RejectionKind, Signature};
    ///
    /// let rejection = Signature::parse(b"sha256=\xff").err().unwrap();
    /// assert_eq!(rejection.kind(), RejectionKind::SignatureMalformed);
    /// ```
    pub fn parse(value: impl AsRef<[u8]>) -> Result<Self, Rejection> {
        Self::parse_after(Self::PREFIX, value.as_ref())
    }

    /// The 32 bytes, for a protocol that carries them in another form.
    ///
    /// # Security
    /// Compare them with nothing: [`Verifier`](crate::Verifier) does, in constant time.
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

/// The text that [`Signature::parse`] reads: `sha256=` and 64 lower-case hexadecimal digits.
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
