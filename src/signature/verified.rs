//! The proof that a value was verified.

use alloc::{borrow::Cow, boxed::Box, string::String, sync::Arc, vec::Vec};
use core::{fmt, ops::Deref};

use bytes::Bytes;

#[cfg(doc)]
use super::Scheme;
use super::{Fingerprint, KeyName, Signature};

/// A value that the platform signed, and the name of the key that matched.
///
/// Only verification creates one. A function that takes a `Verified<T>` cannot be called with forged
/// bytes. It contains no headers, because the signature does not cover them.
///
/// `T` is a byte type of [`StableBytes`], or JSON that was parsed from the signed bytes.
///
/// # Security
/// There is no constructor, and no method changes the value:
/// ```compile_fail,E0451
/// fn forge(genuine: hubseal::Verified<&'static str>) -> hubseal::Verified<&'static str> {
///     hubseal::Verified { value: "forged", ..genuine }
/// }
/// ```
/// ```compile_fail,E0599
/// fn forge(verified: hubseal::Verified<&'static str>) -> hubseal::Verified<&'static str> {
///     verified.try_map(|_| Ok::<_, ()>("forged")).unwrap()
/// }
/// ```
/// ```compile_fail,E0596
/// fn forge(verified: &mut hubseal::Verified<Vec<u8>>) {
///     verified[0] = b'[';
/// }
/// ```
/// `Debug` prints the name of the key. It does not print the value, which contains customer data.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verified, Verifier};
///
/// fn handle(update: Verified<&str>) -> usize {
///     update.len()
/// }
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let header = verifier.sign("{}").to_string();
/// let verified = verifier.verify(header, "{}")?;
/// assert_eq!(format!("{verified:?}"), r#"Verified { key: "current", .. }"#);
/// assert_eq!(handle(verified), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verified<T> {
    value: T,
    proof: Proof,
}

/// The key that matched, and what identifies the delivery.
#[derive(Clone, Copy)]
pub(crate) struct Proof {
    key: KeyName,
    identity: Identity,
}

#[derive(Clone, Copy)]
enum Identity {
    /// Hashed only when it is asked for, because most services never do.
    Tag([u8; Signature::BYTES]),
    Id(Fingerprint),
}

impl Proof {
    pub(crate) const fn new(key: KeyName, signature: &Signature) -> Self {
        Self {
            key,
            identity: Identity::Tag(*signature.as_bytes()),
        }
    }

    /// The proof of a delivery with a signed id.
    pub(super) const fn of_id(key: KeyName, id: Fingerprint) -> Self {
        Self {
            key,
            identity: Identity::Id(id),
        }
    }

    pub(crate) const fn key(&self) -> KeyName {
        self.key
    }
}

impl<T> Verified<T> {
    pub(crate) const fn new(value: T, proof: Proof) -> Self {
        Self { value, proof }
    }

    #[cfg(feature = "json")]
    pub(crate) const fn proof(&self) -> Proof {
        self.proof
    }

    /// Returns the name of the key that matched the signature.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let verified = verifier.verify(verifier.sign("{}").to_string(), "{}")?;
    /// assert_eq!(verified.key().as_str(), "current");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn key(&self) -> KeyName {
        self.proof.key()
    }

    /// Returns the fingerprint of the delivery, to recognise it when it is sent again.
    ///
    /// It is a hash of the signed id if the scheme has one, as [`Scheme::STANDARD_WEBHOOKS`] and
    /// [`Scheme::SVIX`] have. Otherwise it is a hash of the verified signature:
    /// - Both are the same for every spelling of the header, and for every value that was parsed from one
    ///   delivery.
    /// - That of an id is the same when the platform sends the delivery again, although timestamp and signature
    ///   differ. It is `Fingerprint::new(["delivery id", id])`.
    /// - That of a signature differs if the body is signed with another key, as in the days after a rotation.
    /// - [`Scheme::STRIPE`] and [`Scheme::SLACK`] sign a new timestamp when they send a delivery again, so that
    ///   its fingerprint differs. Make one of the event's id: [`Fingerprint::new`].
    ///
    /// # Security
    /// Ids are unique for one sender only. If several senders share an endpoint, one of them can send an id of
    /// another, and a replay guard drops the later delivery. Use one endpoint for each sender.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let delivery = verifier.verify(verifier.sign("{}").to_string(), "{}")?;
    /// let again = verifier.verify(verifier.sign("{}").to_string(), "{}")?;
    /// let other = verifier.verify(verifier.sign("[]").to_string(), "[]")?;
    /// assert_eq!(delivery.fingerprint(), again.fingerprint());
    /// assert_ne!(delivery.fingerprint(), other.fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        match self.proof.identity {
            Identity::Tag(tag) => Fingerprint::new([b"delivery", tag.as_slice()]),
            Identity::Id(id) => id,
        }
    }

    /// Returns the value without the proof.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let verified = verifier.verify(verifier.sign("{}").to_string(), "{}")?;
    /// assert_eq!(verified.into_inner(), "{}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("key", &self.key())
            .finish_non_exhaustive()
    }
}

/// Byte types whose contents cannot change between verification and use.
///
/// The trait is sealed. Another type's `AsRef<[u8]>` could return the signed bytes first and other bytes
/// later:
/// ```compile_fail,E0277
/// struct Changing(std::cell::Cell<bool>);
///
/// impl AsRef<[u8]> for Changing {
///     fn as_ref(&self) -> &[u8] {
///         if self.0.replace(true) { b"forged" } else { b"signed" }
///     }
/// }
///
/// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978").unwrap());
/// let header = verifier.sign("signed").to_string();
/// let _ = verifier.verify(header, Changing(false.into()));
/// ```
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, StableBytes, Verifier};
///
/// fn is_genuine(verifier: &Verifier, header: &str, body: impl StableBytes) -> bool {
///     verifier.verify(header, body).is_ok()
/// }
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// assert!(is_genuine(&verifier, &verifier.sign("{}").to_string(), vec![b'{', b'}']));
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be verified, because its bytes may change between two reads",
    note = "pass the body as `&[u8]`, `Vec<u8>`, `&str`, `String` or `bytes::Bytes`"
)]
pub trait StableBytes: AsRef<[u8]> + sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! stable_bytes {
    ($([$($generics:tt)*] $type:ty;)*) => { $(
        impl<$($generics)*> StableBytes for $type {}
        impl<$($generics)*> sealed::Sealed for $type {}
    )* };
}

stable_bytes! {
    [] [u8];
    [] str;
    [] Vec<u8>;
    [] String;
    [] Box<[u8]>;
    [] Arc<[u8]>;
    [] Bytes;
    [] Cow<'_, [u8]>;
    [const LENGTH: usize] [u8; LENGTH];
    [T: StableBytes + ?Sized] &T;
}
