//! Verification of a whole request that a gateway has read.

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;

use super::{Admitted, BodyVerifier, Endpoint, RequestHead};
use crate::{
    header_lookup::HeaderLookup,
    rejection::{Rejection, RejectionKind, Reply},
    signature::Verified,
};

impl Endpoint {
    /// Verifies a whole request: its head and its body. Use it behind a gateway that reads the body first, such as
    /// AWS API Gateway, or a load balancer in front of Lambda.
    ///
    /// - With `is_base64`, decodes the body first: standard base64 with padding (RFC 4648, section 4). Pass the
    ///   field of the event that marks the encoding, such as `isBase64Encoded`.
    /// - A body over the payload limit is rejected before it is decoded.
    /// - The read deadline has no effect, because the body is complete.
    /// - The body of a `GET` is ignored.
    ///
    /// # Errors
    /// Returns the [`Reply`] to send instead of calling the handler: the answer to a handshake, or the
    /// response to a rejected request. Logs, metrics and [`Observer`](crate::Observer)s get the reason. The
    /// reasons are those of [`admit`](Self::admit) and [`BodyVerifier::finish_with`], and
    /// [`BodyUnreadable`](RejectionKind::BodyUnreadable) for invalid base64.
    ///
    /// # Security
    /// The gateway must limit the size of a request, because the whole body is in memory before this call.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Endpoint, RequestHead};
    ///
    /// let endpoint = Endpoint::builder(AppSecret::new("It's a Secret to Everybody")?).build()?;
    /// let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    /// let headers = [("x-hub-signature-256", signature)];
    /// let head = RequestHead::new("POST", &headers);
    ///
    /// let body = endpoint.verify_request(&head, "SGVsbG8sIFdvcmxkIQ==", true);
    /// assert_eq!(body.unwrap().into_inner(), "Hello, World!");
    /// let reply = endpoint.verify_request(&head, "Hello, World?", false).unwrap_err();
    /// assert_eq!(reply.status(), 401);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_request<H: HeaderLookup + ?Sized>(
        &self,
        head: &RequestHead<'_, H>,
        body: impl Into<Bytes>,
        is_base64: bool,
    ) -> Result<Verified<Bytes>, Reply> {
        match self.admit(head) {
            Ok(Admitted::Handshake(challenge)) => return Err(challenge.reply()),
            Ok(Admitted::Delivery(body_verifier)) if is_base64 => {
                body_verifier.finish_with_base64(&body.into())
            }
            Ok(Admitted::Delivery(body_verifier)) => body_verifier.finish_with(body),
            Err(rejection) => Err(rejection),
        }
        .map_err(|rejection| rejection.reply())
    }
}

impl BodyVerifier {
    /// Decodes the whole body, and verifies it.
    fn finish_with_base64(mut self, text: &[u8]) -> Result<Verified<Bytes>, Rejection> {
        let decoded = decoded_len(text);
        // Checked first, because decoding allocates this length.
        if decoded > self.report.policy().payload_limit.bytes() {
            self.report.received(decoded);
            return Err(self.reject(Rejection::new(RejectionKind::PayloadTooLarge)));
        }
        match BASE64_STANDARD.decode(text) {
            Ok(body) => self.finish_with(body),
            Err(_) => Err(self.reject(Rejection::new(RejectionKind::BodyUnreadable))),
        }
    }
}

/// Returns the exact length of decoded base64 with padding. Decoding allocates at most two bytes more.
fn decoded_len(text: &[u8]) -> usize {
    let padding = text.iter().rev().take(2).take_while(|byte| **byte == b'=');
    text.len()
        .div_ceil(4)
        .saturating_mul(3)
        .saturating_sub(padding.count())
}
