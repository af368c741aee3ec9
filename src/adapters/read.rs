//! Reads a body within the read deadline, for every adapter.

use alloc::boxed::Box;
use core::{
    error::Error,
    future::{Future, poll_fn},
    mem,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use tokio::time::{sleep, timeout};

use crate::{
    endpoint::{BodyVerifier, Delivery, Endpoint},
    rejection::Rejection,
};

/// Panics with Tokio's own message if the runtime has no timer.
///
/// Bodies that arrive with their heads need no timer, so the mistake would show only under attack.
pub(super) fn assert_timer() {
    drop(sleep(Duration::ZERO));
}

/// Pushes the chunks that `poll` returns into a `BodyVerifier` and returns its result.
///
/// Ends early if the body fails or is rejected, or if the endpoint's read deadline passes.
// Not an `async fn`: its future would hold the arguments twice.
pub(super) fn read<E: Into<Box<dyn Error + Send + Sync>>>(
    endpoint: &Endpoint,
    body_verifier: BodyVerifier,
    poll: impl FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, E>>>,
) -> impl Future<Output = Result<Delivery, Rejection>> {
    let deadline = endpoint.read_deadline();
    let mut reader = Reader {
        body_verifier,
        held: Bytes::new(),
        poll,
    };
    async move {
        // Most bodies arrive with their heads and need no timer.
        let read = match poll_fn(|context| Poll::Ready(reader.read(context))).await {
            Poll::Ready(read) => Ok(read),
            Poll::Pending => timeout(deadline, poll_fn(|context| reader.read(context))).await,
        };
        match read {
            Ok(Ok(())) => reader.body_verifier.end_with(reader.held),
            Ok(Err(End::Rejected(rejection))) => Err(rejection),
            Ok(Err(End::Failed(error))) => Err(reader.body_verifier.body_failed(error)),
            Err(_) => Err(reader.body_verifier.deadline_passed()),
        }
    }
}

/// Why a body was not read to its end.
enum End {
    Rejected(Rejection),
    Failed(Box<dyn Error + Send + Sync>),
}

struct Reader<P> {
    body_verifier: BodyVerifier,
    /// The latest chunk, which may be the last one. While the request waits, the `BodyVerifier` holds
    /// it instead and charges the memory budget.
    held: Bytes,
    poll: P,
}

impl<P> Reader<P> {
    fn read<E>(&mut self, context: &mut Context<'_>) -> Poll<Result<(), End>>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
        P: FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, E>>>,
    {
        loop {
            match (self.poll)(context) {
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(Err(End::Failed(error.into())));
                }
                Poll::Ready(Some(Ok(chunk))) if chunk.is_empty() => {
                    // Yields, so that an endless run of empty chunks meets the deadline.
                    context.waker().wake_by_ref();
                    return self.wait();
                }
                Poll::Ready(Some(Ok(chunk))) => {
                    let held = mem::replace(&mut self.held, chunk);
                    self.body_verifier.push(held).map_err(End::Rejected)?;
                }
                Poll::Pending => return self.wait(),
            }
        }
    }

    /// Pushes the held chunk, and waits unless it was the last one.
    fn wait(&mut self) -> Poll<Result<(), End>> {
        let held = mem::take(&mut self.held);
        self.body_verifier.push(held).map_err(End::Rejected)?;
        if self.body_verifier.is_complete() {
            return Poll::Ready(Ok(()));
        }
        Poll::Pending
    }
}
