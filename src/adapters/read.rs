//! Reading a body against the clock: what every adapter does between head and verdict.

use core::{
    future::poll_fn,
    task::{Context, Poll},
};

use bytes::Bytes;

use crate::{Endpoint, Intake, Rejection, Verified};

/// Feeds the pieces that `poll` gives to an intake until they end, fail, are refused, or the
/// endpoint's deadline passes.
pub(super) async fn read<E>(
    endpoint: &Endpoint,
    mut intake: Intake,
    poll: impl FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, E>>>,
) -> Result<Verified<Bytes>, Rejection> {
    let fed = tokio::time::timeout(endpoint.read_deadline(), feed(&mut intake, poll));
    match fed.await {
        Ok(Ok(())) => intake.finish(),
        Ok(Err(End::Refused(rejection))) => Err(rejection),
        Ok(Err(End::Failed)) => Err(intake.body_failed()),
        Err(_) => Err(intake.deadline_passed()),
    }
}

/// Why a body was not fed to its end.
enum End {
    Refused(Rejection),
    Failed,
}

async fn feed<E>(
    intake: &mut Intake,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, E>>>,
) -> Result<(), End> {
    while let Some(piece) = poll_fn(&mut poll).await {
        let piece = piece.map_err(|_| End::Failed)?;
        if piece.is_empty() {
            // A body that has nothing to give and never says so would keep the deadline's timer
            // from being looked at.
            yield_once().await;
        }
        intake.push(piece).map_err(End::Refused)?;
    }
    Ok(())
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
