//! Verification and signing with the headers of every scheme.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    Scheme, Signature, SignedPart, StableBytes, Verification, Verified, Verifier, presented,
    scheme::Encoding,
};
#[cfg(doc)]
use crate::rejection::RejectionKind;
use crate::{header_lookup::HeaderLookup, rejection::Rejection};

/// Calls with headers, for every scheme.
impl Verifier {
    /// Verifies a body against the headers of the request, and returns the body. Works for every scheme.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// - [`SignatureMissing`](RejectionKind::SignatureMissing) if a header of the scheme is missing,
    /// - [`SignatureRepeated`](RejectionKind::SignatureRepeated) if one occurs more than once,
    /// - [`SignatureMalformed`](RejectionKind::SignatureMalformed) if one breaks the format or the
    ///   [bounds](Scheme#bounds) of the scheme,
    /// - [`TimestampTooOld`](RejectionKind::TimestampTooOld) or
    ///   [`TimestampInFuture`](RejectionKind::TimestampInFuture) if a signed timestamp differs too much from the
    ///   clock,
    /// - [`NotConfigured`](RejectionKind::NotConfigured) if a timestamp cannot be checked, because there is no
    ///   clock,
    /// - [`SignatureMismatch`](RejectionKind::SignatureMismatch) if no key matches a signature,
    /// - [`KeyExpired`](RejectionKind::KeyExpired) if only keys past their deadline match.
    ///
    /// # Security
    /// Pass the raw body. A body that was decompressed, decoded or serialised again does not match its
    /// signature.
    ///
    /// # Examples
    #[cfg_attr(feature = "std", doc = "```")]
    #[cfg_attr(not(feature = "std"), doc = "```ignore")]
    /// use hubseal::{AppSecret, Scheme, Verifier};
    ///
    /// let secret = AppSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?.decode_whsec()?;
    /// let verifier = Verifier::new(secret).with_scheme(Scheme::STANDARD_WEBHOOKS);
    /// # let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    /// let headers = verifier.sign_headers("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", now, "{}")?;
    ///
    /// assert!(verifier.verify_headers(&headers, "{}").is_ok());
    /// assert!(verifier.verify_headers(&headers, "[]").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_headers<H: HeaderLookup + ?Sized, B: StableBytes>(
        &self,
        headers: &H,
        body: B,
    ) -> Result<Verified<B>, Rejection> {
        self.verify_presented(self.present(headers)?.view(), body)
    }

    /// Begins the verification of a body that arrives in chunks. Works for every scheme.
    ///
    /// # Errors
    /// Returns the errors of [`verify_headers`](Self::verify_headers), except `SignatureMismatch` and
    /// `KeyExpired`. `finish` returns those.
    ///
    /// # Examples
    #[cfg_attr(feature = "std", doc = "```")]
    #[cfg_attr(not(feature = "std"), doc = "```ignore")]
    /// use hubseal::{AppSecret, Scheme, Verifier};
    ///
    /// let secret = AppSecret::new("8f742231b10e8888abcd99yyyzzz85a5")?;
    /// let verifier = Verifier::new(secret).with_scheme(Scheme::SLACK);
    /// # let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    /// let headers = verifier.sign_headers("", now, "in chunks")?;
    ///
    /// let mut verification = verifier.begin_headers(&headers)?;
    /// verification.update("in ");
    /// verification.update("chunks");
    /// assert_eq!(verification.finish()?.as_str(), "current");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn begin_headers<H: HeaderLookup + ?Sized>(
        &self,
        headers: &H,
    ) -> Result<Verification, Rejection> {
        Ok(Verification::new(self.keys(), self.present(headers)?, true))
    }

    /// Signs a body with the first key, and returns the headers of the scheme. Use it for senders and tests.
    ///
    /// `timestamp` is the time of sending, in seconds since 1970. `id` identifies the delivery, and stays the
    /// same when it is sent again. A scheme without a timestamp or an id ignores it.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`SignatureMalformed`](crate::RejectionKind::SignatureMalformed) if
    /// the scheme signs an id, and `id` breaks the [bounds](Scheme#bounds). A receiver would reject it in the
    /// same way.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Scheme, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("a secret of sixteen bytes or more")?);
    /// let stripe = verifier.clone().with_scheme(Scheme::STRIPE);
    /// let headers = stripe.sign_headers("", 1_700_000_000, "{}")?;
    /// assert!(headers[0].1.starts_with("t=1700000000,v1="));
    ///
    /// let svix = verifier.with_scheme(Scheme::SVIX);
    /// let headers = svix.sign_headers("msg_1", 1_700_000_000, "{}")?;
    /// assert!(svix.scheme().headers().eq(["svix-signature", "svix-id", "svix-timestamp"]));
    /// assert_eq!(headers[1].1, "msg_1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign_headers(
        &self,
        id: &str,
        timestamp: u64,
        body: impl AsRef<[u8]>,
    ) -> Result<Vec<(&'static str, String)>, Rejection> {
        let scheme = self.scheme();
        let timestamp = timestamp.to_string();
        let mut headers = Vec::from([(scheme.header, String::new())]);
        let (mut items, mut message) = (Vec::new(), Vec::new());
        for (part, next) in presented::with_next(scheme.before_body) {
            let text = match *part {
                SignedPart::Text(text) => text,
                SignedPart::TimestampHeader(_) => &*timestamp,
                SignedPart::TimestampItem(prefix) => {
                    items.push([prefix, &timestamp].concat());
                    &*timestamp
                }
                SignedPart::IdHeader(_) => {
                    presented::check_id(id.as_bytes(), next)?;
                    id
                }
            };
            if let Some(name) = part.header() {
                headers.push((name, text.to_owned()));
            }
            message.extend_from_slice(text.as_bytes());
        }
        message.extend_from_slice(body.as_ref());
        items.push(scheme.written(&self.sign(message)));
        let separator = scheme.separator.map(char::from).unwrap_or_default();
        if let Some((_, value)) = headers.first_mut() {
            *value = items.join(separator.encode_utf8(&mut [0; 4]));
        }
        Ok(headers)
    }
}

impl Scheme {
    /// Returns the prefix and the encoded signature.
    fn written(&self, signature: &Signature) -> String {
        let bytes = signature.as_bytes();
        let encoded = match self.encoding {
            Encoding::Hex => base16ct::lower::encode_string(bytes),
            Encoding::Base64 => BASE64_STANDARD.encode(bytes),
        };
        [self.prefix, &encoded].concat()
    }
}
