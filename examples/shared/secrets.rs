//! The secrets of the app, from the environment or from files, and their rotation.
//!
//! `APP_SECRET_FILE` and `APP_SECRET_PREVIOUS_FILE` name files to read the secrets from instead, as
//! they are mounted into a container. To rotate without losing a request, write the secret in use
//! into the previous one's file and the new one into the current one's, send SIGHUP, and then change
//! the secret at Meta; remove the previous one's file when nothing is signed with it any more, and
//! send SIGHUP again. Where a file is refused, all secrets stay as they were, and a line in the log
//! says why.

use std::{env, io};

use hubseal::{
    AppSecret, Endpoint, KeyRing, SecretError, SecretErrorKind, VerifyToken,
    redact::{Redactor, RedactorBuilder},
};

use super::{Logs, say};

pub(super) struct Secrets {
    pub(super) keys: KeyRing,
    pub(super) token: VerifyToken,
    /// Knows each of them, so that none is in a log.
    pub(super) redactor: Redactor,
}

impl Secrets {
    pub(super) fn read() -> Result<Self, String> {
        let current = app_secret("APP_SECRET").map_err(say)?;
        let previous = match app_secret("APP_SECRET_PREVIOUS") {
            // Between two rotations there is none, and its file is not there either.
            Err(refused) if is_missing(&refused) => None,
            previous => Some(("previous", previous.map_err(say)?)),
        };
        let token = VerifyToken::from_env("VERIFY_TOKEN").map_err(say)?;

        // Before the secrets move to where nobody can ask for them any more.
        let mut known = vec![
            ("app_secret", current.expose_secret()),
            ("verify_token", token.expose_secret()),
        ];
        known.extend(
            previous
                .iter()
                .map(|(_, secret)| ("app_secret", secret.expose_secret())),
        );
        let redactor = redactor(&known)?;

        let keys = KeyRing::new([("current", current)].into_iter().chain(previous)).map_err(say)?;
        Ok(Self {
            keys,
            token,
            redactor,
        })
    }
}

/// From the file that `…_FILE` names, as secrets are mounted into a container, or else from the
/// variable itself.
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

/// What is too short to be found without blackening ordinary text is still found by its key.
fn redactor(secrets: &[(&str, &str)]) -> Result<Redactor, String> {
    let long_enough = |(_, secret): &&(&str, &str)| secret.len() >= RedactorBuilder::MIN_VALUE;
    secrets
        .iter()
        .filter(long_enough)
        .fold(Redactor::builder(), |known, (label, secret)| {
            known.register(label, secret)
        })
        .build()
        .map_err(say)
}

/// Reads the secrets again at every SIGHUP. Requests under way end with the keys they began with; where
/// a secret is refused, all stay as they were.
#[cfg(unix)]
pub(crate) fn rotate_on_hangup(endpoint: &Endpoint, logs: Logs) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup())?;
    let verifier = endpoint.verifier().clone();
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            let read = tokio::task::spawn_blocking(Secrets::read).await;
            let rotated = read.map_err(say).and_then(|read| read).and_then(|new| {
                // First, so that no secret is in use before it is known.
                logs.redact_with(&new.redactor).map_err(say)?;
                verifier.replace_keys(new.keys);
                Ok(())
            });
            match rotated {
                Ok(()) => tracing::info!(keys = ?verifier.keys(), "the secrets were read again"),
                Err(problem) => tracing::error!("the secrets stay as they were: {problem}"),
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn rotate_on_hangup(_: &Endpoint, _: Logs) -> io::Result<()> {
    Ok(())
}
