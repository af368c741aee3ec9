//! The signature of one delivery: 32 bytes, parsed strictly.

use core::fmt;

use crate::{AppSecret, KeyRing, Rejection, Scheme};

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
    pub const BYTES: usize = 32;

    pub(crate) const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Parses one header value in the form that [`Scheme::META`] and [`Scheme::GITHUB`] share.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`SignatureMalformed`](crate::Kind::SignatureMalformed) for
    /// anything outside the grammar.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Kind, Signature};
    ///
    /// let rejection = Signature::parse(b"sha256=\xff").err().unwrap();
    /// assert_eq!(rejection.kind(), Kind::SignatureMalformed);
    /// ```
    pub fn parse(value: impl AsRef<[u8]>) -> Result<Self, Rejection> {
        Scheme::META.parse(value)
    }

    /// Signs a body with a secret, as Meta and GitHub do.
    ///
    /// The key is prepared anew for each call; [`Verifier::sign`](crate::Verifier::sign) has
    /// it ready.
    ///
    /// # Examples
    /// The known answer of GitHub's documentation, *Validating webhook deliveries*:
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
        KeyRing::from(secret).sign(body.as_ref())
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
        f.write_str("sha256=")?;
        f.write_str(base16ct::lower::encode_str(&self.0, &mut digits)?)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
