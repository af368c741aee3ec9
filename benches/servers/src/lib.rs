//! Servers with three routes each, for `benches/http/throughput`:
//!
//! | route | what it does before it answers 200 |
//! |---|---|
//! | `/webhook` | what hubseal's adapter does, in front of a handler that does nothing |
//! | `/read-only` | reads the body |
//! | `/hand-written` | reads the body, and checks its signature as handlers often do |
//!
//! All three are in one program, with the settings of the example of the same name, so that nothing but
//! the check differs. They are without the example's logs and its answer in JSON, which would count for the
//! adapter; the example is measured beside them, and has everything.

use std::{
    env,
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use hmac::{Hmac, KeyInit, Mac};
use hubseal::{AppSecret, Endpoint, MemoryBudget, PayloadLimit, VerifyToken};
use sha2::Sha256;

/// A free port on loopback.
pub const ADDRESS: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// The largest body, in bytes: the adapters' default, for the other routes as well.
pub const LIMIT: usize = PayloadLimit::META.bytes();

/// The memory budget of the adapters, in bytes. The other routes have none, so it must hold all bodies
/// at the same time, or 503 would be compared with 200.
const BUDGET: usize = 256 * 1024 * 1024;

/// The header that the signature is in.
pub const SIGNATURE: &str = "x-hub-signature-256";

/// What the routes know.
#[derive(Clone)]
pub struct Settings {
    /// Behind `/webhook`.
    pub endpoint: Endpoint,
    /// Behind `/hand-written`.
    pub secret: Arc<str>,
}

impl Settings {
    /// From `APP_SECRET` and `VERIFY_TOKEN`, as the examples.
    ///
    /// # Errors
    /// Where one of them is not set, or refused.
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

/// Tells where the server listens, as the examples do.
pub fn announce(address: SocketAddr) {
    println!("listening on http://{address}/webhook");
}

/// The check as it is written by hand: a key prepared for each request, an expected header, and `==`.
#[must_use]
pub fn is_genuine(secret: &str, header: Option<&[u8]>, body: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(body);
    #[expect(
        clippy::disallowed_methods,
        reason = "the way that is measured against"
    )]
    let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    header == Some(expected.as_bytes())
}
