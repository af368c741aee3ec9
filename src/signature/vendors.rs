//! The schemes of supported platforms, and the description of others.

use core::time::Duration;

use super::{Scheme, SignedPart, scheme::Encoding};
#[cfg(doc)]
use crate::Fingerprint;

/// Supported platforms.
impl Scheme {
    /// The scheme of WhatsApp Business, Messenger, Instagram and Pages.
    ///
    /// `X-Hub-Signature-256: sha256=<hex>` is the HMAC-SHA256 of the raw body, keyed with the app secret.
    /// The legacy `X-Hub-Signature` header with SHA-1 is never read.
    ///
    /// Source: Meta, *Webhooks: Validate payloads*.
    pub const META: Self = Self::hmac_sha256("meta", "x-hub-signature-256").prefix("sha256=");

    /// The scheme of GitHub: the same format as Meta's, keyed with the webhook secret.
    ///
    /// Source: GitHub, *Validating webhook deliveries*.
    pub const GITHUB: Self = Self {
        name: "github",
        ..Self::META
    };

    /// The scheme of Shopify, keyed with the client secret of the app.
    ///
    /// `X-Shopify-Hmac-Sha256: <base64>` is the HMAC-SHA256 of the raw body. It signs no timestamp and no id.
    ///
    /// Source: Shopify, *Deliver webhooks through HTTPS*.
    pub const SHOPIFY: Self = Self::hmac_sha256("shopify", "x-shopify-hmac-sha256").base64();

    /// The scheme of Slack, keyed with the signing secret of the app.
    ///
    /// `X-Slack-Signature: v0=<hex>` signs `v0:{timestamp}:{body}`, with the timestamp of
    /// `X-Slack-Request-Timestamp`.
    ///
    /// A retry has a new timestamp, so its [`Fingerprint`] differs. Use the `event_id` of the body to recognise
    /// it.
    ///
    /// Source: Slack, *Verifying requests from Slack*.
    pub const SLACK: Self = Self::hmac_sha256("slack", "x-slack-signature")
        .prefix("v0=")
        .before_body(&[
            SignedPart::Text("v0:"),
            SignedPart::TimestampHeader("x-slack-request-timestamp"),
            SignedPart::Text(":"),
        ]);

    /// The scheme of Stripe, keyed with the signing secret of the endpoint.
    ///
    /// `Stripe-Signature: t=<timestamp>,v1=<hex>` signs `{timestamp}.{body}`. While a secret is rotated, the
    /// header has several `v1` signatures, and one match is enough. Other versions, such as `v0`, are ignored.
    ///
    /// The key is the whole text of the secret, with its `whsec_`. Do not
    /// [decode](crate::AppSecret::decode_whsec) it.
    ///
    /// A retry has a new timestamp, so its [`Fingerprint`] differs. Use the `id` of the event in the body to
    /// recognise it.
    ///
    /// Source: Stripe, *Receive Stripe events in your webhook endpoint*.
    pub const STRIPE: Self = Self::hmac_sha256("stripe", "stripe-signature")
        .prefix("v1=")
        .list(b',')
        .before_body(&[SignedPart::TimestampItem("t="), SignedPart::Text(".")]);

    /// The scheme of Standard Webhooks 1.0.0, keyed with the bytes of a `whsec_` secret.
    ///
    /// `webhook-signature: v1,<base64>` signs `{id}.{timestamp}.{body}`, with the headers `webhook-id` and
    /// `webhook-timestamp`. The header can have several signatures, separated by spaces, and one match is
    /// enough. Other versions, such as the asymmetric `v1a`, are ignored.
    ///
    /// Decode the secret with [`AppSecret::decode_whsec`](crate::AppSecret::decode_whsec).
    ///
    /// A retry has the same id. The [`Fingerprint`] depends on the id only, so it is the same too.
    ///
    /// Source: *Standard Webhooks*, version 1.0.0.
    pub const STANDARD_WEBHOOKS: Self = Self::hmac_sha256("standard_webhooks", "webhook-signature")
        .prefix("v1,")
        .base64()
        .list(b' ')
        .before_body(&[
            SignedPart::IdHeader("webhook-id"),
            SignedPart::Text("."),
            SignedPart::TimestampHeader("webhook-timestamp"),
            SignedPart::Text("."),
        ]);

    /// The scheme of Svix and of the platforms that send through it: [`STANDARD_WEBHOOKS`](Self::STANDARD_WEBHOOKS)
    /// with the headers `svix-id`, `svix-timestamp` and `svix-signature`.
    ///
    /// Source: Svix, *Verifying webhooks manually*.
    pub const SVIX: Self = Self {
        name: "svix",
        header: "svix-signature",
        before_body: &[
            SignedPart::IdHeader("svix-id"),
            SignedPart::Text("."),
            SignedPart::TimestampHeader("svix-timestamp"),
            SignedPart::Text("."),
        ],
        ..Self::STANDARD_WEBHOOKS
    };
}

/// The description of another platform's scheme.
///
/// # Examples
/// A header with hexadecimal digits, and a timestamp before the body:
#[cfg_attr(feature = "std", doc = "```")]
#[cfg_attr(not(feature = "std"), doc = "```ignore")]
/// use hubseal::{AppSecret, RejectionKind, Scheme, SignedPart, Verifier};
///
/// const BILLING: Scheme = Scheme::hmac_sha256("billing", "x-billing-signature").before_body(&[
///     SignedPart::TimestampHeader("x-billing-timestamp"),
///     SignedPart::Text("."),
/// ]);
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?).with_scheme(BILLING);
/// let old = verifier.sign_headers("", 1_700_000_000, "{}")?;
/// assert_eq!(old[1], ("x-billing-timestamp", "1700000000".to_owned()));
/// let rejection = verifier.verify_headers(&old, "{}").err().unwrap();
/// assert_eq!(rejection.kind(), RejectionKind::TimestampTooOld);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Scheme {
    /// The default [tolerance](Self::tolerance) of a timestamp: 5 minutes.
    pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(5 * 60);

    /// Describes a scheme: the header contains the HMAC-SHA256 of the raw body, as 64 hexadecimal digits of
    /// either case.
    ///
    /// `name` is the text that [`name`](Self::name) returns. `header` is the name of the signature header, in
    /// lower case. A header with upper-case letters is never found, so every delivery is rejected.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Scheme, Verifier};
    ///
    /// const BILLING: Scheme = Scheme::hmac_sha256("billing", "x-billing-signature");
    ///
    /// let secret = AppSecret::new("It's a Secret to Everybody")?;
    /// let verifier = Verifier::new(secret).with_scheme(BILLING);
    /// let digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    /// assert!(verifier.verify(digits, "Hello, World!").is_ok());
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub const fn hmac_sha256(name: &'static str, header: &'static str) -> Self {
        Self {
            name,
            header,
            prefix: "",
            encoding: Encoding::Hex,
            separator: None,
            before_body: &[],
            tolerance: Self::DEFAULT_TOLERANCE,
        }
    }

    /// Sets the text before the signature, such as `sha256=`. In a [list](Self::list), it marks the items that
    /// are signatures.
    ///
    /// # Examples
    /// ```
    /// use hubseal::Scheme;
    ///
    /// const BILLING: Scheme = Scheme::hmac_sha256("billing", "x-billing-signature").prefix("v1=");
    /// assert!(BILLING.parse(format!("v1={:064}", 7)).is_ok());
    /// assert!(BILLING.parse(format!("v2={:064}", 7)).is_err());
    /// ```
    #[must_use]
    pub const fn prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Expects the signature in standard base64 with padding (RFC 4648, section 4): 44 characters.
    ///
    /// # Examples
    /// ```
    /// use hubseal::Scheme;
    ///
    /// const BILLING: Scheme = Scheme::hmac_sha256("billing", "x-billing-signature").base64();
    /// assert!(BILLING.parse("dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=").is_ok());
    /// ```
    #[must_use]
    pub const fn base64(self) -> Self {
        Self {
            encoding: Encoding::Base64,
            ..self
        }
    }

    /// Expects a list in the signature header, with this byte between its items.
    ///
    /// The items with the [prefix](Self::prefix) are signatures: at least one, and at most
    /// [`MAX_SIGNATURES`](Self::MAX_SIGNATURES). One match is enough. Other items are ignored.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Scheme, Verifier};
    ///
    /// const BILLING: Scheme = Scheme::hmac_sha256("billing", "x-billing-signature").list(b',');
    ///
    /// let verifier = Verifier::new(AppSecret::new("It's a Secret to Everybody")?).with_scheme(BILLING);
    /// let genuine = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    /// let headers = [("x-billing-signature", format!("{:064},{genuine}", 0))];
    /// assert!(verifier.verify_headers(&headers, "Hello, World!").is_ok());
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub const fn list(self, separator: u8) -> Self {
        Self {
            separator: Some(separator),
            ..self
        }
    }

    /// Sets the parts of the message before the body. By default, the body alone is signed.
    ///
    /// Put a [text](SignedPart::Text) after each timestamp and id. Without it, a sender could move bytes
    /// between them and the body.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Scheme, SignedPart};
    ///
    /// const BILLING: Scheme = Scheme::hmac_sha256("billing", "x-billing-signature").before_body(&[
    ///     SignedPart::IdHeader("x-billing-event"),
    ///     SignedPart::Text(":"),
    /// ]);
    /// assert!(BILLING.headers().eq(["x-billing-signature", "x-billing-event"]));
    /// ```
    #[must_use]
    pub const fn before_body(self, parts: &'static [SignedPart]) -> Self {
        Self {
            before_body: parts,
            ..self
        }
    }

    /// Sets the largest difference between a signed timestamp and the clock, in the past and in the future.
    /// Defaults to 5 minutes.
    ///
    /// Fractions of a second are dropped. With zero, the timestamp must be the current second. A scheme
    /// without a timestamp ignores the tolerance.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use hubseal::Scheme;
    ///
    /// let _scheme = Scheme::STRIPE.tolerance(Duration::from_secs(60));
    /// ```
    #[must_use]
    pub const fn tolerance(self, tolerance: Duration) -> Self {
        Self { tolerance, ..self }
    }
}
