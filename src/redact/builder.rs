//! The builder of a redactor.

use alloc::{borrow::ToOwned, string::ToString, sync::Arc, vec::Vec};

use regex::bytes::RegexBuilder;
use zeroize::Zeroizing;

use super::{
    PersonalData, Redactor, RuleError,
    search::{LabelledValue, Settings},
};
use crate::secret::{AccessToken, AppSecret, VerifyToken};

/// A builder for a [`Redactor`] with registered values and rules of your own.
///
/// Each method takes a label: 1 to 32 characters of `a`–`z`, `0`–`9` and `_`. The marker is
/// `[redacted:label]`. [`build`](Self::build) returns the error of the first refused rule.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, redact::Redactor};
///
/// let redactor = Redactor::builder()
///     .app_secret(&AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
///     .register("database_password", "correct horse/battery staple")
///     .key("session", "session_id")
///     .pattern("payment_key", "sk_live_[0-9A-Za-z]{16,}")
///     .build()?;
/// assert_eq!(
///     redactor.redact("postgres://app:correct%20horse%2Fbattery%20staple@db/app"),
///     "postgres://app:[redacted:database_password]@db/app",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct RedactorBuilder {
    settings: Settings,
    values: Vec<LabelledValue>,
    error: Option<RuleError>,
}

impl RedactorBuilder {
    /// Finds this value anywhere: raw, percent-encoded, escaped as in JSON, and inside base64.
    ///
    /// A value has 8 to 16,384 bytes. Its first 32 bytes are enough for a match, or 8 bytes where the
    /// record ends.
    ///
    /// # Security
    /// The redactor wipes its copy of the value when the last clone is dropped. The search keeps the first
    /// few bytes, which are not wiped. For a value that is rotated, use [`Redactor::replace_values`].
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
        match registered(label, value) {
            Ok(value) => self.values.push(value),
            Err(error) => return self.refuse(error),
        }
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
        self.register("app_secret", secret.expose_secret())
    }

    /// Registers a verify token under the label `verify_token`.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{VerifyToken, redact::Redactor};
    ///
    /// let token = VerifyToken::new("correct-horse")?;
    /// let redactor = Redactor::builder().verify_token(&token).build()?;
    /// assert_eq!(redactor.redact("the token correct-horse"), "the token [redacted:verify_token]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verify_token(self, token: &VerifyToken) -> Self {
        self.register("verify_token", token.expose_secret())
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
        self.register("access_token", token.expose_secret())
    }

    /// Finds values under a key of your own, like those under `access_token`.
    ///
    /// The key has 3 to 32 letters and digits, with `_`, `-` and `.` between them. It is found in any case,
    /// with `_`, `-` or nothing between its words, and also at the end of a longer name.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::builder().key("session", "session_id").build()?;
    /// assert_eq!(
    ///     redactor.redact(r#"{"sessionId": "8f2c", "user": 7}"#),
    ///     r#"{"sessionId": "[redacted:session]", "user": 7}"#,
    /// );
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn key(mut self, label: &str, key: &str) -> Self {
        let is_mark = |letter: char| matches!(letter, '_' | '-' | '.');
        if !is_label(label) {
            return self.refuse(RuleError::Label);
        }
        let letters = key.replace(is_mark, "");
        let is_key = letters.len() >= 3
            && key.len() <= 32
            && letters.bytes().all(|letter| letter.is_ascii_alphanumeric())
            && !key.starts_with(is_mark)
            && !key.ends_with(is_mark);
        if !is_key {
            return self.refuse(RuleError::Key {
                label: label.to_owned(),
            });
        }
        if "redacted".ends_with(&letters.to_ascii_lowercase()) {
            // `[redacted:` would match as a key and a colon.
            return self.refuse(RuleError::OccursInMarker);
        }
        self.settings.keys.push((label.to_owned(), key.to_owned()));
        self
    }

    /// Finds tokens by a regular expression of your own, in the syntax of the crate `regex`.
    ///
    /// It is searched in the text as it is written, so escapes and percent-encoding are not decoded.
    /// Classes such as `\w` are ASCII. `^` and `$` match the ends of the record. Empty matches are
    /// ignored.
    ///
    /// # Security
    /// One match takes linear time, but all matches of some patterns take quadratic time: `[a-z]*!|x` reads
    /// to the end of `xxx…` for each `x`. Begin a pattern with fixed characters, and bound repetitions.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::builder()
    ///     .pattern("payment_key", "sk_live_[0-9A-Za-z]{16,}")
    ///     .build()?;
    /// assert_eq!(
    ///     redactor.redact("key=sk_live_4eC39HqLyjWDarjtT1zdp7dc."),
    ///     "key=[redacted:payment_key].",
    /// );
    /// # Ok::<(), hubseal::redact::RuleError>(())
    /// ```
    #[must_use]
    pub fn pattern(mut self, label: &str, pattern: &str) -> Self {
        if !is_label(label) {
            return self.refuse(RuleError::Label);
        }
        match RegexBuilder::new(pattern).unicode(false).build() {
            Ok(pattern) => self.settings.patterns.push((label.to_owned(), pattern)),
            Err(error) => {
                return self.refuse(RuleError::Pattern {
                    label: label.to_owned(),
                    problem: error.to_string(),
                });
            }
        }
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
        self.settings.personal = Some(Arc::new(policy));
        self
    }

    /// Builds the redactor. This compiles all rules, so build it once and clone it.
    ///
    /// # Errors
    /// Returns a [`RuleError`] for the first refused rule, or if a rule matches a marker.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::{Redactor, RuleError};
    ///
    /// assert!(Redactor::builder().register("session", "correct-horse").build().is_ok());
    /// let refused = Redactor::builder().register("own", "[redacted:own]").build();
    /// assert_eq!(refused.err(), Some(RuleError::OccursInMarker));
    /// ```
    pub fn build(self) -> Result<Redactor, RuleError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        Redactor::with(self.settings, self.values)
    }

    fn refuse(mut self, error: RuleError) -> Self {
        self.error.get_or_insert(error);
        self
    }
}

/// The lengths that a registered value may have, in bytes. A shorter one would match ordinary text.
const LENGTHS: core::ops::RangeInclusive<usize> = 8..=16 * 1024;

pub(super) fn registered(label: &str, value: &str) -> Result<LabelledValue, RuleError> {
    // Check the label first: if the arguments are swapped, an error must not print the value.
    if !is_label(label) {
        return Err(RuleError::Label);
    }
    if !LENGTHS.contains(&value.len()) {
        return Err(RuleError::Length {
            label: label.to_owned(),
        });
    }
    Ok((label.to_owned(), Zeroizing::new(value.to_owned())))
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=32).contains(&label.len()) && label.bytes().all(allowed)
}
