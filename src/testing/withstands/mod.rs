//! The whole attack suite in one call.

#[cfg(feature = "actix")]
mod actix_server;
mod advice;
mod failures;
#[cfg(any(feature = "axum", feature = "hyper"))]
mod http_server;
mod promise;
mod receiver;
mod run;
mod server;

pub use failures::Failures;
pub use receiver::Receiver;

use alloc::{borrow::ToOwned, sync::Arc};
use core::sync::atomic::{AtomicBool, Ordering};
use std::{io, thread::Builder};

use self::{promise::promise, run::Run};
use super::attack_suite::Target;

/// Sends the whole attack suite to a receiver, in parallel, and checks every response.
///
/// The receiver is an address, an axum `Router`, or a service: see [`Receiver`]. With a read deadline of
/// two seconds, the call takes about three seconds. Give the same deadline to [`Target::read_deadline`]. A
/// shorter one can be too short for bodies of 4 MiB on a busy machine.
///
/// All I/O is on about 35 separate threads, so the future never blocks the caller's runtime. It runs on
/// any runtime. The receiver may be a server on the runtime of the same `#[tokio::test]`.
///
/// A request that unexpectedly gets 408, 503 or a reset is sent again, alone, up to twice. So a busy machine
/// rarely fails the test. If the future is dropped, no more requests are sent. The server of a service stops
/// after the pending requests.
///
/// # Errors
/// Returns every case with a wrong response, or the reason why the suite could not be sent. In both cases,
/// the server of a service has stopped.
///
/// # Examples
#[cfg_attr(feature = "axum", doc = "```")]
#[cfg_attr(not(feature = "axum"), doc = "```ignore")]
/// use axum::body::Bytes;
/// use hubseal::{AppSecret, Endpoint, Verified, VerifyToken, testing::{Target, withstands}};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// let deadline = Duration::from_secs(2);
/// let endpoint = Endpoint::builder(AppSecret::new(secret)?)
///     .verify_token(VerifyToken::new("correct-horse")?)
///     .read_deadline(deadline)
///     .build()?;
/// let app = hubseal::axum::webhook("/webhook", async |_: Verified<Bytes>| ()).with_state(endpoint);
///
/// let (secret, token) = (AppSecret::new(secret)?, VerifyToken::new("correct-horse")?);
/// withstands(&Target::new("/webhook", &secret, &token).read_deadline(deadline), app).await?;
/// # Ok(())
/// # }
/// ```
pub async fn withstands(
    target: &Target<'_>,
    receiver: impl Into<Receiver>,
) -> Result<(), Failures> {
    let (run, receiver) = (Run::new(target), receiver.into());
    let cancelled = Cancel(Arc::default());
    let (setter, outcome) = promise();
    let thread = Builder::new()
        .name("hubseal-attack-suite".to_owned())
        .spawn({
            let cancelled = Arc::clone(&cancelled.0);
            move || setter.set(run.send(receiver, &cancelled))
        });
    thread.map_err(Failures::not_sent)?;
    let ended = || Failures::not_sent(io::Error::other("its thread panicked"));
    outcome.await.unwrap_or_else(|| Err(ended()))
}

/// Does the same as [`withstands`], and blocks the thread. Needs no runtime.
///
/// Do not call it in async code whose runtime also runs the receiver.
///
/// # Errors
/// Returns the same as [`withstands`].
///
/// # Examples
/// ```no_run
/// use hubseal::{AppSecret, VerifyToken, testing::{Target, withstands_blocking}};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let token = VerifyToken::new("correct-horse")?;
/// withstands_blocking(&Target::new("/webhook", &secret, &token), "127.0.0.1:8080")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn withstands_blocking(
    target: &Target<'_>,
    receiver: impl Into<Receiver>,
) -> Result<(), Failures> {
    Run::new(target).send(receiver.into(), &AtomicBool::new(false))
}

/// Ends the run early if the caller drops the future.
struct Cancel(Arc<AtomicBool>);

impl Drop for Cancel {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
