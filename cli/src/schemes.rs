//! The signature schemes of the platforms. A new one is one row in each `match`.

use clap::ValueEnum;
use hubseal::Scheme;

/// The name of a scheme on the command line.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemeName {
    /// WhatsApp Business, Messenger, Instagram and Pages.
    #[default]
    Meta,
    /// GitHub.
    Github,
}

impl SchemeName {
    pub(crate) const fn scheme(self) -> Scheme {
        match self {
            Self::Meta => Scheme::META,
            Self::Github => Scheme::GITHUB,
        }
    }

    /// Whether the platform registers a URL with a `GET`, and its secrets have Meta's form.
    pub(crate) const fn is_meta(self) -> bool {
        match self {
            Self::Meta => true,
            Self::Github => false,
        }
    }
}
