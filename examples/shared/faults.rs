//! Faults that a delivery can trigger. Only `tests/soak` compiles this module.

use std::time::Duration;

/// The time for which a handler hangs.
const HANG: Duration = Duration::from_secs(3);

pub(super) async fn trigger(body: &[u8]) {
    if body.starts_with(b"panic") {
        panic!("{}", String::from_utf8_lossy(body));
    }
    if body.starts_with(b"hang") {
        tokio::time::sleep(HANG).await;
    }
}
