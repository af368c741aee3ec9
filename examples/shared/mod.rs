//! What the example servers have in common: settings from the environment, and logs.

use std::{env, fmt::Display, io, net::SocketAddr, process, str::FromStr, time::Duration};

use bytes::Bytes;
use hubseal::{
    AppSecret, Endpoint, KeyRing, PayloadLimit, Rejection, SecretErrorKind, Verified, VerifyToken,
    redact::{Redactor, RedactorBuilder},
};
use tracing_subscriber::EnvFilter;

/// Where to listen, what to accept, and what no log may hold.
pub(crate) struct Settings {
    pub(crate) address: SocketAddr,
    pub(crate) endpoint: Endpoint,
    pub(crate) redactor: Redactor,
}

impl Settings {
    /// Reads the settings; where one is missing or refused, says so and ends the process with
    /// status 2.
    pub(crate) fn from_env_or_exit() -> Self {
        Self::from_env().unwrap_or_else(|problem| {
            eprintln!("{problem}");
            process::exit(2)
        })
    }

    fn from_env() -> Result<Self, String> {
        let current = AppSecret::from_env("APP_SECRET").map_err(say)?;
        let previous = match AppSecret::from_env("APP_SECRET_PREVIOUS") {
            Err(refused) if refused.kind() == SecretErrorKind::NotSet => None,
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
        let mut endpoint = Endpoint::builder(keys).verify_token(token);
        if let Some(bytes) = optional("MAX_BODY")? {
            endpoint = endpoint.payload_limit(PayloadLimit::new(bytes));
        }
        if let Some(milliseconds) = optional("READ_TIMEOUT_MS")? {
            endpoint = endpoint.read_deadline(Duration::from_millis(milliseconds));
        }
        Ok(Self {
            address: optional("HUBSEAL_ADDR")?.unwrap_or(([127, 0, 0, 1], 8080).into()),
            endpoint: endpoint.build(),
            redactor,
        })
    }
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

fn say(problem: impl Display) -> String {
    problem.to_string()
}

fn optional<T: FromStr<Err: Display>>(variable: &str) -> Result<Option<T>, String> {
    match env::var(variable) {
        Err(env::VarError::NotPresent) => Ok(None),
        Err(problem) => Err(format!("{variable}: {problem}")),
        Ok(text) => text
            .parse()
            .map(Some)
            .map_err(|problem| format!("{variable}: {problem}")),
    }
}

/// Logs to standard error, as `RUST_LOG` says, from `info` on by default. No secret gets there,
/// whoever logs it, and none by way of a panic.
pub(crate) fn log_to_stderr(redactor: &Redactor) {
    redactor.install_panic_hook();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(redactor.make_writer(io::stderr))
        .init();
}

/// What a verified delivery is answered with, as JSON.
pub(crate) fn acknowledge(body: &Verified<Bytes>) -> String {
    let (key, bytes) = (body.key(), body.len());
    tracing::info!(%key, bytes, "verified");
    // The name of a key needs no escaping.
    format!(r#"{{"key":"{key}","bytes":{bytes}}}"#)
}

pub(crate) fn log_refusal(rejection: &Rejection) {
    let (kind, status) = (rejection.kind().as_str(), rejection.status());
    tracing::warn!(kind, status, "{rejection}");
}

/// Resolves on SIGTERM or SIGINT.
pub(crate) async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        _ = terminate => {}
    }
}
