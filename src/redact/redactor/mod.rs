//! The rules, as the user holds them.

mod builder;

use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};

pub use builder::RedactorBuilder;

use super::{
    Scrubber,
    passage::{Passage, State},
    rules::Rules,
};

/// Finds secrets in text and puts markers in their place. Cheap to clone.
///
/// What it finds is in the [module's documentation](super). It holds no state between texts.
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
    /// The rules for what Meta's platform hands out, which need no configuration.
    ///
    /// Better [register](Self::builder) the app secret and the verify token as well: they have no
    /// shape of their own.
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "fifty short literals are nothing that a search could refuse"
    )]
    pub fn new() -> Self {
        RedactorBuilder::default()
            .build()
            .expect("the built-in rules fit the search")
    }

    /// A redactor that also finds values, keys and shapes of your own.
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

    /// The text with each secret replaced; borrowed where there is none.
    ///
    /// The text is taken as whole: what its end cuts off ends there. For text in pieces there is
    /// [`scrubber`](Self::scrubber).
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

    /// The same for bytes, whatever they hold.
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

    /// The same for a `String`, which comes back as it is where nothing is found.
    ///
    /// # Security
    /// A string in which something was found is dropped, not wiped.
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

    /// Redacts text that arrives in pieces.
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

/// What is replaced begins and ends at ASCII characters, or at those of a registered value: the rest
/// is as whole as it was.
fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}
