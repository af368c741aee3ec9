//! Signature schemes of the supported platforms.

use super::Signature;
use crate::rejection::{Rejection, RejectionKind};

/// A signature scheme: the header that contains the signature, and its format.
///
/// Keys, comparison and limits are the same for all schemes.
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
    /// The scheme of WhatsApp Business, Messenger, Instagram and Pages.
    ///
    /// `X-Hub-Signature-256: sha256=<hex>` is the HMAC-SHA256 of the raw body, keyed with the app secret.
    /// The legacy `X-Hub-Signature` header with SHA-1 is never read.
    ///
    /// Source: Meta, *Webhooks: Validate payloads*.
    pub const META: Self = Self {
        name: "meta",
        header: "x-hub-signature-256",
        prefix: Signature::PREFIX,
    };

    /// The scheme of GitHub: the same format as Meta's, keyed with the webhook secret.
    ///
    /// Source: GitHub, *Validating webhook deliveries*.
    pub const GITHUB: Self = Self {
        name: "github",
        ..Self::META
    };

    /// Returns the short name of the scheme, for logs and metrics.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Scheme::GITHUB.name(), "github");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the lower-case name of the signature header.
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
    /// Returns a [`Rejection`] of kind [`SignatureMalformed`](RejectionKind::SignatureMalformed) if the
    /// value is not in the format of the scheme.
    ///
    /// # Examples
    /// ```
    /// let value = format!("sha256={:064x}", 0xfeed);
    /// assert!(hubseal::Scheme::META.parse(value).is_ok());
    /// ```
    pub fn parse(&self, value: impl AsRef<[u8]>) -> Result<Signature, Rejection> {
        Signature::parse_after(self.prefix, value.as_ref())
    }

    /// Parses the signature from all values of the signature header.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`SignatureMissing`](RejectionKind::SignatureMissing) if there is no value,
    /// - [`SignatureRepeated`](RejectionKind::SignatureRepeated) if there is more than one, even if they
    ///   are equal,
    /// - [`SignatureMalformed`](RejectionKind::SignatureMalformed) if the value does not parse.
    ///
    /// The sender gets the same response for all three.
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

/// Returns [`Scheme::META`].
impl Default for Scheme {
    fn default() -> Self {
        Self::META
    }
}
