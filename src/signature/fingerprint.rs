//! Fingerprints, which identify deliveries and updates.

use core::fmt;

use sha2::{Digest, Sha256};

/// A hash of 16 bytes that identifies a delivery, or an update by its id.
///
/// [`Verified::fingerprint`](crate::Verified::fingerprint) returns that of a delivery. Two different
/// deliveries have the same fingerprint with a probability of 2<sup>-128</sup>.
///
/// # Security
/// It is the start of a SHA-256 hash without a key:
/// - The fingerprint of a delivery is safe to log and to store. Nobody can compute the signature from it. With
///   a scheme that signs an id, it is the hash of the id, which is no secret.
/// - Anybody who can guess an id can confirm that a fingerprint belongs to it. So do not log fingerprints of
///   phone numbers or other short ids. WhatsApp's message ids are too long to guess.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let header = verifier.sign("{}").to_string();
/// let first = verifier.verify(&header, "{}")?.fingerprint();
/// let digits_in_upper_case = format!("sha256={}", header["sha256=".len()..].to_uppercase());
/// let again = verifier.verify(digits_in_upper_case, "{}")?.fingerprint();
/// assert_eq!(first, again);
/// assert_eq!(first.to_string().len(), 32);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; Self::BYTES]);

impl Fingerprint {
    /// The length of a fingerprint, in bytes.
    pub const BYTES: usize = 16;

    /// Creates the fingerprint of something else that must be handled once, such as an order.
    ///
    /// Start with a word for the kind of thing, so that equal ids of two kinds differ. This crate uses the
    /// words `delivery`, `delivery id`, `message` and `status`. Different lists of parts have different fingerprints:
    /// `["a", "bc"]` and `["ab", "c"]` differ.
    ///
    /// # Examples
    /// ```
    /// use hubseal::Fingerprint;
    ///
    /// let paid = Fingerprint::new(["order", "4711", "paid"]);
    /// let sent = Fingerprint::new(["order", "4711", "sent"]);
    /// assert_ne!(paid, sent);
    /// ```
    #[must_use]
    pub fn new<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            let part = part.as_ref();
            // The length marks where a part ends.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut bytes = [0; Self::BYTES];
        for (byte, hashed) in bytes.iter_mut().zip(hash.finalize()) {
            *byte = hashed;
        }
        Self(bytes)
    }

    /// Creates a fingerprint that is similar to another one.
    #[cfg(all(feature = "testing", feature = "replay"))]
    pub(crate) const fn of_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes, for example as a key in a database.
    ///
    /// # Examples
    /// ```
    /// use hubseal::Fingerprint;
    ///
    /// assert_eq!(Fingerprint::new(["order", "4711"]).as_bytes().len(), Fingerprint::BYTES);
    /// ```
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

/// Prints 32 lower-case hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 2 * Self::BYTES];
        f.pad(base16ct::lower::encode_str(&self.0, &mut digits)?)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
