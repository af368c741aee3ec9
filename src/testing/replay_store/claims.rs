//! Claims, commits and releases, without the end of a lease.

use super::{
    BrokenRule, ReplayRule,
    check::{Check, LONG, expect},
};
use crate::{
    replay::ClaimStatus::{Duplicate, Fresh, InProgress},
    signature::Fingerprint,
};

pub(super) async fn one_after_another(check: &Check<'_>) -> Result<(), BrokenRule> {
    use ReplayRule::{
        ClaimHolds, CommitHolds, ReleaseEndsClaim, ReleaseIsForHolder, ReleaseKeepsCommit,
    };

    let (fingerprint, claim) = check.claimed(LONG).await?;
    let after = "a second claim";
    check
        .expect(ClaimHolds, InProgress, fingerprint, after)
        .await?;
    check.release(fingerprint, check.claim_id()).await?;
    let after = "a claim after a release by another one";
    check
        .expect(ReleaseIsForHolder, InProgress, fingerprint, after)
        .await?;
    check.release(fingerprint, claim).await?;
    let (again, after) = (check.claim_id(), "a claim after a release");
    let status = check.claim(fingerprint, again, LONG).await?;
    expect(ReleaseEndsClaim, Fresh, status, after)?;
    check.release(fingerprint, claim).await?;
    let after = "a claim after the second release of an earlier one";
    check
        .expect(ReleaseIsForHolder, InProgress, fingerprint, after)
        .await?;

    check.commit(fingerprint, LONG).await?;
    let after = "a claim after a commit";
    check
        .expect(CommitHolds, Duplicate, fingerprint, after)
        .await?;
    let after = "a second claim after a commit";
    check
        .expect(CommitHolds, Duplicate, fingerprint, after)
        .await?;
    check.release(fingerprint, again).await?;
    let after = "a claim after a commit and a release";
    check
        .expect(ReleaseKeepsCommit, Duplicate, fingerprint, after)
        .await?;
    check.commit(fingerprint, LONG).await?;
    let after = "a claim after two commits";
    check
        .expect(CommitHolds, Duplicate, fingerprint, after)
        .await?;

    let unclaimed = check.fingerprint();
    check.release(unclaimed, check.claim_id()).await?;
    let after = "a first claim, after a release without a claim";
    check
        .expect(ReleaseIsForHolder, Fresh, unclaimed, after)
        .await?;

    let unclaimed = check.fingerprint();
    check.commit(unclaimed, LONG).await?;
    let after = "a claim after a commit without a claim";
    check.expect(CommitHolds, Duplicate, unclaimed, after).await
}

/// Catches stores that cut off, pad or trim fingerprints, or read them as text.
pub(super) async fn similar_fingerprints(check: &Check<'_>) -> Result<(), BrokenRule> {
    let rule = ReplayRule::Independent;
    let base = check.fingerprint();
    check.commit(base, LONG).await?;
    let mut committed = None;
    for position in [0, 7, Fingerprint::BYTES - 1] {
        for value in [0, b' ', b'A', b'a', 0x80, 0xff] {
            let mut bytes = *base.as_bytes();
            if let Some(byte) = bytes.get_mut(position).filter(|byte| **byte != value) {
                *byte = value;
                let similar = Fingerprint::of_bytes(bytes);
                let after = "a first claim, of a fingerprint that differs in one byte from others";
                check.expect(rule, Fresh, similar, after).await?;
                if committed.is_none() {
                    check.commit(similar, LONG).await?;
                    committed = Some(similar);
                } else {
                    let after =
                        "a second claim, of a fingerprint that differs in one byte from others";
                    check.expect(rule, InProgress, similar, after).await?;
                }
            }
        }
    }
    let after = "a claim after a commit, and claims of fingerprints that differ in one byte";
    for fingerprint in committed.into_iter().chain([base]) {
        check.expect(rule, Duplicate, fingerprint, after).await?;
    }
    Ok(())
}

pub(super) async fn dropped_commit(check: &Check<'_>) -> Result<(), BrokenRule> {
    let (fingerprint, _) = check.claimed(LONG).await?;
    check.drop_commit(fingerprint).await;
    check.commit(fingerprint, LONG).await?;
    let after = "a claim after a commit whose future was dropped, and a second commit";
    check
        .expect(ReplayRule::CommitHolds, Duplicate, fingerprint, after)
        .await
}
