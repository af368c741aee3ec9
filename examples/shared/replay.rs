//! Protection against replays and duplicates.

use std::{env, time::Duration};

use hubseal::replay::{RedisStore, ReplayGuard};
use redis::IntoConnectionInfo;

use super::optional;

/// Reads `REPLAY` and `REPLAY_LEASE_MS`. Needs a Tokio runtime.
pub(super) fn guard_from_env() -> Result<Option<ReplayGuard>, String> {
    let lease = optional("REPLAY_LEASE_MS")?;
    let Some(replay) = env::var_os("REPLAY") else {
        return Ok(None);
    };
    let guard = match replay.to_str() {
        Some("memory") => ReplayGuard::in_memory(),
        Some(url) if url.starts_with("redis://") || url.starts_with("rediss://") => {
            let store = RedisStore::open(url).map_err(|problem| format!("REPLAY: {problem}"))?;
            ReplayGuard::new(store)
        }
        // Does not print the value, which may contain a password.
        _ => return Err("REPLAY: expected `memory` or a URL: `redis://…` or `rediss://…`".into()),
    };
    Ok(Some(match lease {
        Some(milliseconds) => guard.with_lease(Duration::from_millis(milliseconds)),
        None => guard,
    }))
}

/// Returns the password in `REPLAY`, to redact it.
pub(super) fn password() -> Option<String> {
    let url = env::var("REPLAY").ok()?;
    let connection = url.into_connection_info().ok()?;
    connection.redis_settings().password().map(str::to_owned)
}
