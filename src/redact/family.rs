//! What kinds of secrets are found without being told.

use core::fmt;

/// A kind of secret that is found by its shape or by the key beside it.
///
/// What the platform's own credentials look like cannot be switched off; three kinds that other
/// software uses too can, with [`RedactorBuilder::without`](super::RedactorBuilder::without).
///
/// # Examples
/// ```
/// use hubseal::redact::Family;
///
/// let optional: Vec<&str> = Family::ALL
///     .iter()
///     .filter(|family| !family.is_mandatory())
///     .map(|family| family.as_str())
///     .collect();
/// assert_eq!(optional, ["bearer", "code", "cookie"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// `EAA…` to `EAF…`, `IGAA…`, `IGQ…`, `THAA…`, `TH|…`, and what stands under `access_token`,
    /// `input_token` or `fb_exchange_token`.
    AccessToken,
    /// `APPID|…`: 27 characters, or the app secret itself. The app id stays.
    AppAccessToken,
    /// What stands under `client_secret` or `app_secret`.
    AppSecret,
    /// What stands under `appsecret_proof`.
    AppSecretProof,
    /// What stands under `authorization` or `proxy-authorization`.
    Authorization,
    /// What follows `Bearer`, wherever it is.
    Bearer,
    /// What stands under `code`: in a query anything, elsewhere 30 characters and more.
    Code,
    /// What stands under `cookie` or `set-cookie`.
    Cookie,
    /// Six digits under `pin`.
    Pin,
    /// What stands under `x-hub-signature` or `x-hub-signature-256`.
    Signature,
    /// What stands under `hub.verify_token` or `verify_token`.
    VerifyToken,
}

impl Family {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::AccessToken,
        Self::AppAccessToken,
        Self::AppSecret,
        Self::AppSecretProof,
        Self::Authorization,
        Self::Bearer,
        Self::Code,
        Self::Cookie,
        Self::Pin,
        Self::Signature,
        Self::VerifyToken,
    ];

    /// Whether no configuration can switch it off.
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        !matches!(self, Self::Bearer | Self::Code | Self::Cookie)
    }

    /// The name, as it stands in the marker: `[redacted:access_token]`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::AppAccessToken => "app_access_token",
            Self::AppSecret => "app_secret",
            Self::AppSecretProof => "appsecret_proof",
            Self::Authorization => "authorization",
            Self::Bearer => "bearer",
            Self::Code => "code",
            Self::Cookie => "cookie",
            Self::Pin => "pin",
            Self::Signature => "signature",
            Self::VerifyToken => "verify_token",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
