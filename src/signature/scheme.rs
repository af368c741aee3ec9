//! Signature schemes: the headers of a signature, their format, and the signed message.

use core::time::Duration;

use super::{Signature, SignedPart, base64, hex};
use crate::rejection::{Rejection, RejectionKind};

/// A signature scheme: the headers of the signature, their format, and the message that is signed.
///
/// All schemes use HMAC-SHA256. The message ends with the raw body. Some schemes sign a timestamp, an id
/// or fixed text before it. Keys, comparison and limits are the same for all schemes.
///
/// | scheme | signature header | message | key |
/// |---|---|---|---|
/// | [`META`](Self::META), [`GITHUB`](Self::GITHUB) | `x-hub-signature-256: sha256=<hex>` | body | the text of the secret |
/// | [`SHOPIFY`](Self::SHOPIFY) | `x-shopify-hmac-sha256: <base64>` | body | the text of the secret |
/// | [`SLACK`](Self::SLACK) | `x-slack-signature: v0=<hex>` | `v0:{timestamp}:{body}` | the text of the secret |
/// | [`STRIPE`](Self::STRIPE) | `stripe-signature: t=<timestamp>,v1=<hex>` | `{timestamp}.{body}` | the text of the secret, with `whsec_` |
/// | [`STANDARD_WEBHOOKS`](Self::STANDARD_WEBHOOKS) | `webhook-signature: v1,<base64>` | `{id}.{timestamp}.{body}` | [decoded](crate::AppSecret::decode_whsec) |
/// | [`SVIX`](Self::SVIX) | `svix-signature: v1,<base64>` | `{id}.{timestamp}.{body}` | [decoded](crate::AppSecret::decode_whsec) |
///
/// [`hmac_sha256`](Self::hmac_sha256) describes the scheme of another platform.
///
/// # Timestamps
/// A signed timestamp may differ from the clock of the [`KeyRing`](crate::KeyRing) by the
/// [tolerance](Self::tolerance): 5 minutes both ways by default. It is checked before the body is read.
/// Without a clock, every delivery is rejected as [`NotConfigured`](RejectionKind::NotConfigured). There is
/// no clock without the feature `std`. On `wasm32-unknown-unknown`, set one with `KeyRing::with_clock`.
///
/// # Bounds
/// A header of the scheme must occur exactly once.
/// - The signature header has at most [`MAX_HEADER_BYTES`](Self::MAX_HEADER_BYTES) bytes, and at most
///   [`MAX_SIGNATURES`](Self::MAX_SIGNATURES) signatures. The body is hashed once for each key, whatever the
///   number of signatures.
/// - A timestamp is a `u64` in decimal digits, without a sign or leading zeros.
/// - An id has 1 to [`MAX_ID_BYTES`](Self::MAX_ID_BYTES) visible ASCII characters. It does not contain the
///   character that follows it in the message, because then two messages could be confused.
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
    pub(crate) name: &'static str,
    pub(crate) header: &'static str,
    /// The text before each signature.
    pub(crate) prefix: &'static str,
    pub(crate) encoding: Encoding,
    /// The byte between the items of the signature header, if it is a list.
    pub(crate) separator: Option<u8>,
    pub(crate) before_body: &'static [SignedPart],
    pub(crate) tolerance: Duration,
}

/// The encoding of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Hex,
    Base64,
}

impl Scheme {
    /// The most signatures that a signature header may contain.
    pub const MAX_SIGNATURES: usize = 8;

    /// The longest signature header, in bytes.
    pub const MAX_HEADER_BYTES: usize = 2_048;

    /// The longest id, in bytes.
    pub const MAX_ID_BYTES: usize = 256;

    /// Returns the short name of the scheme. hubseal itself does not log it.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Scheme::GITHUB.name(), "github");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the lower-case name of the signature header. [`headers`](Self::headers) returns all names.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::Scheme::GITHUB.header(), "x-hub-signature-256");
    /// ```
    #[must_use]
    pub const fn header(&self) -> &'static str {
        self.header
    }

    /// Returns the lower-case names of all headers of the scheme, the signature header first.
    ///
    /// # Examples
    /// ```
    /// use hubseal::Scheme;
    ///
    /// assert!(Scheme::SLACK.headers().eq(["x-slack-signature", "x-slack-request-timestamp"]));
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = &'static str> {
        let parts = self.before_body.iter();
        core::iter::once(self.header).chain(parts.filter_map(SignedPart::header))
    }

    /// Whether this is the format of Meta and GitHub.
    #[cfg(feature = "testing")]
    pub(crate) fn is_hub(&self) -> bool {
        let (name, tolerance) = (self.name, self.tolerance);
        *self
            == Self {
                name,
                tolerance,
                ..Self::META
            }
    }

    /// Whether the signature header contains one signature, and the message is the body alone.
    #[inline]
    pub(crate) const fn is_body_only(&self) -> bool {
        self.before_body.is_empty() && self.separator.is_none()
    }

    /// Parses one value of the signature header.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`SignatureMalformed`](RejectionKind::SignatureMalformed) if the value is not in the format of the
    ///   scheme,
    /// - [`NotConfigured`](RejectionKind::NotConfigured) if the scheme signs more than the body, or allows
    ///   several signatures. Use [`Verifier::verify_headers`](crate::Verifier::verify_headers) for it.
    ///
    /// # Examples
    /// ```
    /// let value = format!("sha256={:064x}", 0xfeed);
    /// assert!(hubseal::Scheme::META.parse(value).is_ok());
    /// ```
    pub fn parse(&self, value: impl AsRef<[u8]>) -> Result<Signature, Rejection> {
        if !self.is_body_only() {
            return Err(Rejection::new(RejectionKind::NotConfigured));
        }
        self.parse_one(value.as_ref())
    }

    /// Parses a header value or an item of a list: the prefix, then the encoded signature.
    #[inline]
    pub(crate) fn parse_one(&self, value: &[u8]) -> Result<Signature, Rejection> {
        value
            .strip_prefix(self.prefix.as_bytes())
            .and_then(|encoded| match self.encoding {
                Encoding::Hex => hex::decode(encoded),
                Encoding::Base64 => base64::decode(encoded),
            })
            .map(Signature::from_bytes)
            .ok_or_else(|| Rejection::new(RejectionKind::SignatureMalformed))
    }

    /// Parses the signature from all values of the signature header.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`SignatureMissing`](RejectionKind::SignatureMissing) if there is no value,
    /// - [`SignatureRepeated`](RejectionKind::SignatureRepeated) if there is more than one, even if they
    ///   are equal,
    /// - [`SignatureMalformed`](RejectionKind::SignatureMalformed) if the value does not parse,
    /// - [`NotConfigured`](RejectionKind::NotConfigured) as for [`parse`](Self::parse).
    ///
    /// The sender gets the same response for the first three.
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
        self.parse(only(values)?)
    }
}

/// Returns the value of a header that must occur exactly once.
#[inline]
pub(super) fn only<V>(values: impl IntoIterator<Item = V>) -> Result<V, Rejection> {
    let mut values = values.into_iter();
    let first = values
        .next()
        .ok_or_else(|| Rejection::new(RejectionKind::SignatureMissing))?;
    if values.next().is_some() {
        return Err(Rejection::new(RejectionKind::SignatureRepeated));
    }
    Ok(first)
}

/// Returns [`Scheme::META`].
impl Default for Scheme {
    fn default() -> Self {
        Self::META
    }
}
