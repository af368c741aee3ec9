//! The test for stores: it accepts a store without a fault, and names the rule that a fault breaks.

use std::{error::Error, time::Duration};

use hubseal::{
    replay::MemoryStore,
    testing::{ReplayRule, check_replay_store},
};
use tokio::{task::JoinSet, time::Instant};

use super::faulty_store::{Fault, FaultyStore};

const FAULTS: [(Fault, ReplayRule); 26] = [
    (Fault::ClaimFails, ReplayRule::Works),
    (Fault::ReleaseFails, ReplayRule::Works),
    (Fault::FirstClaimIsDuplicate, ReplayRule::FirstIsFresh),
    (Fault::FingerprintIsCutOff, ReplayRule::Independent),
    (Fault::FingerprintIsText, ReplayRule::Independent),
    (Fault::FingerprintIgnoresCase, ReplayRule::Independent),
    (Fault::InProgressIsDuplicate, ReplayRule::ClaimHolds),
    (Fault::LeaseIsAThousandth, ReplayRule::ClaimHolds),
    (Fault::ClaimYieldsBeforeItWrites, ReplayRule::ClaimIsAtomic),
    (Fault::ClaimYieldsAfterALease, ReplayRule::ClaimIsAtomic),
    (
        Fault::ClaimIsHeldUntilItsFutureEnds,
        ReplayRule::DroppedClaimEnds,
    ),
    (Fault::LeaseNeverEnds, ReplayRule::LeaseEnds),
    (Fault::LeaseIsExtendedByOthers, ReplayRule::LeaseEnds),
    (Fault::CommitIsIgnored, ReplayRule::CommitHolds),
    (Fault::CommitNeedsAClaim, ReplayRule::CommitHolds),
    (Fault::CommitKeepsTheLease, ReplayRule::CommitHolds),
    (Fault::SecondCommitIsIgnored, ReplayRule::CommitHolds),
    (Fault::CommitGivesUpAfterAChange, ReplayRule::CommitHolds),
    (Fault::DuplicateBecomesFresh, ReplayRule::CommitHolds),
    (Fault::DuplicateSetsTheLease, ReplayRule::CommitHolds),
    (Fault::CommitKeepsTheLongerTime, ReplayRule::TimeToLiveEnds),
    (Fault::TimeToLiveIsIgnored, ReplayRule::TimeToLiveEnds),
    (Fault::ReleaseIsIgnored, ReplayRule::ReleaseEndsClaim),
    (
        Fault::ReleaseIgnoresTheClaim,
        ReplayRule::ReleaseIsForHolder,
    ),
    (
        Fault::ReleaseIgnoresTheCommit,
        ReplayRule::ReleaseKeepsCommit,
    ),
    (Fault::ReleaseYieldsBeforeItRemoves, ReplayRule::CommitHolds),
];

#[tokio::test]
async fn names_the_rule_that_a_fault_breaks() {
    let mut checks = JoinSet::new();
    for (fault, rule) in FAULTS {
        checks.spawn(async move {
            let checked = check_replay_store(&FaultyStore::new(fault)).await;
            let named = checked.as_ref().err().map(|broken| broken.rule);
            (named != Some(rule)).then(|| format!("{fault:?}: {checked:?}"))
        });
    }
    let wrong: Vec<_> = checks.join_all().await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn finds_a_race_between_threads() {
    let store = FaultyStore::new(Fault::ClaimSleepsBeforeItWrites);
    let broken = check_replay_store(&store).await.unwrap_err();
    // The threads decide what the late write meets first: another claim, or a commit.
    let races = [ReplayRule::ClaimIsAtomic, ReplayRule::CommitHolds];
    assert!(races.contains(&broken.rule), "{broken:?}");
}

#[tokio::test]
async fn accepts_stores_without_a_fault() {
    check_replay_store(&FaultyStore::new(Fault::None))
        .await
        .unwrap();
    check_replay_store(&MemoryStore::default()).await.unwrap();
}

#[tokio::test]
async fn one_store_can_be_checked_several_times_at_once() {
    let store = MemoryStore::default();
    let (first, second) = tokio::join!(check_replay_store(&store), check_replay_store(&store));
    first.unwrap();
    second.unwrap();
}

#[tokio::test(start_paused = true)]
async fn does_not_wait_for_a_store_that_hangs() {
    let start = Instant::now();
    let store = FaultyStore::new(Fault::ClaimHangs);
    let broken = check_replay_store(&store).await.unwrap_err();
    assert_eq!(broken.rule, ReplayRule::EndsInTime);
    assert_eq!(start.elapsed(), Duration::from_secs(10));
    assert_eq!(
        broken.to_string(),
        "every future ends within seconds: expected an end, got none in 10s"
    );
}

#[tokio::test]
async fn error_of_the_store_is_the_source() {
    let store = FaultyStore::new(Fault::ClaimFails);
    let broken = check_replay_store(&store).await.unwrap_err();
    let cause = "replay store is unavailable: no memory";
    assert_eq!(broken.source().unwrap().to_string(), cause);
    assert_eq!(
        broken.to_string(),
        format!(
            "every operation succeeds while the store works: expected success, got the error: {cause}"
        )
    );
}
