//! App secrets from the environment or from files, and their rotation.
//!
//! `APP_SECRET_FILE` and `APP_SECRET_PREVIOUS_FILE` name files with the secrets, such as files mounted
//! into a container. To rotate without losing a delivery:
//!
//! 1. Write the current secret into the file of the previous one.
//! 2. Write the new secret into the file of the current one.
//! 3. Send SIGHUP.
//! 4. Change the secret at Meta.
//! 5. Once no delivery is signed with the previous secret, remove its file and send SIGHUP.
//!
//! If a secret is refused, all secrets stay unchanged. The log names the reason.

use std::{env, io};

use hubseal::{
    AppSecret, Endpoint, KeyRing, SecretError, SecretErrorKind, VerifyToken,
    redact::{Redactor, RedactorBuilder},
};

use super::{Logs, message, replay};

pub(super) struct Secrets {
    pub(super) keys: KeyRing,
    pub(super) token: VerifyToken,
    /// Redacts all of these secrets from logs.
    pub(super) redactor: Redactor,
}

impl Secrets {
    pub(super) fn read() -> Result<Self, String> {
        let current = app_secret("APP_SECRET").map_err(message)?;
        let previous = match app_secret("APP_SECRET_PREVIOUS") {
            // Outside of a rotation there is no previous secret and no file.
            Err(refused) if is_missing(&refused) => None,
            previous => Some(("previous", previous.map_err(message)?)),
        };
        let token = VerifyToken::from_env("VERIFY_TOKEN").map_err(message)?;
        let redis_password = replay::password();

        // Must precede the key ring, which takes the secrets and never exposes them.
        let mut known = vec![
            ("app_secret", current.expose_secret()),
            ("verify_token", token.expose_secret()),
        ];
        known.extend(
            previous
                .iter()
                .map(|(_, secret)| ("app_secret", secret.expose_secret())),
        );
        known.extend(
            redis_password
                .iter()
                .map(|password| ("redis_password", password.as_str())),
        );
        let redactor = redactor(&known)?;

        let keys =
            KeyRing::new([("current", current)].into_iter().chain(previous)).map_err(message)?;
        Ok(Self {
            keys,
            token,
            redactor,
        })
    }
}

/// Reads a secret from the file that `…_FILE` names, or else from the variable.
fn app_secret(variable: &str) -> Result<AppSecret, SecretError> {
    match env::var_os(format!("{variable}_FILE")) {
        Some(path) => AppSecret::meta_from_file(path),
        None => AppSecret::meta_from_env(variable),
    }
}

fn is_missing(refused: &SecretError) -> bool {
    matches!(
        refused.kind(),
        SecretErrorKind::NotSet | SecretErrorKind::FileNotFound
    )
}

/// Registers the secrets. Those under 8 bytes would match ordinary text and are found by key only.
fn redactor(secrets: &[(&str, &str)]) -> Result<Redactor, String> {
    let long_enough = |(_, secret): &&(&str, &str)| secret.len() >= RedactorBuilder::MIN_VALUE;
    secrets
        .iter()
        .filter(long_enough)
        .fold(Redactor::builder(), |known, (label, secret)| {
            known.register(label, secret)
        })
        .build()
        .map_err(message)
}

/// Reloads the secrets on every SIGHUP. If one is refused, all stay unchanged.
///
/// A request in progress is verified with the keys with which it began.
#[cfg(unix)]
pub(crate) fn rotate_on_hangup(endpoint: &Endpoint, logs: Logs) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup())?;
    let verifier = endpoint.verifier().clone();
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            let read = tokio::task::spawn_blocking(Secrets::read).await;
            let rotated = read.map_err(message).and_then(|read| read).and_then(|new| {
                // First, so that every secret in use is redacted.
                logs.redact_with(&new.redactor).map_err(message)?;
                verifier.replace_keys(new.keys);
                Ok(())
            });
            match rotated {
                Ok(()) => tracing::info!(keys = ?verifier.keys(), "secrets reloaded"),
                Err(problem) => {
                    tracing::error!("secrets not reloaded, the old ones stay in use: {problem}");
                }
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn rotate_on_hangup(_: &Endpoint, _: Logs) -> io::Result<()> {
    Ok(())
}
