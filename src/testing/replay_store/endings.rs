//! The end of leases and times to live.

use alloc::format;

use super::{
    BrokenRule, ReplayRule,
    check::{Check, LONG, SHORT, wait_for_short},
    races,
};
use crate::{
    replay::ClaimStatus::{Duplicate, InProgress},
    signature::Fingerprint,
};

/// A claim and a commit that must last as long as the whole check.
pub(super) struct Lasting {
    claimed: Fingerprint,
    committed: Fingerprint,
}

impl Lasting {
    pub(super) async fn begin(check: &Check<'_>) -> Result<Self, BrokenRule> {
        let (claimed, _) = check.claimed(LONG).await?;
        let committed = check.fingerprint();
        check.commit(committed, LONG).await?;
        Ok(Self { claimed, committed })
    }

    pub(super) async fn end(self, check: &Check<'_>) -> Result<(), BrokenRule> {
        let after = format!("a claim within a lease of {LONG:?}");
        let rule = ReplayRule::ClaimHolds;
        check.expect(rule, InProgress, self.claimed, &after).await?;
        let after = format!("a claim within a time to live of {LONG:?}");
        let rule = ReplayRule::CommitHolds;
        check.expect(rule, Duplicate, self.committed, &after).await
    }
}

pub(super) async fn check(check: &Check<'_>) -> Result<(), BrokenRule> {
    use ReplayRule::{
        CommitHolds, DroppedClaimEnds, LeaseEnds, ReleaseIsForHolder, ReleaseKeepsCommit,
        TimeToLiveEnds,
    };

    // Everything that ends begins now, so that one wait is enough.
    let (taken_over, first) = check.claimed(SHORT).await?;
    let mut raced = [check.fingerprint(); 6];
    for fingerprint in &mut raced {
        (*fingerprint, _) = check.claimed(SHORT).await?;
    }
    let (refused, _) = check.claimed(SHORT).await?;
    let refusal = check.claim(refused, check.claim_id(), LONG).await?;
    let (late, _) = check.claimed(SHORT).await?;
    let (released, claim_of_released) = check.claimed(SHORT).await?;
    let (in_time, claim_of_in_time) = check.claimed(SHORT).await?;
    check.commit(in_time, LONG).await?;
    let (forgotten, _) = check.claimed(LONG).await?;
    check.commit(forgotten, SHORT).await?;
    let extended = check.fingerprint();
    check.commit(extended, SHORT).await?;
    check.commit(extended, LONG).await?;
    let repeated = check.fingerprint();
    check.commit(repeated, LONG).await?;
    check.claim(repeated, check.claim_id(), SHORT).await?;
    let dropped = check.fingerprint();
    check.drop_claim(dropped, SHORT).await;
    wait_for_short().await;

    // Leases.
    let after = "a claim after the lease of an earlier one";
    let second = check.expect_end(LeaseEnds, taken_over, after).await?;
    // On a slow machine, the second claim is after the lease.
    if refusal == InProgress {
        let after =
            "a claim after the lease of an earlier one, although another was refused before";
        check.expect_end(LeaseEnds, refused, after).await?;
    }
    let after = "a claim after the lease of one whose future was dropped";
    check.expect_end(DroppedClaimEnds, dropped, after).await?;
    for (round, fingerprint) in raced.into_iter().enumerate() {
        races::claims_after_lease(check, round, fingerprint).await?;
    }

    // A later claim, and what the first one may do to it.
    check.release(taken_over, first).await?;
    let after = "a claim after a release by one whose lease has ended, during a later one";
    check
        .expect(ReleaseIsForHolder, InProgress, taken_over, after)
        .await?;
    check.commit(taken_over, LONG).await?;
    let after = "a claim after a commit during a later claim";
    check
        .expect(CommitHolds, Duplicate, taken_over, after)
        .await?;
    check.release(taken_over, second).await?;
    let after = "a claim after a commit, and a release by a later claim";
    check
        .expect(ReleaseKeepsCommit, Duplicate, taken_over, after)
        .await?;

    check.release(released, claim_of_released).await?;
    let after = "a claim after a lease and a release";
    check.expect_end(LeaseEnds, released, after).await?;

    // Commits.
    check.commit(late, LONG).await?;
    let after = "a claim after a commit that follows the end of the lease";
    check.expect(CommitHolds, Duplicate, late, after).await?;
    let after = "a claim after a commit, and the lease of its claim";
    check.expect(CommitHolds, Duplicate, in_time, after).await?;
    check.release(in_time, claim_of_in_time).await?;
    let after = "a claim after a commit, the lease of its claim, and a release";
    check
        .expect(ReleaseKeepsCommit, Duplicate, in_time, after)
        .await?;
    let after = "a claim after a commit, and the time to live of an earlier commit";
    check
        .expect(CommitHolds, Duplicate, extended, after)
        .await?;
    let after = "a claim after a commit, and the lease of another claim";
    check
        .expect(CommitHolds, Duplicate, repeated, after)
        .await?;
    let after = "a claim after the time to live";
    check.expect_end(TimeToLiveEnds, forgotten, after).await?;
    Ok(())
}
