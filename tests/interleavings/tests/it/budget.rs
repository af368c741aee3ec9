//! Concurrent deliveries under one memory budget.

use hubseal::{AppSecret, Endpoint, MemoryBudget, PayloadLimit, RejectionKind};
use loom::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crate::explore::{every_interleaving, interleavings, receive, report, secret, signed};

const KIB: usize = 1024;
const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// A body too large for the reserve. Its size is the payload limit, so its buffer has exactly this
/// size.
static LARGE: [u8; MemoryBudget::SMALL_BODY_BYTES + KIB] =
    [b'a'; MemoryBudget::SMALL_BODY_BYTES + KIB];

fn endpoint(budget: &MemoryBudget) -> Endpoint {
    let keys: AppSecret = secret(SECRET);
    let builder = Endpoint::builder(keys).payload_limit(PayloadLimit::new(LARGE.len()));
    builder.memory_budget(budget.clone()).build().unwrap()
}

/// Returns a budget with this many bytes for large bodies and the same in reserve.
fn shared(bytes: usize) -> MemoryBudget {
    MemoryBudget::new(2 * bytes)
}

#[test]
fn one_share_is_never_given_to_two_bodies() {
    every_interleaving(|| {
        let budget = shared(LARGE.len() + 7);
        let holders = Arc::new(AtomicUsize::new(0));
        let threads = [(); 2].map(|()| {
            let mut body_verifier = receive(&endpoint(&budget), &signed(SECRET, b""));
            let holders = Arc::clone(&holders);
            thread::spawn(move || {
                let pushed = body_verifier.push(&LARGE[..]);
                if pushed.is_ok() {
                    assert_eq!(
                        holders.fetch_add(1, Ordering::AcqRel),
                        0,
                        "two holders at the same time"
                    );
                    holders.fetch_sub(1, Ordering::AcqRel);
                }
                pushed.err().map(|rejection| rejection.kind())
            })
        });
        let rejections = threads.map(|thread| thread.join().unwrap());
        assert!(
            rejections.contains(&None),
            "all rejected while the share was free"
        );
        assert!(
            rejections
                .iter()
                .all(|kind| kind.is_none_or(|kind| kind == RejectionKind::BudgetExhausted))
        );
        assert_eq!(budget.available(), budget.capacity());
    });
}

#[test]
fn rejected_delivery_does_not_displace_another() {
    every_interleaving(|| {
        // Enough for the second body if the first takes nothing.
        let budget = shared(LARGE.len());
        let endpoint = endpoint(&budget);
        let mut too_large = receive(&endpoint, &signed(SECRET, b""));
        let mut fits = receive(&endpoint, &signed(SECRET, &LARGE));
        let rejected = thread::spawn(move || {
            let rejection = too_large.push([&LARGE[..], b"a"].concat()).err().unwrap();
            assert_eq!(rejection.kind(), RejectionKind::PayloadTooLarge);
            too_large
        });
        fits.push(&LARGE[..]).unwrap();
        assert!(fits.finish().is_ok());
        let rejected = rejected.join().unwrap();
        let (left, all) = (budget.available(), budget.capacity());
        assert_eq!(left, all, "before the rejected one is dropped");
        drop(rejected);
        assert_eq!(budget.available(), all);
    });
}

#[test]
fn growing_body_moves_out_of_reserve_atomically() {
    every_interleaving(|| {
        // Room for one large body, in addition to a small one in the reserve.
        let budget = shared(LARGE.len() + 7);
        let threads = [(); 2].map(|()| {
            let mut body_verifier = receive(&endpoint(&budget), &signed(SECRET, b""));
            thread::spawn(move || {
                let (small, rest) = LARGE.split_at(MemoryBudget::SMALL_BODY_BYTES);
                let pushed = body_verifier
                    .push(small)
                    .and_then(|()| body_verifier.push(rest));
                pushed.err().map(|rejection| rejection.kind())
            })
        });
        assert!(budget.available() <= budget.capacity());
        let rejections = threads.map(|thread| thread.join().unwrap());
        assert!(
            rejections.contains(&None),
            "all rejected while the share was free"
        );
        assert_eq!(budget.available(), budget.capacity());
    });
}

/// Ends of a delivery that holds memory.
const ENDS: [fn(&Endpoint); 7] = [
    |endpoint| assert!(begin(endpoint, &LARGE).finish().is_ok()),
    |endpoint| assert!(begin(endpoint, b"another").finish().is_err()),
    |endpoint| assert_eq!(begin(endpoint, b"").deadline_passed().status(), 408),
    |endpoint| assert_eq!(begin(endpoint, b"").body_failed("reset").status(), 400),
    |endpoint| drop(begin(endpoint, b"")),
    |endpoint| {
        let rejected = begin(endpoint, b"").push(vec![0; 2 * KIB]);
        assert_eq!(
            rejected.err().unwrap().kind(),
            RejectionKind::PayloadTooLarge
        );
    },
    |endpoint| {
        let body_verifier = begin(endpoint, b"");
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
            let _held = body_verifier;
            std::panic::resume_unwind(Box::new(()));
        }));
        assert!(unwound.is_err());
    },
];

fn begin(endpoint: &Endpoint, signed_body: &[u8]) -> hubseal::BodyVerifier {
    let mut body_verifier = receive(endpoint, &signed(SECRET, signed_body));
    body_verifier.push(&LARGE[..]).unwrap();
    body_verifier
}

#[test]
fn two_deliveries_free_whole_budget_on_every_outcome() {
    let mut count = 0;
    for (index, one) in ENDS.iter().enumerate() {
        for other in &ENDS[index..] {
            count += interleavings(move || {
                let budget = shared(2 * LARGE.len() + 1);
                let (here, there) = (endpoint(&budget), endpoint(&budget));
                let ending = thread::spawn(move || other(&there));
                one(&here);
                ending.join().unwrap();
                assert_eq!(budget.available(), budget.capacity());
            });
        }
    }
    report(count);
}
