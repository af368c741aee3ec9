//! The builder of a redactor.

use alloc::{borrow::ToOwned, sync::Arc};

use super::Redactor;
use crate::{
    redact::{
        Alphabet, Family, PersonalData, RuleError,
        keyed::Keyed,
        registered::Registered,
        rules::{Collected, Rule},
        token::Shape,
    },
    secret::{AccessToken, AppSecret, VerifyToken},
};

/// A builder for a [`Redactor`] with rules of your own.
///
/// [`build`](Self::build) returns the error of the first refused rule.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, VerifyToken, redact::Redactor};
///
/// let redactor = Redactor::builder()
///     .app_secret(&AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .verify_token(&VerifyToken::new("correct-horse")?)
///     .build()?;
/// assert_eq!(redactor.redact("the token correct-horse"), "the token [redacted:verify_token]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct RedactorBuilder {
    rules: Collected,
    error: Option<RuleError>,
}

/// The maximum length of a label, in bytes.
const MAX_LABEL: usize = 32;
/// The maximum length of an anchor or a key, in bytes.
const MAX_ANCHOR: usize = 32;
const MIN_ANCHOR: usize = 3;
/// The minimum number of characters after the anchor of a token.
const MIN_SHAPE: usize = 8;

impl RedactorBuilder {
    /// The minimum length of a [registered](Self::register) value, in bytes. A shorter one would match
    /// ordinary text.
    pub const MIN_VALUE: usize = 8;
    /// The maximum length of a [registered](Self::register) value, in bytes.
    pub const MAX_VALUE: usize = 16 * 1024;

    /// Finds this value anywhere: raw, percent-encoded, escaped as in JSON, and inside base64.
    ///
    /// Replaces it with `[redacted:label]`. A value has 8 to 16,384 bytes. A label has 1 to 32
    /// characters of `a`–`z`, `0`–`9` and `_`.
    ///
    /// If two values overlap in a text, the first one wins. If both begin at the same place, the one
    /// with the longer match wins.
    ///
    /// # Security
    /// The redactor keeps a copy of the value and wipes it when its last clone is dropped. The search
    /// keeps the first few bytes of the value and does not wipe them.
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
        // Check the label first: if the arguments are swapped, an error must not print the value.
        if !is_label(label) {
            return self.refuse(RuleError::Label);
        }
        if value.len() < Self::MIN_VALUE {
            return self.refuse(RuleError::TooShort {
                label: label.to_owned(),
            });
        }
        if value.len() > Self::MAX_VALUE {
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

    /// Registers an app secret under the label `app_secret`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, redact::Redactor};
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let redactor = Redactor::builder().app_secret(&secret).build()?;
    /// assert_eq!(redactor.redact(secret.expose_secret()), "[redacted:app_secret]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn app_secret(self, secret: &AppSecret) -> Self {
        self.register(Family::AppSecret.as_str(), secret.expose_secret())
    }

    /// Registers a verify token under the label `verify_token`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{VerifyToken, redact::Redactor};
    ///
    /// let token = VerifyToken::new("correct-horse")?;
    /// let redactor = Redactor::builder().verify_token(&token).build()?;
    /// assert_eq!(redactor.redact(token.expose_secret()), "[redacted:verify_token]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verify_token(self, token: &VerifyToken) -> Self {
        self.register(Family::VerifyToken.as_str(), token.expose_secret())
    }

    /// Registers an access token under the label `access_token`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AccessToken, redact::Redactor};
    ///
    /// let token = AccessToken::new("EAACEdEose0cBAExampleExampleExample")?;
    /// let redactor = Redactor::builder().access_token(&token).build()?;
    /// assert_eq!(redactor.redact(token.expose_secret()), "[redacted:access_token]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn access_token(self, token: &AccessToken) -> Self {
        self.register(Family::AccessToken.as_str(), token.expose_secret())
    }

    /// Finds values under a key of your own, by the rules for `access_token`.
    ///
    /// The key is found in queries, in JSON, in `Debug` output and as an environment variable. It is
    /// found as given, in lower case and in upper case, and also at the end of a longer key. It has 3
    /// to 32 letters, digits, `_`, `-` and `.`.
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
            // `[redacted:` would match as a key and a colon.
            return self.refuse(RuleError::OccursInMarker {
                label: label.to_owned(),
            });
        }
        let marker = self.rules.marker(label);
        self.rules.own.push(Rule::Keyed(Keyed::own(key, marker)));
        self
    }

    /// Finds tokens by a shape of your own: an anchor, and at least `least` characters of an alphabet
    /// after it.
    ///
    /// The anchor has 3 to 32 printable ASCII characters, and is not found inside a longer word.
    /// `least` is 8 to 64.
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
        if !(MIN_SHAPE..=64).contains(&least) {
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
            least_cut_off: (least / 2).max(MIN_SHAPE),
            may_be_digest: false,
            marker,
        }));
        self
    }

    /// Adds the id of your app, to find its access tokens by their first characters.
    ///
    /// They are then found even if they are cut short or surrounded by other characters.
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

    /// Sets the policy for personal data in webhook bodies. By default, personal data is not redacted.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::{PersonalData, Redactor};
    ///
    /// let redactor = Redactor::builder().personal_data(PersonalData::Mask).build()?;
    /// assert_eq!(redactor.redact(r#"{"name":"Sheena"}"#), r#"{"name":"[redacted:name]"}"#);
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn personal_data(mut self, policy: PersonalData) -> Self {
        self.rules.personal = Some(Arc::new(policy));
        self
    }

    /// Switches off a family that is not [mandatory](Family::is_mandatory).
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

    /// Builds the redactor.
    ///
    /// # Errors
    /// Returns a [`RuleError`] for the first refused rule, or if there are more than 1,000 rules.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// assert!(Redactor::builder().register("session", "correct-horse").build().is_ok());
    /// ```
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
