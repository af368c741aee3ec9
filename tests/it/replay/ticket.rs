//! Commits and releases of a ticket, also after errors, panics and cancellations.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use hubseal::replay::{Claim, MemoryStore, ReplayGuard, Ticket};
use tokio::{
    runtime::Builder,
    time::{sleep, timeout},
};
use tracing::Level;

use super::{
    fingerprint, paused,
    scripted::{Call, Scripted, Step},
};
use crate::events::{assert_line, log_of};

const MOMENT: Duration = Duration::from_millis(1);

async fn ticket(guard: &ReplayGuard) -> Ticket {
    match guard.claim(fingerprint()).await.unwrap() {
        Claim::Fresh(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

/// Runs a future that never waits, without a runtime.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

fn count_of_commits(store: &Scripted) -> usize {
    store.times_of_commits().len()
}

#[tokio::test]
async fn commit_and_release_reach_the_store_once() {
    let store = Scripted::default();
    ticket(&store.guard()).await.commit().await.unwrap();
    assert!(store.released().is_empty());
    assert_eq!(count_of_commits(&store), 1);

    let store = Scripted::default();
    ticket(&store.guard()).await.release().await.unwrap();
    assert_eq!(store.released(), store.claimed());
    assert_eq!(count_of_commits(&store), 0);
    assert!(matches!(store.calls()[1], Call::Release(of, _) if of == fingerprint()));
}

#[tokio::test]
async fn drop_releases() {
    let store = Scripted::default();
    drop(ticket(&store.guard()).await);
    assert_eq!(store.released(), store.claimed());
    assert_eq!(count_of_commits(&store), 0);
}

#[test]
fn store_without_a_runtime_works() {
    let guard = ReplayGuard::new(MemoryStore::default());
    drop(now(ticket(&guard)));
    now(now(ticket(&guard)).release()).unwrap();
    now(now(ticket(&guard)).commit()).unwrap();
    let again = now(guard.claim(fingerprint())).unwrap();
    assert!(matches!(again, Claim::Duplicate));
}

#[test]
fn drop_without_a_runtime_leaves_the_claim_to_its_lease() {
    let store = Scripted::default().releases(&[Step::Hang]);
    drop(now(ticket(&store.guard())));
    assert_eq!(store.released(), store.claimed());

    // This release panics, because it needs a runtime.
    let store = Scripted::default().releases(&[Step::Sleep(MOMENT)]);
    drop(now(ticket(&store.guard())));
    assert_eq!(store.released(), store.claimed());
}

#[test]
fn drop_after_the_end_of_the_runtime_does_not_panic() {
    for step in [Step::Sleep(MOMENT), Step::Hang, Step::Succeed] {
        let store = Scripted::default().releases(&[step]);
        let ticket = paused().block_on(ticket(&store.guard()));
        drop(ticket);
        assert_eq!(store.released(), store.claimed());
    }
}

#[test]
fn drop_in_a_panic_releases() {
    for step in [Step::Succeed, Step::Fail, Step::Panic] {
        let store = Scripted::default().releases(&[step]);
        let ticket = now(ticket(&store.guard()));
        let panic = catch_unwind(AssertUnwindSafe(|| {
            let _ticket = ticket;
            panic!("the handler panics");
        }));
        // A second panic would end the process.
        let message = panic.unwrap_err();
        assert_eq!(message.downcast_ref(), Some(&"the handler panics"));
        assert_eq!(store.released(), store.claimed());
    }
}

#[tokio::test(start_paused = true)]
async fn release_that_waits_ends_in_the_background() {
    let store = Scripted::default().releases(&[Step::Sleep(MOMENT)]);
    drop(ticket(&store.guard()).await);
    assert_eq!(store.released().len(), 1);
    assert!(store.is_in_use(), "the release is given up");
    sleep(2 * MOMENT).await;
    assert!(!store.is_in_use(), "the release does not end");
}

#[tokio::test(start_paused = true)]
async fn ticket_can_be_dropped_outside_of_its_runtime() {
    let store = Scripted::default().releases(&[Step::Sleep(MOMENT)]);
    let dropped = ticket(&store.guard()).await;
    thread::spawn(move || drop(dropped)).join().unwrap();
    assert_eq!(store.released(), store.claimed());
    assert!(store.is_in_use(), "the release is given up");
    sleep(2 * MOMENT).await;
    assert!(!store.is_in_use(), "the release does not end");
}

#[tokio::test(start_paused = true)]
async fn release_that_fails_or_is_dropped_is_sent_again() {
    let store = Scripted::default().releases(&[Step::Fail]);
    let error = ticket(&store.guard()).await.release().await.unwrap_err();
    assert!(error.to_string().ends_with("connection refused"));
    assert_eq!(store.released(), [store.claimed()[0]; 2]);

    let store = Scripted::default().releases(&[Step::Hang]);
    let release = ticket(&store.guard()).await.release();
    assert!(timeout(MOMENT, release).await.is_err());
    assert_eq!(store.released(), [store.claimed()[0]; 2]);
}

#[tokio::test(start_paused = true)]
async fn commit_that_fails_is_tried_again_until_it_succeeds() {
    let store = Scripted::default().commits(&[Step::Fail; 9]);
    let error = ticket(&store.guard()).await.commit().await.unwrap_err();
    assert!(error.to_string().ends_with("connection refused"));
    sleep(Duration::from_secs(60)).await;
    let expected = [0, 0, 50, 150, 350, 750, 1_550, 2_550, 3_550, 4_550];
    assert_eq!(
        store.times_of_commits(),
        expected.map(Duration::from_millis)
    );
    assert!(store.released().is_empty());
    assert!(!store.is_in_use());
}

#[tokio::test(start_paused = true)]
async fn commit_whose_future_is_dropped_ends_in_the_background() {
    let store = Scripted::default().commits(&[Step::Hang, Step::Sleep(MOMENT)]);
    let commit = ticket(&store.guard()).await.commit();
    assert!(timeout(MOMENT, commit).await.is_err());
    sleep(60 * MOMENT).await;
    assert_eq!(count_of_commits(&store), 2);
    assert!(store.released().is_empty());
    assert!(!store.is_in_use());
}

#[tokio::test(start_paused = true)]
async fn commit_that_is_never_polled_releases() {
    let store = Scripted::default();
    drop(ticket(&store.guard()).await.commit());
    assert_eq!(store.released(), store.claimed());
    assert_eq!(count_of_commits(&store), 0);
}

#[tokio::test(start_paused = true)]
async fn commit_of_a_store_that_panics_is_tried_again() {
    let store = Scripted::default().commits(&[Step::Panic]);
    let ticket = ticket(&store.guard()).await;
    let commit = tokio::spawn(ticket.commit());
    assert!(commit.await.unwrap_err().is_panic());
    assert_eq!(count_of_commits(&store), 2);
    assert!(store.released().is_empty());
}

#[test]
fn commit_is_given_up_after_the_lease_with_an_event() {
    let lease = Duration::from_secs(12);
    // The first two attempts are those of `commit` and of the drop.
    for step in [Step::Fail, Step::SleepAndFail(Duration::from_millis(500))] {
        let store = Scripted::default().commits(&[step; 100]);
        let lines = log_of(Level::TRACE, || {
            paused().block_on(async {
                let guard = store.guard().with_lease(lease);
                assert!(ticket(&guard).await.commit().await.is_err());
                sleep(Duration::from_secs(100)).await;
            });
        });
        let start = "ERROR hubseal: handled, but not remembered; if it is sent again, it is \
                     handled again: replay store is unavailable: connection refused";
        assert_line(&lines, start, &["fingerprint="]);
        let last = *store.times_of_commits().last().unwrap();
        assert!(last + Duration::from_secs(1) >= lease, "{last:?}");
        assert!(last <= lease + Duration::from_secs(2), "{last:?}");
    }
}

#[test]
fn commit_that_succeeds_late_is_not_logged() {
    let store = Scripted::default().commits(&[Step::Fail; 5]);
    let lines = log_of(Level::TRACE, || {
        paused().block_on(async {
            assert!(ticket(&store.guard()).await.commit().await.is_err());
            sleep(Duration::from_secs(100)).await;
        });
    });
    assert_eq!(count_of_commits(&store), 6);
    assert_eq!(lines, [""; 0]);
}

#[test]
fn commit_without_a_lease_is_tried_again_once() {
    let store = Scripted::default().commits(&[Step::Fail; 100]);
    let lines = log_of(Level::TRACE, || {
        let guard = store.guard().with_lease(Duration::ZERO);
        assert!(now(now(ticket(&guard)).commit()).is_err());
    });
    assert_eq!(count_of_commits(&store), 2);
    assert_line(&lines, "ERROR hubseal: handled, but not remembered", &[]);
}

#[test]
fn commit_that_cannot_be_tried_again_is_logged() {
    let start = "ERROR hubseal: handled, but not remembered";

    // The second attempt waits for the third one, which needs a timer.
    let runtimes = [None, Some(Builder::new_current_thread().build().unwrap())];
    for runtime in runtimes {
        let store = Scripted::default().commits(&[Step::Fail; 100]);
        let commit = async { ticket(&store.guard()).await.commit().await };
        let lines = log_of(Level::TRACE, || {
            let committed = match runtime {
                None => now(commit),
                Some(runtime) => runtime.block_on(commit),
            };
            assert!(committed.is_err());
        });
        assert_line(&lines, start, &["connection refused"]);
    }

    // The runtime ends first.
    for (step, cause) in [
        (Step::Fail, "connection refused"),
        (Step::Hang, "no answer to a commit"),
    ] {
        let store = Scripted::default().commits(&[Step::Fail, step]);
        let lines = log_of(Level::TRACE, || {
            paused().block_on(async {
                assert!(ticket(&store.guard()).await.commit().await.is_err());
            });
        });
        assert_line(&lines, start, &[cause]);
        assert!(!store.is_in_use());
    }
}

#[test]
fn commit_whose_future_is_dropped_without_a_runtime_is_logged() {
    let store = Scripted::default().commits(&[Step::Hang, Step::Hang]);
    let lines = log_of(Level::TRACE, || {
        let ticket = now(ticket(&store.guard()));
        let mut commit = Box::pin(ticket.commit());
        let context = &mut Context::from_waker(Waker::noop());
        assert!(commit.as_mut().poll(context).is_pending());
    });
    assert_eq!(count_of_commits(&store), 2);
    assert_line(&lines, "ERROR hubseal: handled, but not remembered", &[]);
}
