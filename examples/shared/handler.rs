//! The handler of verified deliveries.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use hubseal::Verified;
use tokio::time::sleep;

use super::optional;

/// Answers verified deliveries. A real receiver stores them first.
#[derive(Clone, Copy)]
pub(crate) struct Handler {
    status: StatusCode,
    delay: Duration,
}

impl Handler {
    /// Reads `HANDLER_STATUS` and `HANDLER_DELAY_MS`.
    pub(super) fn from_env() -> Result<Self, String> {
        let status = optional("HANDLER_STATUS")?.unwrap_or(StatusCode::OK);
        if !(200..=599).contains(&status.as_u16()) {
            return Err("HANDLER_STATUS: expected a status from 200 to 599".to_owned());
        }
        let delay = optional("HANDLER_DELAY_MS")?.unwrap_or_default();
        Ok(Self {
            status,
            delay: Duration::from_millis(delay),
        })
    }

    /// Returns the status and the body of the response. The body is JSON.
    pub(crate) async fn handle(self, body: &Verified<Bytes>) -> (StatusCode, String) {
        let (key, bytes) = (body.key(), body.len());
        if !self.delay.is_zero() {
            sleep(self.delay).await;
        }
        #[cfg(hubseal_faults)]
        super::faults::trigger(body).await;
        // Key names need no escaping.
        (self.status, format!(r#"{{"key":"{key}","bytes":{bytes}}}"#))
    }
}
