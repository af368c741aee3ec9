//! The redactor.

use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};
use core::fmt;
use std::sync::{Mutex, PoisonError, RwLock};

use super::{
    RedactorBuilder, RuleError,
    search::{LabelledValue, Rules, Settings},
    value_set::Values,
};

/// Replaces secrets in text with markers such as `[redacted:access_token]`.
///
/// The [module documentation](super) lists the secrets. A redactor is cheap to clone, and can be used
/// by several threads at once. Clones share their registered values: see
/// [`replace_values`](Self::replace_values).
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
///
/// let redactor = Redactor::new();
/// assert_eq!(
///     redactor.redact("GET /webhook?hub.mode=subscribe&hub.verify_token=hunter2 200"),
///     "GET /webhook?hub.mode=subscribe&hub.verify_token=[redacted:verify_token] 200",
/// );
/// ```
#[derive(Clone)]
pub struct Redactor {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) settings: Settings,
    /// Locked while the rules are compiled, so that no change is lost.
    pub(super) values: Mutex<Values>,
    pub(super) rules: RwLock<Arc<Rules>>,
}

impl Redactor {
    /// The maximum length of a line or an event that the writers redact as one record, in bytes.
    pub const MAX_RECORD: usize = 64 * 1024;

    /// Creates a redactor with the built-in rules.
    ///
    /// Use [`builder`](Self::builder) to also register the app secret and the verify token. Otherwise
    /// they are found only after their keys, and in app access tokens.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::new();
    /// assert_eq!(redactor.redact("client_secret=0f1e2d3c"), "client_secret=[redacted:app_secret]");
    /// ```
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the built-in rules are tested"
    )]
    pub fn new() -> Self {
        Self::builder().build().expect("the built-in rules fit")
    }

    /// Returns a builder, to register values and to add rules of your own.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::builder().register("session", "correct-horse").build()?;
    /// assert_eq!(redactor.redact("the correct-horse"), "the [redacted:session]");
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn builder() -> RedactorBuilder {
        RedactorBuilder::default()
    }

    /// Returns the text with each secret replaced, or the borrowed text if there is none.
    ///
    /// The whole text is one record, of any length. JSON stays JSON: an unquoted number becomes a
    /// quoted marker.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    /// use std::borrow::Cow;
    ///
    /// let redactor = Redactor::new();
    /// assert!(matches!(redactor.redact("nothing to hide"), Cow::Borrowed(_)));
    /// assert_eq!(
    ///     redactor.redact(r#"{"messaging_product":"whatsapp","pin":123456}"#),
    ///     r#"{"messaging_product":"whatsapp","pin":"[redacted:pin]"}"#,
    /// );
    /// ```
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.redacted(text.as_bytes()) {
            None => Cow::Borrowed(text),
            Some(bytes) => Cow::Owned(match String::from_utf8(bytes) {
                Ok(text) => text,
                // Unreachable, because matches begin and end between characters.
                Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
            }),
        }
    }

    /// Returns the bytes with each secret replaced, or the borrowed bytes if there is none.
    ///
    /// The bytes need not be UTF-8. All of them are one record.
    ///
    /// # Examples
    /// ```
    /// let redactor = hubseal::redact::Redactor::new();
    /// let line = b"client_secret=0f1e2d3c\xff\xfe next";
    /// assert_eq!(*redactor.redact_bytes(line), *b"client_secret=[redacted:app_secret] next");
    /// ```
    #[must_use]
    pub fn redact_bytes<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        self.redacted(text).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// Replaces the values that an earlier call has registered, each with its label.
    ///
    /// - The values of the builder stay, and so do keys, patterns and the policy for personal data.
    /// - Applies to this redactor, its clones and their writers, from the next call on.
    /// - Other threads continue to redact meanwhile.
    ///
    /// [`Secrets`](crate::Secrets) registers the app secret and the verify token with each rotation.
    ///
    /// # Errors
    /// Returns a [`RuleError`] for the first refused value, and keeps the values as they are.
    ///
    /// # Security
    /// - Register the new secret before you use it, and the old one until it is revoked. A secret of the
    ///   builder is redacted for ever.
    /// - The old values are wiped when no call uses them any more.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, redact::Redactor};
    ///
    /// let old = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let redactor = Redactor::builder().register("redis_password", "hunter2!hunter2!").build()?;
    /// redactor.replace_values([("app_secret", old.expose_secret())])?;
    ///
    /// let new = AppSecret::new("c1e8b0a53f7d4926a85b60d2917e43fc")?;
    /// let secrets = [&new, &old].map(|secret| ("app_secret", secret.expose_secret()));
    /// redactor.replace_values(secrets)?;
    /// assert_eq!(redactor.redact(new.expose_secret()), "[redacted:app_secret]");
    /// assert_eq!(redactor.redact("hunter2!hunter2!"), "[redacted:redis_password]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replace_values<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<(), RuleError> {
        self.replace_set(Values::REPLACED, values)
    }

    pub(super) fn with(
        settings: Settings,
        registered: Vec<LabelledValue>,
    ) -> Result<Self, RuleError> {
        let rules = Rules::new(&settings, &registered)?;
        Ok(Self {
            shared: Arc::new(Shared {
                settings,
                values: Mutex::new(Values::new(registered)),
                rules: RwLock::new(Arc::new(rules)),
            }),
        })
    }

    /// Returns the current rules.
    pub(super) fn rules(&self) -> Arc<Rules> {
        let rules = self.shared.rules.read();
        rules.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn redacted(&self, text: &[u8]) -> Option<Vec<u8>> {
        let rules = self.rules();
        let matches = rules.matches(text);
        (!matches.is_empty()).then(|| {
            let mut redacted = Vec::new();
            rules.replace(text, &matches, &mut redacted);
            redacted
        })
    }
}

/// Leaves out the registered values.
impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}
