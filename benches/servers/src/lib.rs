//! Servers with three routes each, for `benches/http/throughput`:
//!
//! | route | work before the response with status 200 |
//! |---|---|
//! | `/webhook` | hubseal's adapter, in front of an empty handler |
//! | `/read-only` | reads the body |
//! | `/hand-written` | reads the body and checks its signature with typical hand-written code |
//!
//! All routes are in one program with the settings of the example of the same name, so only the
//! check differs. They have neither the example's logs nor its JSON response, which would count as
//! cost of the adapter. The complete example is measured separately.

use std::{
    env,
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use hmac::{Hmac, KeyInit, Mac};
use hubseal::{AppSecret, Endpoint, MemoryBudget, PayloadLimit, VerifyToken};
use sha2::Sha256;

/// A free port on the loopback interface.
pub const ADDRESS: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// The largest body in bytes: the adapters' default, also for the other routes.
pub const LIMIT: usize = PayloadLimit::META.bytes();

/// The memory budget of the adapters, in bytes. The other routes have none, so it must hold all
/// concurrent bodies. Otherwise 503 would be compared with 200.
const BUDGET: usize = 256 * 1024 * 1024;

/// The signature header.
pub const SIGNATURE: &str = "x-hub-signature-256";

/// Settings of the routes.
#[derive(Clone)]
pub struct Settings {
    /// For `/webhook`.
    pub endpoint: Endpoint,
    /// For `/hand-written`.
    pub secret: Arc<str>,
}

impl Settings {
    /// Reads `APP_SECRET` and `VERIFY_TOKEN`, like the examples.
    ///
    /// # Errors
    /// Returns an error if one of them is not set or is refused.
    pub fn from_env() -> Result<Self, Box<dyn Error>> {
        let endpoint = Endpoint::builder(AppSecret::from_env("APP_SECRET")?)
            .verify_token(VerifyToken::from_env("VERIFY_TOKEN")?)
            .memory_budget(MemoryBudget::new(BUDGET))
            .build()?;
        Ok(Self {
            endpoint,
            secret: env::var("APP_SECRET")?.into(),
        })
    }
}

/// Prints the address of the server, like the examples.
pub fn announce(address: SocketAddr) {
    println!("listening on http://{address}/webhook");
}

/// The typical hand-written check: a new key for each request, an expected header, and `==`.
#[must_use]
pub fn is_genuine(secret: &str, header: Option<&[u8]>, body: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(body);
    #[expect(
        clippy::disallowed_methods,
        reason = "the naive implementation to compare with"
    )]
    let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    header == Some(expected.as_bytes())
}
