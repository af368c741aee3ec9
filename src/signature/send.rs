//! Signing for senders and tests.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Scheme, Signature, SignedPart, Verifier, presented, scheme::Encoding};
use crate::rejection::Rejection;

impl Verifier {
    /// Signs a body with the first key, and returns the headers of the scheme, for senders and tests.
    ///
    /// `timestamp` is the time of sending, in seconds since 1970. `id` identifies the delivery, and stays the
    /// same when it is sent again. A scheme without a timestamp or an id ignores it.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind
    /// [`SignatureMalformed`](crate::RejectionKind::SignatureMalformed) if the scheme signs an id, and this one
    /// breaks the [bounds](Scheme#bounds). A receiver would reject it in the same way.
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
    /// assert_eq!(headers.map(|(name, _)| name), ["svix-signature", "svix-id", "svix-timestamp"]);
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
