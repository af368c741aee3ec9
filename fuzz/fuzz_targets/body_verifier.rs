//! Concurrent deliveries under one budget, compared with a model that keeps everything.
//!
//! Each step of the input pushes a chunk to a delivery, ends it or drops it. The free budget always
//! equals that of the model. Each delivery ends with the model's result and the bytes of the whole
//! body, and has one outcome.
#![no_main]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use arbitrary::Arbitrary;
use hubseal::{
    AppSecret, BodyVerifier, Endpoint, KeyRing, MemoryBudget, Outcome, PayloadLimit, Rejection,
    RejectionKind, RequestHead,
};

use self::verify_paths::{in_chunks, one_shot};
use hubseal_fuzz::{known::signed, rejection::assert_rejected};

#[path = "../../tests/it/verify_paths.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod verify_paths;

const KIB: usize = 1024;
const SMALL: usize = MemoryBudget::SMALL_BODY_BYTES;
/// From this many bytes on, the buffer may have the declared length.
const EARLY: usize = 32 * KIB;
const CONCURRENT: usize = 3;
/// Enough to exceed every limit, but still fast.
const MAX_STEPS: usize = 24;

#[derive(Arbitrary, Debug)]
pub struct Input {
    /// The number of keys minus one.
    keys: u8,
    /// In steps of 1 KiB, plus or minus a few bytes.
    limit: (u8, i8),
    budget: (u8, i8),
    deliveries: [Delivery; CONCURRENT],
    steps: Vec<(u8, Step)>,
}

#[derive(Arbitrary, Debug)]
struct Delivery {
    signer: u8,
    /// Whether the body is the signed one.
    genuine: Signed,
    declared: Declared,
}

#[derive(Arbitrary, Debug)]
enum Signed {
    Body,
    OneByteLess,
    OtherBit(u8),
}

#[derive(Arbitrary, Debug)]
enum Declared {
    Nothing,
    Length,
    Off(i8),
}

#[derive(Arbitrary, Debug)]
enum Step {
    Push(Vec<u8>),
    PushMany(u16),
    Finish,
    DeadlinePasses,
    BodyFails,
    Drop,
}

/// A delivery in the model.
struct Modelled {
    header: String,
    declared: Option<usize>,
    body_verifier: Option<BodyVerifier>,
    chunks: Vec<Vec<u8>>,
    rejected: Option<RejectionKind>,
    /// The key of the signature, after it is verified.
    verified: Option<usize>,
    /// The charged bytes, and whether they are charged to the reserve.
    taken: usize,
    small: bool,
}

struct Model {
    endpoint: Endpoint,
    budget: MemoryBudget,
    /// The free bytes of the reserve and of the shared half.
    reserve: usize,
    shared: usize,
    limit: usize,
    secrets: Vec<String>,
}
libfuzzer_sys::fuzz_target!(|input: Input| check(input));

fn check(input: Input) {
    let count = usize::from(input.keys) % KeyRing::MAX_KEYS + 1;
    let secrets: Vec<String> = (0..=count)
        .map(|number| format!("a secret for fuzzing, {number}"))
        .collect();
    let named = (0..count).map(|number| {
        let secret = AppSecret::new(secrets[number].as_str()).unwrap();
        (format!("key-{number}"), secret)
    });
    let size =
        |(kib, more): (u8, i8)| (usize::from(kib) * KIB).saturating_add_signed(isize::from(more));
    let (limit, available) = (size(input.limit), size(input.budget));
    let budget = MemoryBudget::new(available);
    let outcomes = Arc::new(AtomicUsize::new(0));
    let observed = Arc::clone(&outcomes);
    let endpoint = Endpoint::builder(KeyRing::new(named).unwrap())
        .add_observer(move |_: &Outcome<'_>| {
            observed.fetch_add(1, Ordering::Relaxed);
        })
        .payload_limit(PayloadLimit::new(limit))
        .memory_budget(budget.clone())
        .build();
    let (reserve, shared) = (available / 2, available - available / 2);
    let largest = shared.max(reserve.min(SMALL));
    assert_eq!(endpoint.is_ok(), 0 < limit && limit <= largest);
    let Ok(endpoint) = endpoint else {
        return;
    };
    let mut model = Model {
        endpoint,
        budget,
        reserve,
        shared,
        limit,
        secrets,
    };

    // The signature needs the whole body, which the steps determine.
    let steps: Vec<(usize, Step)> = input
        .steps
        .into_iter()
        .take(MAX_STEPS)
        .map(|(which, step)| (usize::from(which) % CONCURRENT, step))
        .collect();
    let bodies: [Vec<u8>; CONCURRENT] = std::array::from_fn(|which| {
        let own = steps.iter().filter(|(of, _)| *of == which);
        let pushed = own.map_while(|(_, step)| step.chunk());
        pushed.collect::<Vec<_>>().concat()
    });
    let mut deliveries =
        [0, 1, 2].map(|which| model.begin(&input.deliveries[which], &bodies[which]));
    for (which, step) in steps {
        model.take(&mut deliveries[which], step);
        assert_eq!(model.budget.available(), model.reserve + model.shared);
    }
    for delivery in &mut deliveries {
        model.take(delivery, Step::Finish);
        assert_eq!(model.budget.available(), model.reserve + model.shared);
    }
    assert_eq!(
        model.budget.available(),
        available,
        "not all memory was freed"
    );
    assert_eq!(outcomes.load(Ordering::Relaxed), CONCURRENT);
}

impl Step {
    fn chunk(&self) -> Option<Vec<u8>> {
        match self {
            Self::Push(chunk) => Some(chunk.clone()),
            // Content without repetition.
            Self::PushMany(length) => {
                let bytes = (0_u32..).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
                Some(bytes.take(usize::from(*length)).collect())
            }
            _ => None,
        }
    }
}

impl Model {
    fn begin(&self, delivery: &Delivery, body: &[u8]) -> Modelled {
        // One key more than the ring has.
        let secret = &self.secrets[usize::from(delivery.signer) % self.secrets.len()];
        let mut header = match delivery.genuine {
            Signed::OneByteLess => signed(secret, &body[..body.len().saturating_sub(1)]),
            _ => signed(secret, body),
        };
        if let Signed::OtherBit(which) = delivery.genuine {
            let at = 7 + usize::from(which) % 64;
            let digit = u8::from_str_radix(&header[at..=at], 16).unwrap() ^ 1 << (which % 4);
            header.replace_range(at..=at, &format!("{digit:x}"));
        }
        let declared = match delivery.declared {
            Declared::Nothing => None,
            Declared::Length => Some(body.len()),
            Declared::Off(by) => Some(body.len().saturating_add_signed(isize::from(by))),
        };
        let length = declared.map(|declared| ("content-length", declared.to_string()));
        let headers: Vec<_> = [("x-hub-signature-256", header.clone())]
            .into_iter()
            .chain(length)
            .collect();
        let received = self
            .endpoint
            .receive(&RequestHead::new("POST", headers.as_slice()));
        let too_large = declared.is_some_and(|declared| declared > self.limit);
        if let Err(rejection) = &received {
            assert_rejected(rejection, RejectionKind::PayloadTooLarge, false);
        }
        assert_eq!(received.is_err(), too_large);
        Modelled {
            header,
            declared,
            body_verifier: received.ok(),
            chunks: Vec::new(),
            rejected: None,
            verified: None,
            taken: 0,
            small: true,
        }
    }

    fn take(&mut self, delivery: &mut Modelled, step: Step) {
        let Some(mut body_verifier) = delivery.body_verifier.take() else {
            return;
        };
        let chunk = step.chunk();
        match step {
            Step::Push(_) | Step::PushMany(_) => {
                let chunk = chunk.unwrap();
                let expected = self.push(delivery, &chunk);
                match body_verifier.push(chunk) {
                    Ok(()) => {
                        assert_eq!(expected, None);
                        let complete = delivery.verified.is_some() || delivery.declared == Some(0);
                        assert_eq!(body_verifier.is_complete(), complete);
                    }
                    Err(rejection) => assert_rejected(&rejection, expected.unwrap(), false),
                }
                delivery.body_verifier = Some(body_verifier);
                return;
            }
            Step::Finish => self.finish(delivery, body_verifier),
            Step::DeadlinePasses => {
                assert_rejected(
                    &body_verifier.deadline_passed(),
                    RejectionKind::DeadlinePassed,
                    false,
                );
            }
            Step::BodyFails => {
                assert_rejected(
                    &body_verifier.body_failed("reset"),
                    RejectionKind::BodyUnreadable,
                    false,
                );
            }
            Step::Drop => drop(body_verifier),
        }
        self.give_back(delivery);
    }

    fn pool(&mut self, small: bool) -> &mut usize {
        if small {
            &mut self.reserve
        } else {
            &mut self.shared
        }
    }

    fn give_back(&mut self, delivery: &mut Modelled) {
        *self.pool(delivery.small) += std::mem::take(&mut delivery.taken);
        delivery.small = true;
    }

    /// Charges the buffer of a body of this length, if the budget has room.
    fn charge(&mut self, delivery: &mut Modelled, total: usize) -> bool {
        if total <= delivery.taken {
            return true;
        }
        let longest = delivery.declared.unwrap_or(self.limit);
        let mut buffer = (2 * total).min(longest);
        if total <= SMALL {
            buffer = buffer.min(SMALL);
        }
        let before = (delivery.small, delivery.taken);
        self.give_back(delivery);
        if let Some(declared) = delivery.declared
            && total >= EARLY
            && self.shared >= declared + self.budget.capacity().div_ceil(2) / 2
        {
            buffer = declared;
        }
        let small = before.0 && total <= SMALL && buffer <= self.reserve;
        let fits = small || buffer <= self.shared;
        (delivery.small, delivery.taken) = if fits { (small, buffer) } else { before };
        *self.pool(delivery.small) -= delivery.taken;
        fits
    }

    /// Returns the key that signed this body.
    fn key(&self, delivery: &Modelled, body: &[u8]) -> Option<usize> {
        let keys = self.secrets.len() - 1;
        self.secrets[..keys]
            .iter()
            .position(|secret| delivery.header == signed(secret, body))
    }

    /// Returns why the next chunk is rejected, and charges the budget.
    fn push(&mut self, delivery: &mut Modelled, chunk: &[u8]) -> Option<RejectionKind> {
        if delivery.rejected.is_some() || chunk.is_empty() {
            return delivery.rejected;
        }
        let before = delivery.chunks.iter().map(Vec::len).sum::<usize>();
        let total = before + chunk.len();
        delivery.chunks.push(chunk.to_vec());
        let complete = delivery.declared == Some(total);
        let whole = complete && before == 0;
        delivery.rejected = if delivery.verified.is_some() {
            Some(RejectionKind::LengthMismatch)
        } else if total > self.limit {
            Some(RejectionKind::PayloadTooLarge)
        } else if delivery.declared.is_some_and(|declared| total > declared) {
            Some(RejectionKind::LengthMismatch)
        } else if !whole && !self.charge(delivery, total) {
            Some(RejectionKind::BudgetExhausted)
        } else if complete {
            delivery.verified = self.key(delivery, &delivery.chunks.concat());
            let forged = delivery.verified.is_none();
            forged.then_some(RejectionKind::SignatureMismatch)
        } else {
            None
        };
        if delivery.rejected.is_some() || delivery.verified.is_some() {
            self.give_back(delivery);
        }
        delivery.rejected
    }

    fn finish(&self, delivery: &Modelled, body_verifier: BodyVerifier) {
        let body = delivery.chunks.concat();
        let ring = self.endpoint.verifier().keys();
        let uses = || {
            ring.names()
                .map(|name| ring.match_count(name.as_str()).unwrap())
        };
        let before: Vec<usize> = uses().collect();
        let result = body_verifier.finish();

        let cut_short = delivery
            .declared
            .is_some_and(|declared| declared > body.len());
        let rejected = delivery
            .rejected
            .or(cut_short.then_some(RejectionKind::LengthMismatch));
        if let Some(kind) = rejected {
            assert_rejected(&result.err().unwrap(), kind, false);
            assert!(uses().eq(before));
            return;
        }
        // A body of declared length was counted when it was complete.
        let counted = delivery.verified.is_some();
        let chunks: Vec<&[u8]> = delivery.chunks.iter().map(Vec::as_slice).collect();
        let header = delivery.header.as_bytes();
        let key = self.key(delivery, &body);
        assert!(
            uses()
                .zip(0..)
                .eq(before.into_iter().zip(0..).map(|(uses, number)| {
                    (uses + usize::from(!counted && Some(number) == key), number)
                }))
        );
        let others = [
            one_shot(&self.endpoint, header, &body),
            in_chunks(&self.endpoint, header, &chunks),
        ];
        let Some(key) = key else {
            let rejected: Rejection = result.err().unwrap();
            assert_rejected(&rejected, RejectionKind::SignatureMismatch, false);
            assert!(
                others
                    .iter()
                    .all(|other| *other == Err(RejectionKind::SignatureMismatch))
            );
            return;
        };
        let verified = result.unwrap();
        assert_eq!(verified.key().as_str(), format!("key-{key}"));
        for (returned, name) in others.into_iter().map(Result::unwrap) {
            assert!(returned == body && name == verified.key());
        }
        assert!(verified.into_inner() == body, "returned other bytes");
    }
}
