//! Secrets from files and environment variables.

use std::{
    env,
    fmt::{self, Display},
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use hubseal::{AppSecret, SecretError, SecretErrorKind, VerifyToken};
use zeroize::Zeroizing;

use crate::{
    Result,
    arguments::{ManySecrets, OneSecret, OneToken},
    schemes::SchemeName,
};

/// The default environment variables.
const SECRET_ENV: &str = "APP_SECRET";
const TOKEN_ENV: &str = "VERIFY_TOKEN";

/// The largest file of a secret, in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// The place of a secret. `Display` names it in messages.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    Env(String),
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[expect(clippy::unnecessary_debug_formatting, reason = "escapes the path")]
            Self::File(path) => write!(f, "file {path:?}"),
            Self::Env(name) => write!(f, "variable {}", name.escape_debug()),
        }
    }
}

impl Source {
    pub(crate) fn app_secret(
        &self,
        scheme: SchemeName,
    ) -> std::result::Result<AppSecret, SecretError> {
        let secret = match (self, scheme.is_meta()) {
            (Self::File(path), true) => AppSecret::meta_from_file(path),
            (Self::File(path), false) => AppSecret::from_file(path),
            (Self::Env(name), true) => AppSecret::meta_from_env(name),
            (Self::Env(name), false) => AppSecret::from_env(name),
        }?;
        if scheme.is_standard() {
            return secret.decode_whsec();
        }
        Ok(secret)
    }

    pub(crate) fn verify_token(&self) -> std::result::Result<VerifyToken, SecretError> {
        match self {
            Self::File(path) => VerifyToken::from_file(path),
            Self::Env(name) => VerifyToken::from_env(name),
        }
    }

    /// Reads the bytes exactly as they are configured, 16 KiB at most.
    pub(crate) fn raw(&self) -> Result<Zeroizing<Vec<u8>>> {
        match self {
            Self::File(path) => {
                let failed = |error: io::Error| format!("{self} cannot be read: {error}");
                // Allocated once, because growing would leave copies behind.
                let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES.saturating_add(1)));
                let file = File::open(path).map_err(failed)?;
                let limit = u64::try_from(bytes.capacity())?;
                file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
                if bytes.len() > MAX_BYTES {
                    return Err(format!(
                        "{self} is larger than {MAX_BYTES} bytes; name a file with the secret alone"
                    )
                    .into());
                }
                Ok(bytes)
            }
            Self::Env(name) => match env::var_os(name) {
                Some(value) => Ok(Zeroizing::new(value.into_encoded_bytes())),
                None => Err(format!("{self} is not set; set it, or name another one with --secret-env or --token-env").into()),
            },
        }
    }
}

impl OneSecret {
    pub(crate) fn source(&self) -> Source {
        match &self.secret_file {
            Some(path) => Source::File(path.clone()),
            None => Source::Env(self.secret_env.clone()),
        }
    }

    pub(crate) fn load(&self) -> Result<AppSecret> {
        Ok(self.source().app_secret(self.scheme)?)
    }
}

impl OneToken {
    pub(crate) fn source(&self) -> Source {
        match (&self.token_file, &self.token_env) {
            (Some(path), _) => Source::File(path.clone()),
            (None, Some(name)) => Source::Env(name.clone()),
            (None, None) => Source::Env(TOKEN_ENV.to_owned()),
        }
    }

    pub(crate) fn load(&self) -> Result<VerifyToken> {
        Ok(self.source().verify_token()?)
    }

    /// Reads the token. If no option names it, a missing variable is no error.
    pub(crate) fn load_if_there(&self) -> Result<Option<VerifyToken>> {
        if_there(self.is_default(), self.source().verify_token())
    }

    /// Returns the raw token. If no option names it, a missing variable is no error.
    pub(crate) fn raw_if_there(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        if self.is_default() && env::var_os(TOKEN_ENV).is_none() {
            return Ok(None);
        }
        self.source().raw().map(Some)
    }

    fn is_default(&self) -> bool {
        self.token_file.is_none() && self.token_env.is_none()
    }
}

impl ManySecrets {
    /// Returns the sources: files first. Without an option, the default variable.
    pub(crate) fn sources(&self) -> Vec<Source> {
        if self.is_default() {
            return vec![Source::Env(SECRET_ENV.to_owned())];
        }
        let files = self.secret_file.iter().cloned().map(Source::File);
        let variables = self.secret_env.iter().cloned().map(Source::Env);
        files.chain(variables).collect()
    }

    /// Reads the secrets. Any form is accepted. If no option names one, a missing variable is no error.
    pub(crate) fn load_if_there(&self) -> Result<Vec<AppSecret>> {
        let mut secrets = Vec::new();
        for source in self.sources() {
            let secret = source.app_secret(SchemeName::Github);
            secrets.extend(if_there(self.is_default(), secret)?);
        }
        Ok(secrets)
    }

    fn is_default(&self) -> bool {
        self.secret_file.is_empty() && self.secret_env.is_empty()
    }
}

fn if_there<T>(is_default: bool, secret: std::result::Result<T, SecretError>) -> Result<Option<T>> {
    match secret {
        Ok(secret) => Ok(Some(secret)),
        Err(missing) if is_default && missing.kind() == SecretErrorKind::NotSet => Ok(None),
        Err(refused) => Err(refused.into()),
    }
}
