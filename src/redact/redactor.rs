//! What the caller holds.
use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};
use super::{Alphabet, Family, RuleError, Scrubber};
use crate::{AccessToken, AppSecret, VerifyToken};

/// Finds and replaces secrets. Cheap to clone.
#[derive(Clone, Default)]
pub struct Redactor { _rules: Arc<()> }

impl Redactor {
    /// With the built-in rules.
    #[must_use]
    pub fn new() -> Self { Self::default() }
    /// More rules.
    #[must_use]
    pub fn builder() -> RedactorBuilder { RedactorBuilder::default() }
    /// Redacts.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> { Cow::Borrowed(text) }
    /// Redacts.
    #[must_use]
    pub fn redact_bytes<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> { Cow::Borrowed(text) }
    /// Redacts; the same allocation where nothing is found.
    #[must_use]
    pub fn redact_string(&self, text: String) -> String { text }
    /// For text in pieces.
    #[must_use]
    pub fn scrubber(&self) -> Scrubber { Scrubber::new(self) }
}

/// Builds.
#[derive(Default)]
pub struct RedactorBuilder { error: Option<RuleError>, }

impl RedactorBuilder {
    /// Registers a value under a label.
    #[must_use]
    pub fn register(self, _label: &str, _value: &str) -> Self { self }
    /// Registers the app secret as `app_secret`.
    #[must_use]
    pub fn app_secret(self, secret: &AppSecret) -> Self { self.register("app_secret", secret.expose_secret()) }
    /// Registers the verify token as `verify_token`.
    #[must_use]
    pub fn verify_token(self, token: &VerifyToken) -> Self { self.register("verify_token", token.expose_secret()) }
    /// Registers the access token as `access_token`.
    #[must_use]
    pub fn access_token(self, token: &AccessToken) -> Self { self.register("access_token", token.expose_secret()) }
    /// A key of your own.
    #[must_use]
    pub fn key(self, _label: &str, _key: &str) -> Self { self }
    /// A shape of your own.
    #[must_use]
    pub fn shape(self, _label: &str, _anchor: &str, _alphabet: Alphabet, _at_least: usize) -> Self { self }
    /// The id of your app.
    #[must_use]
    pub fn app_id(self, _app_id: u64) -> Self { self }
    /// Without.
    #[must_use]
    pub fn without(self, _family: Family) -> Self { self }
    /// Builds.
    /// # Errors
    /// The first rule that was refused.
    pub fn build(self) -> Result<Redactor, RuleError> { self.error.map_or_else(|| Ok(Redactor::new()), Err) }
}
