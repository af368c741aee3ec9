//! The redactor and its builder.

mod builder;

use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};

pub use builder::RedactorBuilder;

use super::{
    Scrubber,
    passage::{Passage, State},
    rules::Rules,
};

/// A set of rules that finds secrets in text and replaces each with a marker.
///
/// The [module documentation](super) lists the secrets. A redactor keeps no state between texts, and is
/// cheap to clone.
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
    rules: Arc<Rules>,
}

impl Redactor {
    /// Creates a redactor with the rules for Meta's platform.
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
        reason = "the search accepts the few short built-in literals"
    )]
    pub fn new() -> Self {
        RedactorBuilder::default()
            .build()
            .expect("the built-in rules fit the search")
    }

    /// Returns a builder, to add values, keys and shapes of your own.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, redact::{Alphabet, Redactor}};
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let redactor = Redactor::builder()
    ///     .app_secret(&secret)
    ///     .register("database_password", "correct horse/battery staple")
    ///     .key("session", "session_id")
    ///     .shape("payment_key", "sk_live_", Alphabet::ALPHANUMERIC, 16)
    ///     .build()?;
    /// assert_eq!(
    ///     redactor.redact("postgres://app:correct%20horse%2Fbattery%20staple@db/app"),
    ///     "postgres://app:[redacted:database_password]@db/app",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn builder() -> RedactorBuilder {
        RedactorBuilder::default()
    }

    /// Returns the text with each secret replaced, or the borrowed text if there is none.
    ///
    /// Treats the text as complete. For text in chunks, use [`scrubber`](Self::scrubber).
    ///
    /// # Examples
    /// ```
    /// use std::borrow::Cow;
    ///
    /// let redactor = hubseal::redact::Redactor::new();
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
            Some(bytes) => Cow::Owned(into_string(bytes)),
        }
    }

    /// Returns the bytes with each secret replaced, or the borrowed bytes if there is none.
    ///
    /// The bytes need not be UTF-8.
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

    /// Returns the string with each secret replaced, or the same string if there is none.
    ///
    /// # Security
    /// The memory of a string with a secret is freed and not wiped.
    ///
    /// # Examples
    /// ```
    /// let redactor = hubseal::redact::Redactor::new();
    /// assert_eq!(redactor.redact_string("pin=123456".into()), "pin=[redacted:pin]");
    /// ```
    #[must_use]
    pub fn redact_string(&self, text: String) -> String {
        self.redacted(text.as_bytes()).map_or(text, into_string)
    }

    /// Creates a [`Scrubber`], which redacts one text in chunks.
    ///
    /// # Examples
    /// ```
    /// let redactor = hubseal::redact::Redactor::new();
    /// let (mut scrubber, mut out) = (redactor.scrubber(), Vec::new());
    /// scrubber.push(b"pin=123", &mut out);
    /// scrubber.push(b"456", &mut out);
    /// scrubber.finish(&mut out);
    /// assert_eq!(out, b"pin=[redacted:pin]");
    /// ```
    #[must_use]
    pub fn scrubber(&self) -> Scrubber {
        Scrubber::new(self)
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    fn redacted(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut passage = Passage::new(text, [0, 0], true);
        let replaced = passage.read(&self.rules, &mut State::Pass, &mut out);
        replaced.then(|| {
            passage.flush(&mut out);
            out
        })
    }
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}

/// Converts redacted text, which is valid UTF-8. Each match begins and ends at a character boundary.
fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}
