//! Shared parts of the example servers: settings, secrets, logs, monitoring and the handler.

#[cfg(hubseal_faults)]
mod faults;
mod gates;
mod handler;
mod logs;
mod monitoring;
mod replay;
mod secrets;

use std::{env, fmt::Display, io, net::SocketAddr, process, str::FromStr, time::Duration};

use hubseal::{ConfigError, Endpoint, MemoryBudget, PayloadLimit, redact::Redactor};

use gates::AllowFile;
pub(crate) use handler::Handler;
use monitoring::Monitoring;
use secrets::Secrets;
pub(crate) use secrets::reload_on_hangup;

/// The settings of a server, its redactor and its monitoring.
pub(crate) struct Settings {
    pub(crate) address: SocketAddr,
    pub(crate) endpoint: Endpoint,
    pub(crate) handler: Handler,
    pub(crate) redactor: Redactor,
    pub(crate) allow_file: Option<AllowFile>,
    pub(crate) monitoring: Monitoring,
}

impl Settings {
    /// Reads the settings and starts the logs.
    ///
    /// Prints the problem and exits with status 2 if a setting is missing or refused.
    pub(crate) fn from_env_or_exit() -> Self {
        Self::from_env().unwrap_or_else(|problem| {
            eprintln!("{problem}");
            process::exit(2)
        })
    }

    fn from_env() -> Result<Self, String> {
        let redactor = secrets::redactor()?;
        let Secrets { keys, token } = Secrets::read(&redactor)?;
        let mut endpoint = Endpoint::builder(keys).verify_token(token);
        if let Some(bytes) = optional("MAX_BODY")? {
            endpoint = endpoint.payload_limit(PayloadLimit::new(bytes));
        }
        if let Some(bytes) = optional("MEMORY_BUDGET")? {
            endpoint = endpoint.memory_budget(MemoryBudget::new(bytes));
        }
        if let Some(milliseconds) = optional("READ_TIMEOUT_MS")? {
            endpoint = endpoint.read_deadline(Duration::from_millis(milliseconds));
        }
        if let Some(guard) = replay::guard_from_env()? {
            endpoint = endpoint.replay_guard(guard);
        }
        let (allow_file, endpoint) = gates::from_env(endpoint)?;
        let (monitoring, endpoint) = Monitoring::from_env(endpoint)?;
        let settings = Self {
            address: optional("HUBSEAL_ADDR")?.unwrap_or(([127, 0, 0, 1], 8080).into()),
            endpoint: endpoint.build().map_err(name_variable)?,
            handler: Handler::from_env()?,
            redactor,
            allow_file,
            monitoring,
        };
        logs::to_stderr(&settings.redactor);
        Ok(settings)
    }
}

fn message(problem: impl Display) -> String {
    problem.to_string()
}

/// Prefixes the problem with the variables to change.
fn name_variable(problem: ConfigError) -> String {
    let variables = match problem {
        ConfigError::PayloadLimitIsZero => "MAX_BODY",
        ConfigError::PayloadLimitExceedsBudget { .. } => "MAX_BODY, MEMORY_BUDGET",
        ConfigError::ReadDeadlineIsZero => "READ_TIMEOUT_MS",
        ConfigError::ReplayDurationIsZero => "REPLAY_LEASE_MS",
        ConfigError::FailureLimitIsZero => "FAILURE_LIMIT",
        _ => "settings",
    };
    format!("{variables}: {problem}")
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

/// Returns a future that resolves on the first SIGTERM or SIGINT from now on.
#[cfg(unix)]
pub(crate) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
pub(crate) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
