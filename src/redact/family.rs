//! The kinds of secrets with built-in rules.

use core::fmt;

/// A kind of secret that is found by its shape or by its key.
///
/// The kinds that contain credentials of the platform cannot be switched off. Three kinds that other
/// software uses too can be, with [`RedactorBuilder::without`](super::RedactorBuilder::without).
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
    /// `EAA…` to `EAF…`, `IGAA…`, `IGQ…`, `THAA…`, `TH|…`, and values under `access_token`,
    /// `input_token` or `fb_exchange_token`.
    AccessToken,
    /// `APPID|…` with 27 characters, or with the app secret. The app id stays.
    AppAccessToken,
    /// Values under `client_secret` or `app_secret`.
    AppSecret,
    /// Values under `appsecret_proof`.
    AppSecretProof,
    /// Values under `authorization` or `proxy-authorization`.
    Authorization,
    /// Tokens after `Bearer`, anywhere.
    Bearer,
    /// Values under `code`: of any length in a query, elsewhere of at least 30 characters.
    Code,
    /// Values under `cookie` or `set-cookie`.
    Cookie,
    /// Six digits under `pin`.
    Pin,
    /// Values under `x-hub-signature` or `x-hub-signature-256`.
    Signature,
    /// Values under `hub.verify_token` or `verify_token`.
    VerifyToken,
}

impl Family {
    /// All families.
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

    /// Returns whether the family cannot be switched off.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Family;
    ///
    /// assert!(Family::AccessToken.is_mandatory() && !Family::Cookie.is_mandatory());
    /// ```
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        !matches!(self, Self::Bearer | Self::Code | Self::Cookie)
    }

    /// Returns the name that the marker contains, such as `access_token` in `[redacted:access_token]`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::redact::Family::Pin.as_str(), "pin");
    /// ```
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
