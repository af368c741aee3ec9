//! Rules of the user's own, as they are collected.

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
/// The fewest characters behind an anchor that make a token.
const MIN_SHAPE: usize = 8;

impl RedactorBuilder {
    /// The shortest value that can be [registered](Self::register), in bytes: a shorter one would
    /// blacken ordinary text.
    pub const MIN_VALUE: usize = 8;
    /// The longest value that can be [registered](Self::register), in bytes.
    pub const MAX_VALUE: usize = 16 * 1024;

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
