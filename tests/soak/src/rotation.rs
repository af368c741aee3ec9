//! Replaces secret files under load, also with refused ones.

use std::sync::Arc;

use crate::{
    Result, Soak, pause,
    server::{KEPT, Log, ROTATED},
};

pub(crate) const SWAPPED: &str = "ring swapped";
pub(crate) const REFUSED: &str = "file refused";
pub(crate) const DONE: &str = "done";
const NO_DESCRIPTOR: &str = "no descriptor for the file: signalled again";

pub(crate) async fn rotations(soak: Arc<Soak>) {
    for number in 1_u64.. {
        if !soak.goes_on() {
            break;
        }
        pause(1_000..4_000).await;
        let (kind, done) = if number % 4 == 0 {
            (REFUSED, refuse(&soak).await)
        } else {
            (SWAPPED, swap(&soak).await)
        };
        match done {
            Ok(()) => soak.tally.count(kind, DONE),
            Err(problem) => soak.tally.wrong(kind, problem),
        }
    }
}

async fn swap(soak: &Soak) -> Result<()> {
    while soak.secrets.retire_previous() > 0 {
        pause(10..20).await;
    }
    let next = soak.secrets.begin_change()?;
    soak.server.must_not_log(&next.text);
    loop {
        let before = rings(&soak.server.log());
        soak.server.hang_up().await?;
        if !soak.server.until(|log| rings(log) != before).await {
            return Err("the log does not confirm it".into());
        }
        if rings(&soak.server.log()).0 > before.0 {
            break;
        }
        soak.tally.count(SWAPPED, NO_DESCRIPTOR);
        pause(200..400).await;
    }
    soak.secrets.end_change(next);
    Ok(())
}

async fn refuse(soak: &Soak) -> Result<()> {
    soak.secrets.write_refused()?;
    let before = rings(&soak.server.log());
    soak.server.hang_up().await?;
    let told = soak.server.until(|log| rings(log) != before).await;
    soak.secrets.write_again()?;
    if told && rings(&soak.server.log()).0 == before.0 {
        Ok(())
    } else {
        Err("a refused file was accepted".into())
    }
}

/// Counts the logged replacements and refused replacements of the key ring.
fn rings(log: &Log) -> (u64, u64) {
    (log.times(ROTATED), log.times(KEPT))
}
