//! Operations at the same time.

use alloc::{format, vec::Vec};

use super::{
    BrokenRule, ReplayRule,
    check::{Check, LONG, broken, expect, wait_for_short},
};
use crate::{
    replay::{
        ClaimStatus::{self, Duplicate, Fresh, InProgress},
        StoreFuture,
    },
    signature::Fingerprint,
};

/// How often to try each race.
const ROUNDS: usize = 25;

/// How many claims take part.
const CLAIMS: usize = 8;

pub(super) async fn check(check: &Check<'_>) -> Result<(), BrokenRule> {
    for round in 0..ROUNDS {
        first_claims(check, round).await?;
        commit_of_claim(check, round).await?;
        commit_without_claim(check, round).await?;
        commit_and_release(check, round).await?;
    }
    Ok(())
}

async fn first_claims(check: &Check<'_>, round: usize) -> Result<(), BrokenRule> {
    let statuses = check
        .at_once(round, claims(check, check.fingerprint()))
        .await?;
    let others = statuses.iter().filter(|&&status| status == InProgress);
    if count_of_fresh(&statuses) == 1 && others.count() == CLAIMS - 1 {
        return Ok(());
    }
    let problem = format!("expected one Fresh and else InProgress, got {statuses:?}");
    broken(ReplayRule::ClaimIsAtomic, problem)
}

async fn commit_of_claim(check: &Check<'_>, round: usize) -> Result<(), BrokenRule> {
    let (fingerprint, _) = check.claimed(LONG).await?;
    let mut operations = claims(check, fingerprint);
    operations.insert(round % CLAIMS, check.commit_later(fingerprint));
    operations.push(check.release_later(fingerprint, check.claim_id()));
    let statuses = check.at_once(round, operations).await?;
    if statuses.contains(&Fresh) {
        let problem = format!("expected no Fresh during the commit of a claim, got {statuses:?}");
        return broken(ReplayRule::ClaimIsAtomic, problem);
    }
    let after = "a claim after a commit, and other operations at the same time";
    let rule = ReplayRule::CommitHolds;
    check.expect(rule, Duplicate, fingerprint, after).await
}

/// Commits after the end of a lease, while others claim.
async fn commit_without_claim(check: &Check<'_>, round: usize) -> Result<(), BrokenRule> {
    let fingerprint = check.fingerprint();
    let mut operations = claims(check, fingerprint);
    operations.insert(round % CLAIMS, check.commit_later(fingerprint));
    check.at_once(round, operations).await?;
    let after = "a claim after a commit, and first claims at the same time";
    let rule = ReplayRule::CommitHolds;
    check.expect(rule, Duplicate, fingerprint, after).await
}

async fn commit_and_release(check: &Check<'_>, round: usize) -> Result<(), BrokenRule> {
    let (fingerprint, claim) = check.claimed(LONG).await?;
    let release = check.release_later(fingerprint, claim);
    let commit = check.commit_later(fingerprint);
    check.at_once(round, [release, commit].into()).await?;
    let after = "a claim after a commit, and a release at the same time";
    let rule = ReplayRule::CommitHolds;
    check.expect(rule, Duplicate, fingerprint, after).await
}

/// Claims at the same time after the lease of an earlier claim.
pub(super) async fn claims_after_lease(
    check: &Check<'_>,
    round: usize,
    fingerprint: Fingerprint,
) -> Result<(), BrokenRule> {
    // A store that counts in seconds may end this lease later than another one.
    for _ in 0..10 {
        let statuses = check.at_once(round, claims(check, fingerprint)).await?;
        match count_of_fresh(&statuses) {
            0 => wait_for_short().await,
            1 => return Ok(()),
            _ => {
                let problem = format!("expected one Fresh after the lease, got {statuses:?}");
                return broken(ReplayRule::ClaimIsAtomic, problem);
            }
        }
    }
    let after = "claims after the lease of an earlier one";
    expect(ReplayRule::LeaseEnds, Fresh, InProgress, after)
}

fn claims<'a>(
    check: &'a Check<'a>,
    fingerprint: Fingerprint,
) -> Vec<StoreFuture<'a, Option<ClaimStatus>>> {
    (0..CLAIMS)
        .map(|_| check.claim_later(fingerprint))
        .collect()
}

fn count_of_fresh(statuses: &[ClaimStatus]) -> usize {
    statuses.iter().filter(|&&status| status == Fresh).count()
}
