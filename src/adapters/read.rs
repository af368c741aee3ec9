//! Reading a body against the clock: what every adapter does between head and verdict.

use core::{
    future::{Future, poll_fn},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::time::timeout;

use crate::{Endpoint, Intake, Rejection, Verified};

/// Feeds the pieces that `poll` gives to an intake until they end, fail, are refused, or the
/// endpoint's deadline passes.
///
/// Not an `async fn`, whose future would hold its arguments twice.
pub(super) fn read<E>(
    endpoint: &Endpoint,
    mut intake: Intake,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, E>>>,
) -> impl Future<Output = Result<Verified<Bytes>, Rejection>> {
    let deadline = endpoint.read_deadline();
    async move {
        let mut step = |context: &mut Context<'_>| feed(&mut intake, &mut poll, context);
        // Most bodies are there with their head, and need no timer.
        let fed = match poll_fn(|context| Poll::Ready(step(context))).await {
            Poll::Ready(fed) => Ok(fed),
            Poll::Pending => timeout(deadline, poll_fn(step)).await,
        };
        match fed {
            Ok(Ok(())) => intake.finish(),
            Ok(Err(End::Refused(rejection))) => Err(rejection),
            Ok(Err(End::Failed)) => Err(intake.body_failed()),
            Err(_) => Err(intake.deadline_passed()),
        }
    }
}

/// Why a body was not fed to its end.
enum End {
    Refused(Rejection),
    Failed,
}

fn feed<E>(
    intake: &mut Intake,
    poll: &mut impl FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, E>>>,
    context: &mut Context<'_>,
) -> Poll<Result<(), End>> {
    while let Some(piece) = ready!(poll(context)) {
        let piece = piece.map_err(|_| End::Failed)?;
        let empty = piece.is_empty();
        intake.push(piece).map_err(End::Refused)?;
        if empty {
            // A body that has nothing to give and never says so would keep the deadline's timer
            // from being looked at.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
    }
    Poll::Ready(Ok(()))
}
