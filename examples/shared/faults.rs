//! Handlers that go wrong where a delivery asks for it. Only `tests/soak` compiles this in.

use std::time::Duration;

/// How long a handler hangs.
const HANG: Duration = Duration::from_secs(3);

pub(super) async fn befall(body: &[u8]) {
    if body.starts_with(b"panic") {
        panic!("{}", String::from_utf8_lossy(body));
    }
    if body.starts_with(b"hang") {
        tokio::time::sleep(HANG).await;
    }
}
