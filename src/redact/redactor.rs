//! The rules, as the user holds and makes them.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
    sync::Arc,
    vec::Vec,
};

use super::{
    Alphabet, Family, PersonalData, RuleError, Scrubber,
    keyed::Keyed,
    passage::{Passage, State},
    registered::{MAX_BYTES, MIN_BYTES, Registered},
    rules::{Collected, Rule, Rules},
    token::Shape,
};
use crate::{AccessToken, AppSecret, VerifyToken};

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

/// Makes a [`Redactor`] with rules of your own.
///
/// A rule that is refused shows in [`build`](Self::build).
#[derive(Default)]
pub struct RedactorBuilder {
    rules: Collected,
    error: Option<RuleError>,
}

/// The longest label, in bytes.
const MAX_LABEL: usize = 32;
/// The longest anchor or key, in bytes.
const MAX_ANCHOR: usize = 32;
const MIN_ANCHOR: usize = 3;

impl RedactorBuilder {
    /// Finds this value wherever it stands: as it is, percent-encoded, escaped as in JSON, and
    /// inside base64. In its place stands `[redacted:` + the label + `]`.
    ///
    /// Values are 8 to 16,384 bytes long, labels 1 to 32 characters of `a`–`z`, `0`–`9` and `_`.
    /// Where two values overlap in a text, the one that begins first wins, and of two that begin
    /// together the one of which more stands there.
    ///
    /// # Security
    /// The redactor keeps a copy of the value and wipes it when the last clone is dropped. What it
    /// searches by, the first few bytes, is not wiped.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::builder().register("mail_password", "hunter2!hunter2!").build()?;
    /// // `me:hunter2!hunter2!`
    /// assert_eq!(
    ///     redactor.redact("AUTH PLAIN bWU6aHVudGVyMiFodW50ZXIyIQ=="),
    ///     "AUTH PLAIN bWU6[redacted:mail_password]",
    /// );
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn register(mut self, label: &str, value: &str) -> Self {
        // The label first: should the two be confused, the value must not be shown as one.
        if !is_label(label) {
            return self.refuse(RuleError::Label);
        }
        if value.len() < MIN_BYTES {
            return self.refuse(RuleError::TooShort {
                label: label.to_owned(),
            });
        }
        if value.len() > MAX_BYTES {
            return self.refuse(RuleError::TooLong {
                label: label.to_owned(),
            });
        }
        let marker = self.rules.marker(label);
        let values = Registered::all(value)
            .into_iter()
            .map(|value| (marker, value));
        self.rules.values.extend(values);
        self
    }

    /// Registers an app secret, as `app_secret`.
    #[must_use]
    pub fn app_secret(self, secret: &AppSecret) -> Self {
        self.register(Family::AppSecret.as_str(), secret.expose_secret())
    }

    /// Registers a verify token, as `verify_token`.
    #[must_use]
    pub fn verify_token(self, token: &VerifyToken) -> Self {
        self.register(Family::VerifyToken.as_str(), token.expose_secret())
    }

    /// Registers an access token, as `access_token`.
    #[must_use]
    pub fn access_token(self, token: &AccessToken) -> Self {
        self.register(Family::AccessToken.as_str(), token.expose_secret())
    }

    /// Finds what stands under a key of your own, as under `access_token`: in queries, in JSON, in
    /// `Debug` output, after an environment variable's name.
    ///
    /// The key is found as given, in lower and in upper case, and also at the end of a longer one.
    /// It is 3 to 32 characters of letters, digits, `_`, `-` and `.`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::builder().key("session", "session_id").build()?;
    /// assert_eq!(
    ///     redactor.redact(r#"{"session_id": "8f2c", "user": 7}"#),
    ///     r#"{"session_id": "[redacted:session]", "user": 7}"#,
    /// );
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn key(mut self, label: &str, key: &str) -> Self {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        if let Err(error) = check(label, key, allowed) {
            return self.refuse(error);
        }
        if "redacted".ends_with(&key.to_ascii_lowercase()) {
            // Every marker would be a key and a value.
            return self.refuse(RuleError::OccursInMarker {
                label: label.to_owned(),
            });
        }
        let marker = self.rules.marker(label);
        self.rules.own.push(Rule::Keyed(Keyed::own(key, marker)));
        self
    }

    /// Finds tokens of your own by their shape: an anchor that is no part of a longer word, and at
    /// least so many characters of an alphabet behind it.
    ///
    /// The anchor is 3 to 32 printable ASCII characters, and 8 to 64 characters must follow.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::{Alphabet, Redactor};
    ///
    /// let redactor = Redactor::builder()
    ///     .shape("payment_key", "sk_live_", Alphabet::ALPHANUMERIC, 16)
    ///     .build()?;
    /// assert_eq!(
    ///     redactor.redact("key=sk_live_4eC39HqLyjWDarjtT1zdp7dc."),
    ///     "key=[redacted:payment_key].",
    /// );
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn shape(mut self, label: &str, anchor: &str, alphabet: Alphabet, least: usize) -> Self {
        if let Err(error) = check(label, anchor, |byte| byte.is_ascii_graphic()) {
            return self.refuse(error);
        }
        if !(MIN_BYTES..=64).contains(&least) {
            return self.refuse(RuleError::Length {
                label: label.to_owned(),
            });
        }
        let marker = self.rules.marker(label);
        self.rules.own.push(Rule::Shape(Shape {
            anchor: anchor.into(),
            alphabet,
            swallowed: alphabet,
            least,
            least_cut_off: (least / 2).max(MIN_BYTES),
            may_be_digest: false,
            marker,
        }));
        self
    }

    /// The id of your app: its access tokens are then known by their beginning, however short they
    /// were cut and whatever stands around them.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::builder().app_id(119211728144504).build()?;
    /// assert_eq!(
    ///     redactor.redact("tokenEAABsbCS1iHgB..."),
    ///     "token[redacted:access_token]...",
    /// );
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn app_id(mut self, app_id: u64) -> Self {
        self.rules.apps.push(app_id);
        self
    }

    /// Finds personal data too, as it stands in webhook bodies.
    #[must_use]
    pub fn personal_data(mut self, policy: PersonalData) -> Self {
        self.rules.personal = Some(Arc::new(policy));
        self
    }

    /// Switches a family off that [can be](Family::is_mandatory).
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::{Family, Redactor, RuleError};
    ///
    /// assert!(Redactor::builder().without(Family::Code).build().is_ok());
    /// let refused = Redactor::builder().without(Family::AccessToken).build();
    /// assert_eq!(refused.err(), Some(RuleError::Mandatory { family: Family::AccessToken }));
    /// ```
    #[must_use]
    pub fn without(mut self, family: Family) -> Self {
        if family.is_mandatory() {
            return self.refuse(RuleError::Mandatory { family });
        }
        self.rules.without.push(family);
        self
    }

    /// The redactor.
    ///
    /// # Errors
    /// The first rule that was refused, and why.
    pub fn build(self) -> Result<Redactor, RuleError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let rules = Arc::new(self.rules.build()?);
        Ok(Redactor { rules })
    }

    fn refuse(mut self, error: RuleError) -> Self {
        self.error.get_or_insert(error);
        self
    }
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=MAX_LABEL).contains(&label.len()) && label.bytes().all(allowed)
}

fn check(label: &str, anchor: &str, allowed: impl Fn(u8) -> bool) -> Result<(), RuleError> {
    if !is_label(label) {
        return Err(RuleError::Label);
    }
    if !(MIN_ANCHOR..=MAX_ANCHOR).contains(&anchor.len()) || !anchor.bytes().all(allowed) {
        return Err(RuleError::Anchor {
            label: label.to_owned(),
        });
    }
    Ok(())
}
