//! The signature schemes of the platforms. A new one is one row in each `match`.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::SystemTime,
};

use clap::ValueEnum;
use hubseal::Scheme;

/// The name of a scheme on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemeName {
    /// WhatsApp Business, Messenger, Instagram and Pages.
    #[default]
    Meta,
    /// GitHub.
    Github,
    /// Shopify.
    Shopify,
    /// Slack.
    Slack,
    /// Stripe.
    Stripe,
    /// Standard Webhooks.
    StandardWebhooks,
    /// Svix.
    Svix,
}

impl SchemeName {
    pub(crate) const fn scheme(self) -> Scheme {
        match self {
            Self::Meta => Scheme::META,
            Self::Github => Scheme::GITHUB,
            Self::Shopify => Scheme::SHOPIFY,
            Self::Slack => Scheme::SLACK,
            Self::Stripe => Scheme::STRIPE,
            Self::StandardWebhooks => Scheme::STANDARD_WEBHOOKS,
            Self::Svix => Scheme::SVIX,
        }
    }

    /// Whether the platform registers a URL with a `GET`, and its secrets have Meta's form.
    pub(crate) const fn is_meta(self) -> bool {
        matches!(self, Self::Meta)
    }

    /// Whether it has the format of Standard Webhooks: the key is the decoded secret, and an id is signed.
    pub(crate) const fn is_standard(self) -> bool {
        matches!(self, Self::StandardWebhooks | Self::Svix)
    }

    pub(crate) const fn signs_timestamp(self) -> bool {
        !matches!(self, Self::Meta | Self::Github | Self::Shopify)
    }

    /// Whether `hubseal diagnose` knows the signature header.
    pub(crate) const fn can_be_diagnosed(self) -> bool {
        matches!(self, Self::Meta | Self::Github)
    }
}

/// Returns the seconds since 1970.
pub(crate) fn now() -> crate::Result<u64> {
    Ok(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())
}

/// Returns an id for a new delivery. It need not be secret, only different each time.
pub(crate) fn new_id() -> String {
    // Each `RandomState` has other keys.
    format!("msg_{:016x}", RandomState::new().build_hasher().finish())
}
