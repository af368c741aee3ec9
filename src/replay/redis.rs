//! A store in Redis.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
};
use core::{fmt, future::Future, time::Duration};

use ::redis::{
    Client, IntoConnectionInfo, RedisResult, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
    cmd,
    io::tcp::TcpSettings,
};
use tokio::{runtime::Handle, time::timeout};

use super::store::{ClaimId, ClaimStatus, ReplayStore, StoreError, StoreFuture};
use crate::signature::Fingerprint;

/// Remembers fingerprints in Redis 2.6.12 or later, or in Valkey, for several processes and machines.
///
/// - Each fingerprint is one key with an expiry: the prefix and 32 hexadecimal digits. It takes 160 to 190
///   bytes of Redis.
/// - All requests and all clones share one connection, which is opened again after an error.
/// - Every operation is one round trip.
///
/// # Security
/// Anybody who can write to Redis can make your service drop deliveries, or handle them twice. Use a
/// password and TLS outside of a private network. The keys contain no part of a delivery.
///
/// # Examples
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), hubseal::replay::StoreError> {
/// use hubseal::replay::{RedisStore, ReplayGuard};
///
/// let store = RedisStore::open("redis://127.0.0.1/")?.with_prefix("shop:webhook:");
/// let _guard = ReplayGuard::new(store);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    prefix: String,
    timeout: Duration,
    claim: Script,
    release: Script,
}

/// The value of a committed key. That of a claimed key is its claim.
const COMMITTED: &str = "";

/// Returns 0 if the key is claimed now, 1 if another claim holds it, and 2 if it is committed.
const CLAIM: &str = "\
    if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
    if redis.call('GET', KEYS[1]) == '' then return 2 end
    return 1";

const RELEASE: &str = "\
    if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
    return 0";

impl RedisStore {
    /// The default prefix of keys: `hubseal:`.
    pub const DEFAULT_PREFIX: &'static str = "hubseal:";

    /// The default timeout of an operation: 500 milliseconds.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_millis(500);

    /// Creates a store for the Redis server at a URL: `redis://:password@host:6379/0`.
    ///
    /// It connects at the first operation, so a service starts even while Redis is unavailable.
    ///
    /// For TLS, use a `rediss://` URL, and add the crate `redis`, version 1, to your dependencies with one of
    /// its features, such as `tokio-rustls-comp`.
    ///
    /// # Errors
    /// Returns a [`StoreError`] if the URL is malformed, or outside of a Tokio runtime.
    ///
    /// # Examples
    /// ```
    /// use hubseal::replay::RedisStore;
    ///
    /// let error = RedisStore::open("redis://127.0.0.1/").err().unwrap();
    /// assert!(error.to_string().contains("no Tokio runtime"));
    /// ```
    pub fn open(url: &str) -> Result<Self, StoreError> {
        if Handle::try_current().is_err() {
            return Err(StoreError::new(
                "no Tokio runtime; call it in an async function",
            ));
        }
        let config = ConnectionManagerConfig::new()
            // Each operation tries once, so that its timeout decides.
            .set_number_of_retries(0)
            .set_connection_timeout(Some(Self::DEFAULT_TIMEOUT))
            .set_response_timeout(None);
        url.into_connection_info()
            .map(|info| info.set_tcp_settings(tcp_settings()))
            .and_then(Client::open)
            .and_then(|client| ConnectionManager::new_lazy_with_config(client, config))
            .map(Self::new)
            .map_err(StoreError::new)
    }

    /// Creates a store with a connection of the crate `redis`, for settings that a URL cannot express, such
    /// as client certificates.
    ///
    /// # Examples
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> redis::RedisResult<()> {
    /// use hubseal::replay::RedisStore;
    /// use redis::{Client, aio::ConnectionManager};
    ///
    /// let client = Client::open("redis://127.0.0.1/")?;
    /// let _store = RedisStore::new(ConnectionManager::new(client).await?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(connection: ConnectionManager) -> Self {
        Self {
            connection,
            prefix: Self::DEFAULT_PREFIX.to_string(),
            timeout: Self::DEFAULT_TIMEOUT,
            claim: Script::new(CLAIM),
            release: Script::new(RELEASE),
        }
    }

    /// Sets the prefix of all keys. Defaults to `hubseal:`.
    ///
    /// Give each endpoint its own, and the same one to all its processes. With a new prefix, the store has
    /// forgotten everything.
    ///
    /// # Examples
    /// ```no_run
    /// # use hubseal::replay::RedisStore;
    /// # fn store() -> Result<(), hubseal::replay::StoreError> {
    /// let _store = RedisStore::open("redis://127.0.0.1/")?.with_prefix("shop:webhook:");
    /// # Ok(())
    /// # }
    /// # let _ = store;
    /// ```
    #[must_use]
    pub fn with_prefix(self, prefix: &str) -> Self {
        Self {
            prefix: prefix.to_string(),
            ..self
        }
    }

    /// Sets the timeout of an operation. Defaults to 500 milliseconds.
    ///
    /// After [`open`](Self::open), the timeout to connect is 500 milliseconds in any case.
    ///
    /// # Examples
    /// ```no_run
    /// # use hubseal::replay::RedisStore;
    /// # fn store() -> Result<(), hubseal::replay::StoreError> {
    /// use core::time::Duration;
    ///
    /// let _store = RedisStore::open("redis://127.0.0.1/")?.with_timeout(Duration::from_millis(200));
    /// # Ok(())
    /// # }
    /// # let _ = store;
    /// ```
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    fn key(&self, fingerprint: Fingerprint) -> String {
        format!("{}{fingerprint}", self.prefix)
    }

    async fn wait<T>(
        &self,
        operation: impl Future<Output = RedisResult<T>>,
    ) -> Result<T, StoreError> {
        match timeout(self.timeout, operation).await {
            Ok(result) => result.map_err(StoreError::new),
            Err(_) => Err(StoreError::new("Redis did not answer in time")),
        }
    }
}

impl ReplayStore for RedisStore {
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus> {
        Box::pin(async move {
            let mut script = self.claim.key(self.key(fingerprint));
            script.arg(claim.to_string()).arg(millis(lease));
            let mut connection = self.connection.clone();
            match self.wait(script.invoke_async(&mut connection)).await? {
                0 => Ok(ClaimStatus::Fresh),
                1 => Ok(ClaimStatus::InProgress),
                2 => Ok(ClaimStatus::Duplicate),
                other => Err(StoreError::new(format!("unknown answer {other}"))),
            }
        })
    }

    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let mut set = cmd("SET");
            set.arg(self.key(fingerprint))
                .arg(COMMITTED)
                .arg("PX")
                .arg(millis(time_to_live));
            let mut connection = self.connection.clone();
            self.wait(set.exec_async(&mut connection)).await
        })
    }

    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let mut script = self.release.key(self.key(fingerprint));
            script.arg(claim.to_string());
            let mut connection = self.connection.clone();
            self.wait(script.invoke_async(&mut connection)).await
        })
    }
}

/// Closes a connection after two seconds without a sign of the server, as after the loss of its machine.
/// Otherwise the operating system keeps it for a quarter of an hour, and each operation times out.
fn tcp_settings() -> TcpSettings {
    let settings = TcpSettings::default().set_nodelay(true);
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    let settings = settings.set_user_timeout(Duration::from_secs(2));
    settings
}

/// The shortest and the longest expiry, in milliseconds. Redis refuses 0, and a sum over 2^63.
const EXPIRY: (u64, u64) = (1, 1 << 53);

fn millis(duration: Duration) -> u64 {
    let (shortest, longest) = EXPIRY;
    u64::try_from(duration.as_millis())
        .unwrap_or(longest)
        .clamp(shortest, longest)
}

/// Prints the prefix and the timeout. Does not print the URL, which may contain a password.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
