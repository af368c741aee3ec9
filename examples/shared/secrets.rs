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
    AppSecret, Endpoint, KeyRing, SecretError, SecretErrorKind, VerifyToken, redact::Redactor,
};

use super::{gates::AllowFile, message, replay};

pub(super) struct Secrets {
    pub(super) keys: KeyRing,
    pub(super) token: VerifyToken,
}

/// Returns a redactor that knows the password in `REPLAY`, which stays over rotations.
pub(super) fn redactor() -> Result<Redactor, String> {
    let mut redactor = Redactor::builder();
    if let Some(password) = replay::password().filter(|password| password.len() >= 8) {
        redactor = redactor.register("redis_password", &password);
    }
    redactor.build().map_err(message)
}

impl Secrets {
    /// Reads the secrets. From then on, the redactor redacts these instead of those read earlier.
    pub(super) fn read(redactor: &Redactor) -> Result<Self, String> {
        let current = app_secret("APP_SECRET").map_err(message)?;
        let previous = match app_secret("APP_SECRET_PREVIOUS") {
            // Outside of a rotation there is no previous secret and no file.
            Err(refused) if is_missing(&refused) => None,
            previous => Some(("previous", previous.map_err(message)?)),
        };
        let token = VerifyToken::from_env("VERIFY_TOKEN").map_err(message)?;

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
        // Shorter ones would match ordinary text and are found by key only.
        known.retain(|(_, secret)| secret.len() >= 8);
        redactor.replace_values(known).map_err(message)?;

        let keys =
            KeyRing::new([("current", current)].into_iter().chain(previous)).map_err(message)?;
        Ok(Self { keys, token })
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

/// Reloads the secrets and the allow-list on every SIGHUP. If one is refused, all stay unchanged.
///
/// A request in progress is verified with the keys with which it began.
#[cfg(unix)]
pub(crate) fn reload_on_hangup(
    endpoint: &Endpoint,
    redactor: Redactor,
    allow_file: Option<AllowFile>,
) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup())?;
    let verifier = endpoint.verifier().clone();
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            let (redactor, allow_file) = (redactor.clone(), allow_file.clone());
            let read = move || {
                let reloaded = allow_file.as_ref().map(AllowFile::reload);
                (Secrets::read(&redactor), reloaded)
            };
            let (secrets, allow_list) = match tokio::task::spawn_blocking(read).await {
                Ok(read) => read,
                Err(problem) => (Err(message(problem)), None),
            };
            match secrets {
                Ok(new) => {
                    verifier.replace_keys(new.keys);
                    tracing::info!(keys = ?verifier.keys(), "secrets reloaded");
                }
                Err(problem) => {
                    tracing::error!("secrets not reloaded, the old ones stay in use: {problem}");
                }
            }
            match allow_list {
                None => {}
                Some(Ok(())) => tracing::info!("allow-list reloaded"),
                Some(Err(problem)) => {
                    tracing::error!("allow-list not reloaded, the old one stays in use: {problem}");
                }
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn reload_on_hangup(_: &Endpoint, _: Redactor, _: Option<AllowFile>) -> io::Result<()> {
    Ok(())
}
