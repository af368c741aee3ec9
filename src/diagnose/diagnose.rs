//! The search for the cause of a mismatch.

use alloc::vec::Vec;
use core::fmt;

use super::{
    bodies::variants,
    cause::Cause,
    clues::clues,
    diagnosis::Diagnosis,
    keys::keys,
    secrets::{Other, Secrets},
};
use crate::{
    header_lookup::HeaderLookup,
    rejection::RejectionKind,
    signature::{Scheme, Signature},
};

/// Names the likely cause of a signature mismatch.
///
/// It takes secrets as raw text, because [`AppSecret`](crate::AppSecret) refuses many wrong ones. Pass the
/// text exactly as it is configured.
///
/// # Security
/// - Use it for development and support only: see the [module](super#security).
/// - It borrows the secrets. The variants that it makes of them are wiped.
/// - It has no `Display`, no `PartialEq`, no `Hash` and no `Serialize`. `Debug` prints no secret:
/// ```
/// let diagnose = hubseal::diagnose::Diagnose::new("c1e8b0a53f7d4926a85b60d2917e43fc");
/// assert_eq!(format!("{diagnose:?}"), "Diagnose([redacted])");
/// ```
/// ```compile_fail,E0277
/// println!("{}", hubseal::diagnose::Diagnose::new("c1e8b0a53f7d4926a85b60d2917e43fc"));
/// ```
/// ```compile_fail,E0369
/// let diagnose = hubseal::diagnose::Diagnose::new("c1e8b0a53f7d4926a85b60d2917e43fc");
/// let _ = diagnose == diagnose;
/// ```
/// ```compile_fail,E0277
/// fn serializable<T: serde::Serialize>() {}
/// serializable::<hubseal::diagnose::Diagnose<'_>>();
/// ```
/// ```compile_fail,E0277
/// fn hashable<T: core::hash::Hash>() {}
/// hashable::<hubseal::diagnose::Diagnose<'_>>();
/// ```
///
/// # Examples
/// ```
/// use hubseal::diagnose::{Cause, Diagnose};
///
/// let headers = [(
///     "X-Hub-Signature-256",
///     "sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3",
/// )];
/// let diagnosis = Diagnose::new("mysecret\n").delivery(&headers, r#"{"foo":"bar"}"#);
/// assert_eq!(diagnosis.causes(), [Cause::SecretWrapped]);
/// ```
#[derive(Clone)]
pub struct Diagnose<'a> {
    secrets: Secrets<'a>,
}

impl<'a> Diagnose<'a> {
    /// Starts with the app secret as it is configured, quotes and white space included.
    ///
    /// # Examples
    /// ```
    /// use hubseal::diagnose::Diagnose;
    ///
    /// let as_configured = "\"c1e8b0a53f7d4926a85b60d2917e43fc\"\n";
    /// let diagnose = Diagnose::new(as_configured);
    /// assert_eq!(format!("{diagnose:?}"), "Diagnose([redacted])");
    /// ```
    #[must_use]
    pub fn new(secret: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self {
            secrets: Secrets {
                configured: secret.as_ref(),
                others: Vec::new(),
            },
        }
    }

    /// Adds another secret to try, such as the previous one or the secret of another app.
    ///
    /// The diagnosis shows the name of a secret that matches.
    ///
    /// # Examples
    /// ```
    /// use hubseal::diagnose::{Cause, Diagnose};
    ///
    /// let headers = [(
    ///     "x-hub-signature-256",
    ///     "sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3",
    /// )];
    /// let diagnosis = Diagnose::new("c1e8b0a53f7d4926a85b60d2917e43fc")
    ///     .add_secret("support app", "mysecret")
    ///     .delivery(&headers, r#"{"foo":"bar"}"#);
    /// assert_eq!(diagnosis.causes(), [Cause::OtherSecret]);
    /// assert_eq!(diagnosis.secret_name(), Some("support app"));
    /// ```
    #[must_use]
    pub fn add_secret(self, name: &'a str, secret: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.with(secret.as_ref(), Cause::OtherSecret, Some(name))
    }

    /// Adds a verify token, to find out whether it is used as the app secret.
    ///
    /// # Examples
    /// ```
    /// use hubseal::diagnose::{Cause, Diagnose};
    ///
    /// let headers = [("x-hub-signature-256", format!("sha256={:064x}", 7))];
    /// let diagnosis = Diagnose::new("correct-horse-battery-staple")
    ///     .add_verify_token("correct-horse-battery-staple")
    ///     .delivery(&headers, "{}");
    /// assert_eq!(diagnosis.causes(), [Cause::VerifyTokenAsSecret]);
    /// ```
    #[must_use]
    pub fn add_verify_token(self, token: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.with(token.as_ref(), Cause::VerifyTokenAsSecret, None)
    }

    /// Adds an access token, to find out whether it is used as the app secret.
    ///
    /// Access tokens with a known shape, such as `EAA…`, are found without it.
    ///
    /// # Examples
    /// ```
    /// use hubseal::diagnose::{Cause, Diagnose};
    ///
    /// let headers = [("x-hub-signature-256", format!("sha256={:064x}", 7))];
    /// let diagnosis = Diagnose::new("a token of no known shape")
    ///     .add_access_token("a token of no known shape")
    ///     .delivery(&headers, "{}");
    /// assert_eq!(diagnosis.causes(), [Cause::AccessTokenAsSecret]);
    /// ```
    #[must_use]
    pub fn add_access_token(self, token: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.with(token.as_ref(), Cause::AccessTokenAsSecret, None)
    }

    fn with(mut self, secret: &'a [u8], cause: Cause, name: Option<&'a str>) -> Self {
        self.secrets.others.push(Other {
            secret,
            cause,
            name,
        });
        self
    }

    /// Names the likely cause for the headers and the raw body of one delivery.
    ///
    /// It reads the headers `X-Hub-Signature-256`, `X-Hub-Signature`, `Content-Length` and
    /// `Content-Encoding`. It finds, but does not check, the signature headers of other schemes. See the [module](super#cost) for the cost.
    ///
    /// # Security
    /// Do not process a body because of the diagnosis. Call [`Verifier::verify`](crate::Verifier::verify).
    ///
    /// # Examples
    /// ```
    /// use hubseal::diagnose::{Cause, Diagnose};
    /// use std::collections::BTreeMap;
    ///
    /// let headers = BTreeMap::from([(
    ///     "X-Hub-Signature-256",
    ///     "sha256=094e66797c4335703c8707071ec97ae0dd8a87be93276dc6488dfb5593bdf50d",
    /// )]);
    /// let diagnose = Diagnose::new("test_app_secret");
    /// let causes = |body: &str| diagnose.delivery(&headers, body).causes().to_vec();
    ///
    /// assert_eq!(causes(r#"{"text":"\ud83d\ude0a"}"#), [Cause::Matches]);
    /// assert_eq!(causes(r#"{"text":"😊"}"#), [Cause::EscapesDecoded]);
    /// ```
    #[must_use]
    pub fn delivery(
        &self,
        headers: &(impl HeaderLookup + ?Sized),
        body: impl AsRef<[u8]>,
    ) -> Diagnosis<'a> {
        let signature = match find_signature(headers) {
            Ok(signature) => signature,
            Err(cause) => return Diagnosis::of_header(cause),
        };
        let body = body.as_ref();
        let keys = keys(&self.secrets);
        for (cause, variant) in variants(body) {
            if let Some(key) = keys.iter().find(|key| key.matches(&signature, &variant)) {
                return Diagnosis::of_match(key.cause, cause, key.name);
            }
        }
        Diagnosis::of_clues(clues(&self.secrets, headers, body))
    }
}

/// Prints the name of the type and `[redacted]`.
impl fmt::Debug for Diagnose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Diagnose([redacted])")
    }
}

/// Whether the request has the signature header of another known scheme.
fn has_other_scheme(headers: &(impl HeaderLookup + ?Sized)) -> bool {
    let others = [
        Scheme::SHOPIFY,
        Scheme::SLACK,
        Scheme::STRIPE,
        Scheme::STANDARD_WEBHOOKS,
        Scheme::SVIX,
    ];
    let is_present = |scheme: &Scheme| headers.values(scheme.header()).next().is_some();
    others.iter().any(is_present)
}

fn find_signature(headers: &(impl HeaderLookup + ?Sized)) -> Result<Signature, Cause> {
    let scheme = Scheme::META;
    let found = scheme.find(headers.values(scheme.header()));
    found.map_err(|rejection| match rejection.kind() {
        RejectionKind::SignatureRepeated => Cause::SignatureRepeated,
        RejectionKind::SignatureMalformed => Cause::SignatureMalformed,
        RejectionKind::SignatureMissing if has_other_scheme(headers) => Cause::OtherScheme,
        _ if headers.values("x-hub-signature").next().is_some() => Cause::SignatureSha1Only,
        _ => Cause::SignatureMissing,
    })
}
