//! How a platform signs: where the signature is, how it is written, and what it covers.

use super::Signature;
use crate::rejection::{Rejection, RejectionKind};

/// One platform's way of signing, as data.
///
/// A scheme says which header carries the signature, what its text looks like, and which bytes
/// are signed. Everything else, such as keys, comparison and limits, is the same for all.
///
/// # Examples
/// ```
/// use hubseal::Scheme;
///
/// assert_eq!(Scheme::default().name(), "meta");
/// assert_eq!(Scheme::META.header(), "x-hub-signature-256");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    name: &'static str,
    header: &'static str,
    prefix: &'static str,
}

impl Scheme {
    /// WhatsApp Business, Messenger, Instagram and Pages: `X-Hub-Signature-256: sha256=<hex>`
    /// over the raw body, keyed with the App Secret.
    ///
    /// The legacy `X-Hub-Signature` with SHA-1, which Meta sends beside it, is never read.
    ///
    /// Source: Meta, *Webhooks: Validate payloads*.
    pub const META: Self = Self {
        name: "meta",
        header: "x-hub-signature-256",
        prefix: Signature::PREFIX,
    };

    /// GitHub signs as Meta does, with the webhook's secret.
    ///
    /// Source: GitHub, *Validating webhook deliveries*.
    pub const GITHUB: Self = Self {
        name: "github",
        ..Self::META
    };

    /// The scheme's short name, for logs and metrics.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Scheme::GITHUB.name(), "github");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The lower-case name of the header that carries the signature.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Scheme::GITHUB.header(), "x-hub-signature-256");
    /// ```
    #[must_use]
    pub const fn header(&self) -> &'static str {
        self.header
    }

    /// Parses one value of the signature header.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`SignatureMalformed`](RejectionKind::SignatureMalformed) for anything
    /// outside the scheme's grammar.
    ///
    /// # Examples
    /// ```
    /// let value = format!("sha256={:064x}", 0xfeed);
    /// assert!(hubseal::Scheme::META.parse(value).is_ok());
    /// ```
    pub fn parse(&self, value: impl AsRef<[u8]>) -> Result<Signature, Rejection> {
        Signature::parse_after(self.prefix, value.as_ref())
    }

    /// Finds the one signature among all values of the signature header.
    ///
    /// # Errors
    /// A [`Rejection`] of kind [`SignatureMissing`](RejectionKind::SignatureMissing) where there is none,
    /// [`SignatureRepeated`](RejectionKind::SignatureRepeated) where there is more than one, even if they
    /// are equal, and [`SignatureMalformed`](RejectionKind::SignatureMalformed) where the one does not
    /// parse. On the wire the three are the same.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{RejectionKind, Scheme};
    ///
    /// let one = format!("sha256={:064x}", 1);
    /// assert!(Scheme::META.find([&one]).is_ok());
    ///
    /// let kind = |values: &[&String]| Scheme::META.find(values).err().map(|r| r.kind());
    /// assert_eq!(kind(&[]), Some(RejectionKind::SignatureMissing));
    /// assert_eq!(kind(&[&one, &one]), Some(RejectionKind::SignatureRepeated));
    /// assert_eq!(kind(&[&one.to_uppercase()]), Some(RejectionKind::SignatureMalformed));
    /// ```
    pub fn find<V: AsRef<[u8]>>(
        &self,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Signature, Rejection> {
        let mut values = values.into_iter();
        let first = values
            .next()
            .ok_or_else(|| Rejection::new(RejectionKind::SignatureMissing))?;
        if values.next().is_some() {
            return Err(Rejection::new(RejectionKind::SignatureRepeated));
        }
        self.parse(first)
    }
}

/// [`Scheme::META`].
impl Default for Scheme {
    fn default() -> Self {
        Self::META
    }
}
