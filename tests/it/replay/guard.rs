//! Claims of the guard.

use std::{collections::HashSet, error::Error, time::Duration};

use hubseal::{
    Fingerprint,
    replay::{Claim, ClaimStatus, OutagePolicy, ReplayGuard},
};
use tokio::time::timeout;
use tracing::Level;

use super::{
    fingerprint, paused,
    scripted::{Call, Scripted, Step},
};
use crate::events::{assert_line, log_of};

#[tokio::test]
async fn status_of_the_store_is_the_claim() {
    let store = Scripted::default().claims(&[
        Step::Return(ClaimStatus::Fresh),
        Step::Return(ClaimStatus::InProgress),
        Step::Return(ClaimStatus::Duplicate),
    ]);
    let guard = store.guard();
    let Claim::Fresh(ticket) = guard.claim(fingerprint()).await.unwrap() else {
        panic!("not fresh");
    };
    assert_eq!(ticket.fingerprint(), fingerprint());
    let other = guard.claim(fingerprint()).await.unwrap();
    assert!(matches!(other, Claim::InProgress));
    let other = guard.claim(fingerprint()).await.unwrap();
    assert!(matches!(other, Claim::Duplicate));
    // Claims that failed have nothing to release.
    assert!(store.released().is_empty());
}

#[tokio::test]
async fn times_reach_the_store() {
    const TIME_TO_LIVE: Duration = Duration::from_secs(1_001);
    const LEASE: Duration = Duration::from_secs(7);

    let store = Scripted::default();
    let set = store
        .guard()
        .with_time_to_live(TIME_TO_LIVE)
        .with_lease(LEASE);
    for (guard, lease, time_to_live) in [
        (set, LEASE, TIME_TO_LIVE),
        (
            store.guard(),
            Duration::from_secs(30),
            Duration::from_secs(7 * 86_400),
        ),
    ] {
        let before = store.calls().len();
        commit(&guard, fingerprint()).await;
        let calls = &store.calls()[before..];
        let [Call::Claim(claimed, _, lease_of_call), committed] = *calls else {
            panic!("{calls:?}");
        };
        assert_eq!((claimed, lease_of_call), (fingerprint(), lease));
        assert_eq!(committed, Call::Commit(fingerprint(), time_to_live));
    }
}

async fn commit(guard: &ReplayGuard, fingerprint: Fingerprint) {
    let Claim::Fresh(ticket) = guard.claim(fingerprint).await.unwrap() else {
        panic!("not fresh");
    };
    ticket.commit().await.unwrap();
}

#[tokio::test]
async fn each_claim_has_another_id() {
    let store = Scripted::default();
    for guard in [store.guard(), store.guard()] {
        for _ in 0..10 {
            commit(&guard, fingerprint()).await;
            commit(&guard.clone(), fingerprint()).await;
        }
    }
    let claims = store.claimed();
    let ids: HashSet<_> = claims.iter().map(ToString::to_string).collect();
    assert_eq!((claims.len(), ids.len()), (40, 40));
    for id in ids {
        assert_eq!(id.len(), 32);
        assert!(id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
    }
    let debug = format!("{:?}", claims[0]);
    assert_eq!(debug, format!("ClaimId({})", claims[0]));
}

#[tokio::test]
async fn claim_that_fails_is_released() {
    // The store may have claimed and then failed to answer.
    let store = Scripted::default().claims(&[Step::Fail]);
    let error = store.guard().claim(fingerprint()).await.unwrap_err();
    let text = "replay store is unavailable: connection refused";
    assert_eq!(error.to_string(), text);
    assert_eq!(error.source().unwrap().to_string(), "connection refused");
    assert_eq!(store.released(), store.claimed());
}

#[tokio::test(start_paused = true)]
async fn claim_whose_future_is_dropped_is_released() {
    let store = Scripted::default().claims(&[Step::Hang]);
    let guard = store.guard();
    let wait = Duration::from_millis(1);
    assert!(timeout(wait, guard.claim(fingerprint())).await.is_err());
    assert_eq!(store.released(), store.claimed());
}

#[tokio::test]
async fn claim_that_is_never_polled_does_nothing() {
    let store = Scripted::default();
    drop(store.guard().claim(fingerprint()));
    assert_eq!(store.calls(), []);
}

#[tokio::test]
async fn claim_of_a_store_that_panics_is_released() {
    let store = Scripted::default().claims(&[Step::Panic]);
    let guard = store.guard();
    let claim = tokio::spawn(async move { guard.claim(fingerprint()).await });
    assert!(claim.await.unwrap_err().is_panic());
    assert_eq!(store.released(), store.claimed());
}

#[test]
fn begin_and_end_of_an_outage_are_logged_once() {
    use Step::{Fail, Succeed};

    let store = Scripted::default().claims(&[
        Succeed, Fail, Fail, Fail, Succeed, Succeed, Fail, Fail, Succeed,
    ]);
    let guards = [store.guard(), store.guard()];
    let clones = [
        guards[0].clone(),
        guards[0].clone().with_lease(Duration::MAX),
    ];
    let lines = log_of(Level::TRACE, || {
        paused().block_on(async {
            for n in 0..9 {
                drop(clones[n % 2].claim(fingerprint()).await);
            }
        });
    });
    assert_eq!(lines.len(), 4, "{lines:#?}");
    for outage in lines.chunks(2) {
        let start = "ERROR hubseal: replay store is unavailable: connection refused";
        assert_line(&outage[..1], start, &[]);
        let start = "INFO hubseal: replay store is available again";
        assert_line(&outage[1..], start, &[]);
    }
}

#[test]
fn failed_claims_of_a_working_store_are_no_outage() {
    let store = Scripted::default().claims(&[
        Step::Return(ClaimStatus::InProgress),
        Step::Return(ClaimStatus::Duplicate),
    ]);
    let guard = store.guard();
    let lines = log_of(Level::TRACE, || {
        paused().block_on(async {
            for _ in 0..3 {
                drop(guard.claim(fingerprint()).await.unwrap());
            }
        });
    });
    assert_eq!(lines, [""; 0]);
}

#[test]
fn settings_leave_the_others_unchanged() {
    let (lease, time_to_live) = (Duration::from_secs(1), Duration::from_secs(2));
    let guard = ReplayGuard::in_memory();
    assert_eq!(guard.outage_policy(), OutagePolicy::Reject);
    let guard = guard
        .with_outage_policy(OutagePolicy::Accept)
        .with_lease(lease)
        .with_time_to_live(time_to_live);
    assert_eq!(guard.outage_policy(), OutagePolicy::Accept);
    assert_eq!(
        format!("{guard:?}"),
        "ReplayGuard { time_to_live: 2s, lease: 1s, outage_policy: Accept, .. }"
    );
}

#[tokio::test]
async fn debug_shows_settings_and_fingerprints() {
    let guard = ReplayGuard::in_memory().with_lease(Duration::from_secs(9));
    assert_eq!(
        format!("{guard:?}"),
        "ReplayGuard { time_to_live: 604800s, lease: 9s, outage_policy: Reject, .. }"
    );
    let claim = guard.claim(fingerprint()).await.unwrap();
    assert_eq!(
        format!("{claim:?}"),
        format!("Fresh(Ticket {{ fingerprint: {:?}, .. }})", fingerprint())
    );
}
