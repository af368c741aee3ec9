//! Verification of signatures, without limits on the body.

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hmac::Mac;

use super::{KeyRing, Presented, Scheme, Signature, StableBytes, Verification, Verified, View};
use crate::{
    header_lookup::HeaderLookup,
    rejection::{Rejection, RejectionKind},
    sync::{Arc, Replaceable},
};

/// Verifies signatures with a key ring and a [`Scheme`].
///
/// Use it if you have the whole body in memory. [`Endpoint`](crate::Endpoint) also limits size, memory
/// and time, and answers the handshake.
///
/// Clones share the key ring. [`replace_keys`](Self#method.replace_keys) replaces it for all of them.
///
/// # Security
/// Signatures are compared in constant time. A verifier needs a secret, and nothing turns the check off.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("It's a Secret to Everybody")?);
/// let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
///
/// assert_eq!(verifier.verify(header, "Hello, World!")?.into_inner(), "Hello, World!");
/// assert!(verifier.verify(header, "Hello, World?").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    ring: Replaceable<KeyRing>,
    scheme: Scheme,
}

impl Verifier {
    /// Creates a verifier of Meta's signatures. A single secret gets the key name `current`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, KeyRing, Verifier};
    ///
    /// let _one = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let _several = Verifier::new(KeyRing::new([
    ///     ("orders", AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?),
    ///     ("support", AppSecret::new("00112233445566778899aabbccddeeff")?),
    /// ])?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(keys: impl Into<KeyRing>) -> Self {
        Self {
            ring: Replaceable::new(keys.into()),
            scheme: Scheme::META,
        }
    }

    /// Sets the signature scheme. Defaults to [`Scheme::META`].
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Scheme, Verifier};
    ///
    /// let secret = AppSecret::new("It's a Secret to Everybody")?;
    /// let verifier = Verifier::new(secret).with_scheme(Scheme::GITHUB);
    /// assert_eq!(verifier.scheme().name(), "github");
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn with_scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    /// Returns the signature scheme, which names the signature header.
    ///
    /// # Examples
    /// ```
    /// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978")?);
    /// assert_eq!(verifier.scheme().header(), "x-hub-signature-256");
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// Returns the key ring that is in use now.
    ///
    /// # Examples
    /// ```
    /// # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a6978")?);
    /// assert_eq!(verifier.keys().match_count("current"), Some(0));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn keys(&self) -> Arc<KeyRing> {
        self.ring.get()
    }

    /// Replaces the key ring of this verifier, its clones and its endpoint.
    ///
    /// - Requests in progress finish with the old ring. Later requests use the new one.
    /// - The old ring is wiped when the last of those requests ends.
    /// - The [match count](KeyRing::match_count) of a name goes on if both rings have a key of this name.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, KeyRing, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let old = verifier.sign("{}").to_string();
    ///
    /// verifier.replace_keys(KeyRing::new([
    ///     ("current", AppSecret::new("00112233445566778899aabbccddeeff")?),
    ///     ("previous", AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?),
    /// ])?);
    /// assert_eq!(verifier.verify(&old, "{}")?.key().as_str(), "previous");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn replace_keys(&self, keys: impl Into<KeyRing>) {
        self.ring
            .replace(keys.into(), |old, new| new.continue_counts(old));
    }

    /// Reads the signature of a request, and checks its timestamp.
    #[inline]
    pub(crate) fn present<H: HeaderLookup + ?Sized>(
        &self,
        headers: &H,
    ) -> Result<Presented, Rejection> {
        Presented::read(&self.scheme, headers, || self.keys())
    }

    /// Verifies a body against the value of its signature header, and returns the body.
    ///
    /// `header` is the value of the header that [`scheme`](Self::scheme) names. If the header may be
    /// missing or repeated, or the scheme has other headers, use [`verify_headers`](Self::verify_headers).
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`SignatureMalformed`](RejectionKind::SignatureMalformed), or the
    /// errors of [`verify_signature`](Self::verify_signature).
    ///
    /// # Security
    /// Pass the raw body. A body that was decompressed, decoded or serialised again does not match its
    /// signature.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let header = "sha256=6a682fb5f144fec443c6f7c7415e8dc8c4cfd379261962da3acfef69ac7398af";
    /// let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    /// assert_eq!(verifier.verify(header, body)?.key().as_str(), "current");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify<B: StableBytes>(
        &self,
        header: impl AsRef<[u8]>,
        body: B,
    ) -> Result<Verified<B>, Rejection> {
        self.verify_signature(&self.scheme.parse(header)?, body)
    }

    /// Verifies a body against a parsed signature.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`SignatureMismatch`](RejectionKind::SignatureMismatch) if no key matches,
    /// - [`KeyExpired`](RejectionKind::KeyExpired) if only keys past their deadline match,
    /// - [`NotConfigured`](RejectionKind::NotConfigured) if the scheme signs more than the body, or allows
    ///   several signatures. Use [`verify_headers`](Self::verify_headers) for it.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let headers = [verifier.sign("{}").to_string()];
    ///
    /// let signature = verifier.scheme().find(&headers)?;
    /// assert!(verifier.verify_signature(&signature, "{}").is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_signature<B: StableBytes>(
        &self,
        signature: &Signature,
        body: B,
    ) -> Result<Verified<B>, Rejection> {
        if !self.scheme.is_body_only() {
            return Err(Rejection::new(RejectionKind::NotConfigured));
        }
        self.verify_presented(View::BodyOnly(signature), body)
    }

    pub(super) fn verify_presented<B: StableBytes>(
        &self,
        presented: View<'_>,
        body: B,
    ) -> Result<Verified<B>, Rejection> {
        let bytes = body.as_ref();
        let ring = self.keys();
        let mut first = ring.start_first();
        presented.begin(&mut first);
        first.update(bytes);
        let others = ring.start_others().map(|mut mac| {
            presented.begin(&mut mac);
            mac.chain_update(bytes)
        });
        let found = ring.resolve(presented, first, others)?;
        Ok(Verified::new(body, presented.proof(found)))
    }

    /// Verifies a body that a gateway has encoded in base64.
    ///
    /// Use it if the event of AWS API Gateway has `isBase64Encoded` set. The text must be standard base64
    /// with padding (RFC 4648, section 4).
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`BodyUnreadable`](RejectionKind::BodyUnreadable) if the text is
    /// not base64, or the errors of [`verify`](Self::verify).
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("It's a Secret to Everybody")?);
    /// let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    /// let verified = verifier.verify_base64(header, "SGVsbG8sIFdvcmxkIQ==")?;
    /// assert_eq!(verified.into_inner(), "Hello, World!");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_base64(
        &self,
        header: impl AsRef<[u8]>,
        body: impl AsRef<[u8]>,
    ) -> Result<Verified<Bytes>, Rejection> {
        let signature = self.scheme.parse(header)?;
        let body = BASE64_STANDARD
            .decode(body)
            .map_err(|_| Rejection::new(RejectionKind::BodyUnreadable))?;
        self.verify_signature(&signature, Bytes::from(body))
    }

    /// Begins the verification of a body that arrives in chunks and that you store yourself.
    ///
    /// It uses the key ring that is in use now, even if the ring is replaced before the end. Deadlines of
    /// keys are checked at the end. If the scheme signs more than the body, use
    /// [`begin_headers`](Self::begin_headers).
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("It's a Secret to Everybody")?);
    /// let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    ///
    /// let mut kept = Vec::new();
    /// let mut verification = verifier.begin(verifier.scheme().parse(header)?);
    /// for chunk in ["Hello, ", "World!"] {
    ///     verification.update(chunk);
    ///     kept.extend_from_slice(chunk.as_bytes());
    /// }
    /// assert_eq!(verification.finish()?.as_str(), "current");
    /// assert_eq!(kept, b"Hello, World!");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn begin(&self, signature: Signature) -> Verification {
        let presented = Presented::BodyOnly(signature);
        Verification::new(self.keys(), presented, self.scheme.is_body_only())
    }

    /// Computes the HMAC-SHA256 of a body with the first key, for senders and tests.
    ///
    /// Its text is the header value of Meta and GitHub. For every scheme, use
    /// [`sign_headers`](Self::sign_headers).
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("It's a Secret to Everybody")?);
    /// let header = verifier.sign("Hello, World!").to_string();
    /// assert!(header.starts_with("sha256=757107ea0eb2509f"));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn sign(&self, body: impl AsRef<[u8]>) -> Signature {
        self.keys().sign(body.as_ref())
    }
}
