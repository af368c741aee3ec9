//! The files of secrets that are rotated.

use alloc::vec::Vec;
use core::time::Duration;
use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::Secrets;
#[cfg(feature = "redact")]
use crate::redact::Redactor;
use crate::{
    secret::{AppSecret, SecretError, SecretErrorKind, VerifyToken},
    signature::Clock,
};

/// Sets the files of [`Secrets`], and how long replaced secrets stay valid.
///
/// # Examples
/// ```no_run
/// use core::time::Duration;
/// use hubseal::Secrets;
///
/// let _secrets = Secrets::from_files("/run/secrets/app_secret")
///     .previous_file("/run/secrets/app_secret_previous")
///     .verify_token_file("/run/secrets/verify_token")
///     .grace(Duration::from_secs(24 * 60 * 60))
///     .load()?;
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Clone)]
#[must_use = "call `load` to read the files"]
pub struct SecretsBuilder {
    pub(super) app_secret: PathBuf,
    pub(super) previous: Option<PathBuf>,
    pub(super) verify_tokens: Vec<PathBuf>,
    form: Form,
    grace: Duration,
    pub(super) clock: Clock,
    #[cfg(feature = "redact")]
    pub(super) redactor: Option<Redactor>,
}

/// The form of the app secrets.
#[derive(Clone, Copy)]
enum Form {
    Meta,
    Any,
    Whsec,
}

/// The contents of the files.
pub(super) struct Contents {
    pub(super) current: AppSecret,
    pub(super) previous: Option<AppSecret>,
    pub(super) verify_tokens: Vec<VerifyToken>,
}

impl SecretsBuilder {
    /// The default grace: 7 days, because WhatsApp repeats failed deliveries for that long.
    pub const DEFAULT_GRACE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    pub(super) fn new(app_secret: &Path) -> Self {
        Self {
            app_secret: app_secret.into(),
            previous: None,
            verify_tokens: Vec::new(),
            form: Form::Meta,
            grace: Self::DEFAULT_GRACE,
            clock: Clock::default(),
            #[cfg(feature = "redact")]
            redactor: None,
        }
    }

    /// Adds a file with a verify token. Call it again for each further token, such as that of an override
    /// URL.
    ///
    /// Without one, set the tokens with [`EndpointBuilder::verify_token`](crate::EndpointBuilder).
    ///
    /// # Examples
    /// ```
    /// # let path = std::env::temp_dir().join(format!("hubseal-token-{}", std::process::id()));
    /// # std::fs::write(&path, "c1e8b0a53f7d4926a85b60d2917e43fc")?;
    /// # let builder = hubseal::Secrets::from_files(&path);
    /// # let token_path = path.clone();
    /// let secrets = builder.verify_token_file(&token_path).load()?;
    /// let endpoint = secrets.endpoint().build()?;
    /// let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=c1e8b0a53f7d4926a85b60d2917e43fc";
    /// assert!(endpoint.handshake(query).is_ok());
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_token_file(mut self, path: impl AsRef<Path>) -> Self {
        self.verify_tokens.push(path.as_ref().into());
        self
    }

    /// Sets a file with the previous app secret, for a restart in the middle of a rotation. It may be
    /// missing.
    ///
    /// - The secret is accepted for the [grace](Self::grace), from the first time that it is read. A
    ///   restart begins a new grace, because no file tells when the rotation was.
    /// - If [`reload`](Secrets::reload) finds that the file is gone, it drops the secret at once.
    /// - If `reload` finds a new app secret, the replaced one becomes `previous`, whatever this file has.
    ///
    /// # Examples
    /// ```
    /// # let path = std::env::temp_dir().join(format!("hubseal-previous-{}", std::process::id()));
    /// # std::fs::write(&path, "c1e8b0a53f7d4926a85b60d2917e43fc")?;
    /// # let builder = hubseal::Secrets::from_files(&path);
    /// let secrets = builder.previous_file("/run/secrets/not-there").load()?;
    /// let endpoint = secrets.endpoint().build()?;
    /// assert_eq!(endpoint.verifier().keys().match_count("previous"), None);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn previous_file(mut self, path: impl AsRef<Path>) -> Self {
        self.previous = Some(path.as_ref().into());
        self
    }

    /// Sets the time for which replaced secrets and tokens stay valid. Defaults to 7 days.
    ///
    /// With zero, they are rejected at once. More than 100 years count as 100 years.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    ///
    /// let _builder = hubseal::Secrets::from_files("/run/secrets/app_secret").grace(Duration::from_secs(3_600));
    /// ```
    pub fn grace(mut self, grace: Duration) -> Self {
        const HUNDRED_YEARS: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        self.grace = grace.min(HUNDRED_YEARS);
        self
    }

    /// Accepts app secrets of any form, such as a GitHub webhook secret. By default, they must have the
    /// form of Meta's: see [`AppSecret::meta`].
    ///
    /// # Examples
    /// ```
    /// # let path = std::env::temp_dir().join(format!("hubseal-form-{}", std::process::id()));
    /// # std::fs::write(&path, "It's a Secret to Everybody")?;
    /// # let builder = hubseal::Secrets::from_files(&path);
    /// use hubseal::Scheme;
    ///
    /// let secrets = builder.any_form().load()?;
    /// let _endpoint = secrets.endpoint().scheme(Scheme::GITHUB).build()?;
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn any_form(mut self) -> Self {
        self.form = Form::Any;
        self
    }

    /// Accepts app secrets of Standard Webhooks and Svix, and decodes their keys: see
    /// [`AppSecret::decode_whsec`].
    ///
    /// # Examples
    /// ```
    /// # let path = std::env::temp_dir().join(format!("hubseal-whsec-{}", std::process::id()));
    /// # std::fs::write(&path, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
    /// # let builder = hubseal::Secrets::from_files(&path);
    /// use hubseal::Scheme;
    ///
    /// let secrets = builder.whsec().load()?;
    /// let _endpoint = secrets.endpoint().scheme(Scheme::STANDARD_WEBHOOKS).build()?;
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn whsec(mut self) -> Self {
        self.form = Form::Whsec;
        self
    }

    /// Sets the redactor that learns each secret and token before it is accepted.
    ///
    /// - A secret that a [`reload`](Secrets::reload) drops is still redacted, until the next change.
    /// - Values of the redactor's builder and of [`Redactor::replace_values`] stay. Several `Secrets` can
    ///   share one redactor.
    /// - Verify tokens under 8 bytes are not registered, because they would match ordinary text.
    ///
    /// # Examples
    /// ```
    /// # let path = std::env::temp_dir().join(format!("hubseal-redactor-{}", std::process::id()));
    /// # std::fs::write(&path, "c1e8b0a53f7d4926a85b60d2917e43fc")?;
    /// # let builder = hubseal::Secrets::from_files(&path);
    /// use hubseal::redact::Redactor;
    ///
    /// let redactor = Redactor::new();
    /// let _secrets = builder.redactor(&redactor).load()?;
    /// assert_eq!(redactor.redact("c1e8b0a53f7d4926a85b60d2917e43fc"), "[redacted:app_secret]");
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "redact")]
    pub fn redactor(mut self, redactor: &Redactor) -> Self {
        self.redactor = Some(redactor.clone());
        self
    }

    /// Sets the clock of the grace, for tests. Defaults to that of the system.
    ///
    /// # Examples
    /// ```
    /// use std::time::SystemTime;
    ///
    /// let builder = hubseal::Secrets::from_files("/run/secrets/app_secret");
    /// let _builder = builder.clock(|| SystemTime::UNIX_EPOCH);
    /// ```
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(clock);
        self
    }

    /// Reads the files.
    ///
    /// It blocks while it reads, like [`Secrets::reload`].
    ///
    /// # Errors
    /// Returns a [`SecretError`] that names the file and the problem, if
    /// - a file cannot be read, or has contents that [`AppSecret::meta_from_file`] or
    ///   [`VerifyToken::from_file`] refuses, or with [`whsec`](Self::whsec) that [`AppSecret::decode_whsec`] refuses,
    /// - the redactor refuses a value ([`NotRedactable`](SecretErrorKind::NotRedactable)).
    ///
    /// # Examples
    /// ```
    /// let refused = hubseal::Secrets::from_files("/run/secrets/not-there").load().unwrap_err();
    /// assert!(refused.to_string().starts_with(
    ///     r#"the app secret file "/run/secrets/not-there" does not exist; check the path"#
    /// ));
    /// ```
    pub fn load(self) -> Result<Secrets, SecretError> {
        Secrets::load(self)
    }

    /// Reads all files. A missing file of the previous secret is no error.
    pub(super) fn read(&self) -> Result<Contents, SecretError> {
        let app_secret = |path: &Path| match self.form {
            Form::Meta => AppSecret::meta_from_file(path),
            Form::Any => AppSecret::from_file(path),
            Form::Whsec => AppSecret::whsec_from_file(path),
        };
        let previous = match self.previous.as_deref().map(app_secret).transpose() {
            Err(missing) if missing.kind() == SecretErrorKind::FileNotFound => None,
            previous => previous?,
        };
        let tokens = self.verify_tokens.iter().map(VerifyToken::from_file);
        Ok(Contents {
            current: app_secret(&self.app_secret)?,
            previous,
            verify_tokens: tokens.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the time at which a secret that is replaced now is no longer valid.
    pub(super) fn deadline(&self) -> SystemTime {
        let now = self.clock.now().unwrap_or(SystemTime::UNIX_EPOCH);
        now.checked_add(self.grace).unwrap_or(now)
    }
}
