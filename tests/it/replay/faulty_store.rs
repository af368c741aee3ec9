//! A store in a map with one fault.

use std::{
    collections::HashMap,
    future::pending,
    sync::{Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};

use hubseal::{
    Fingerprint,
    replay::{ClaimId, ClaimStatus, ReplayStore, StoreError, StoreFuture},
};
use tokio::task::yield_now;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    ClaimFails,
    ReleaseFails,
    ClaimHangs,
    FirstClaimIsDuplicate,
    FingerprintIsCutOff,
    FingerprintIsText,
    FingerprintIgnoresCase,
    InProgressIsDuplicate,
    ClaimYieldsBeforeItWrites,
    ClaimSleepsBeforeItWrites,
    ClaimYieldsAfterALease,
    ClaimIsHeldUntilItsFutureEnds,
    LeaseIsAThousandth,
    LeaseNeverEnds,
    LeaseIsExtendedByOthers,
    CommitIsIgnored,
    CommitNeedsAClaim,
    CommitKeepsTheLease,
    CommitKeepsTheLongerTime,
    SecondCommitIsIgnored,
    CommitGivesUpAfterAChange,
    DuplicateBecomesFresh,
    DuplicateSetsTheLease,
    TimeToLiveIsIgnored,
    ReleaseIsIgnored,
    ReleaseIgnoresTheClaim,
    ReleaseIgnoresTheCommit,
    ReleaseYieldsBeforeItRemoves,
}

#[derive(Clone, Copy)]
struct Entry {
    claim: ClaimId,
    committed: bool,
    until: Instant,
}

pub(super) struct FaultyStore {
    fault: Fault,
    entries: Mutex<HashMap<Vec<u8>, Entry>>,
    /// The claim of a commit without a claim.
    nobody: Mutex<Option<ClaimId>>,
}

const FOR_EVER: Duration = Duration::from_secs(1_000);

impl FaultyStore {
    pub(super) fn new(fault: Fault) -> Self {
        Self {
            fault,
            entries: Mutex::default(),
            nobody: Mutex::default(),
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Entry>> {
        self.entries.lock().unwrap()
    }

    fn key(&self, fingerprint: Fingerprint) -> Vec<u8> {
        let bytes = fingerprint.as_bytes();
        match self.fault {
            Fault::FingerprintIsCutOff => bytes[..Fingerprint::BYTES - 1].to_vec(),
            Fault::FingerprintIsText => String::from_utf8_lossy(bytes).into_owned().into(),
            Fault::FingerprintIgnoresCase => bytes.to_ascii_lowercase(),
            _ => bytes.to_vec(),
        }
    }

    fn current(&self, key: &[u8]) -> Option<Entry> {
        let entry = self.entries().get(key).copied();
        entry.filter(|entry| Instant::now() < entry.until)
    }

    async fn claim(
        &self,
        key: Vec<u8>,
        claim: ClaimId,
        lease: Duration,
    ) -> Result<ClaimStatus, StoreError> {
        let lease = match self.fault {
            Fault::ClaimFails => return Err(StoreError::new("no memory")),
            Fault::ClaimHangs => pending().await,
            Fault::FirstClaimIsDuplicate => return Ok(ClaimStatus::Duplicate),
            Fault::LeaseIsAThousandth => lease / 1_000,
            Fault::LeaseNeverEnds => FOR_EVER,
            _ => lease,
        };
        self.nobody.lock().unwrap().get_or_insert(claim);
        let new = |time| Entry {
            claim,
            committed: false,
            until: Instant::now() + time,
        };
        match self.fault {
            Fault::ClaimYieldsBeforeItWrites if self.current(&key).is_none() => {
                yield_now().await;
                self.entries().insert(key, new(lease));
                return Ok(ClaimStatus::Fresh);
            }
            Fault::ClaimSleepsBeforeItWrites if self.current(&key).is_none() => {
                thread::sleep(Duration::from_millis(1));
                self.entries().insert(key, new(lease));
                return Ok(ClaimStatus::Fresh);
            }
            Fault::ClaimYieldsAfterALease => {
                let known = self.entries().contains_key(&key);
                if known && self.current(&key).is_none() {
                    yield_now().await;
                    self.entries().insert(key, new(lease));
                    return Ok(ClaimStatus::Fresh);
                }
            }
            Fault::ClaimIsHeldUntilItsFutureEnds => {
                let status = self.claim_now(key.clone(), new(FOR_EVER));
                yield_now().await;
                let mut entries = self.entries();
                if let Some(entry) = entries
                    .get_mut(&key)
                    .filter(|entry| entry.claim == claim && !entry.committed)
                {
                    entry.until = Instant::now() + lease;
                }
                return Ok(status);
            }
            _ => {}
        }
        Ok(self.claim_now(key, new(lease)))
    }

    fn claim_now(&self, key: Vec<u8>, new: Entry) -> ClaimStatus {
        let mut entries = self.entries();
        match entries.get_mut(&key) {
            Some(entry) if entry.committed && Instant::now() < entry.until => {
                if self.has(Fault::DuplicateSetsTheLease) {
                    entry.until = new.until;
                }
                entry.committed = !self.has(Fault::DuplicateBecomesFresh);
                ClaimStatus::Duplicate
            }
            Some(entry) if Instant::now() < entry.until => {
                if self.has(Fault::LeaseIsExtendedByOthers) {
                    entry.until = new.until;
                }
                if self.has(Fault::InProgressIsDuplicate) {
                    ClaimStatus::Duplicate
                } else {
                    ClaimStatus::InProgress
                }
            }
            _ => {
                entries.insert(key, new);
                ClaimStatus::Fresh
            }
        }
    }

    async fn commit(&self, key: Vec<u8>, time_to_live: Duration) {
        let known = self.current(&key);
        let until = match self.fault {
            Fault::CommitIsIgnored => return,
            Fault::CommitNeedsAClaim if known.is_none() => return,
            Fault::SecondCommitIsIgnored if known.is_some_and(|entry| entry.committed) => return,
            Fault::TimeToLiveIsIgnored => Instant::now() + FOR_EVER,
            _ => Instant::now() + time_to_live,
        };
        let until = match known {
            Some(known) if self.has(Fault::CommitKeepsTheLease) => known.until,
            Some(known) if self.has(Fault::CommitKeepsTheLongerTime) => until.max(known.until),
            _ => until,
        };
        if self.has(Fault::CommitGivesUpAfterAChange) {
            yield_now().await;
            if self.current(&key).map(|entry| entry.claim) != known.map(|entry| entry.claim) {
                return;
            }
        }
        let nobody = *self.nobody.lock().unwrap();
        let committed = Entry {
            claim: known.map(|entry| entry.claim).or(nobody).unwrap(),
            committed: true,
            until,
        };
        self.entries().insert(key, committed);
    }

    async fn release(&self, key: Vec<u8>, claim: ClaimId) -> Result<(), StoreError> {
        match self.fault {
            Fault::ReleaseFails => return Err(StoreError::new("read only")),
            Fault::ReleaseIsIgnored => return Ok(()),
            _ => {}
        }
        let may_remove = |entry: Option<Entry>| {
            entry.is_some_and(|entry| {
                (entry.claim == claim || self.has(Fault::ReleaseIgnoresTheClaim))
                    && (!entry.committed || self.has(Fault::ReleaseIgnoresTheCommit))
            })
        };
        if self.has(Fault::ReleaseYieldsBeforeItRemoves) && may_remove(self.current(&key)) {
            yield_now().await;
            self.entries().remove(&key);
        }
        let mut entries = self.entries();
        if may_remove(entries.get(&key).copied()) {
            entries.remove(&key);
        }
        Ok(())
    }
}

impl ReplayStore for FaultyStore {
    fn claim(
        &self,
        fingerprint: Fingerprint,
        claim: ClaimId,
        lease: Duration,
    ) -> StoreFuture<'_, ClaimStatus> {
        Box::pin(self.claim(self.key(fingerprint), claim, lease))
    }

    fn commit(&self, fingerprint: Fingerprint, time_to_live: Duration) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            self.commit(self.key(fingerprint), time_to_live).await;
            Ok(())
        })
    }

    fn release(&self, fingerprint: Fingerprint, claim: ClaimId) -> StoreFuture<'_, ()> {
        Box::pin(self.release(self.key(fingerprint), claim))
    }
}
