//! Deliveries under way, several at a time under one budget, held against a model that keeps everything.
//!
//! Each step of the input feeds, ends or drops one of them. The budget is always the one that the model
//! computes, and each delivery ends with the verdict and the bytes of the whole body.

use arbitrary::Arbitrary;
use hubseal::{
    AppSecret, BodyVerifier, Endpoint, KeyRing, MemoryBudget, PayloadLimit, Rejection,
    RejectionKind, RequestHead,
};

use self::ways::{at_once, in_pieces};
use crate::{known::signed, refusal::assert_refused};

#[path = "../../tests/it/ways.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod ways;

const KIB: usize = 1024;
const SMALL: usize = MemoryBudget::SMALL_BODY_BYTES;
/// From how many bytes on the buffer may be of the declared length.
const EARLY: usize = 32 * KIB;
const AT_ONCE: usize = 3;
/// Enough to fill any limit, and no more than is quick.
const MOST_STEPS: usize = 24;

#[derive(Arbitrary, Debug)]
pub struct Input {
    /// One more than that many keys.
    keys: u8,
    /// In steps of 1 KiB, and a few bytes more or less.
    limit: (u8, i8),
    budget: (u8, i8),
    deliveries: [Delivery; AT_ONCE],
    steps: Vec<(u8, Step)>,
}

#[derive(Arbitrary, Debug)]
struct Delivery {
    signer: u8,
    /// What is signed is the body, or not.
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

/// A delivery as the model knows it.
struct Modelled {
    header: String,
    declared: Option<usize>,
    body_verifier: Option<BodyVerifier>,
    pieces: Vec<Vec<u8>>,
    refused: Option<RejectionKind>,
    /// The key whose signature it is, once that is known.
    verified: Option<usize>,
    /// What it takes from the budget, and whether from the reserve.
    taken: usize,
    small: bool,
}

struct Model {
    endpoint: Endpoint,
    budget: MemoryBudget,
    /// What is left for small bodies, and for all.
    reserve: usize,
    shared: usize,
    limit: usize,
    secrets: Vec<String>,
}

pub fn check(input: Input) {
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
    let endpoint = Endpoint::builder(KeyRing::new(named).unwrap())
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

    // What will have been pushed is known beforehand, for the signatures.
    let steps: Vec<(usize, Step)> = input
        .steps
        .into_iter()
        .take(MOST_STEPS)
        .map(|(which, step)| (usize::from(which) % AT_ONCE, step))
        .collect();
    let bodies: [Vec<u8>; AT_ONCE] = std::array::from_fn(|which| {
        let own = steps.iter().filter(|(of, _)| *of == which);
        let pushed = own.map_while(|(_, step)| step.piece());
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
    assert_eq!(model.budget.available(), available, "not all came back");
}

impl Step {
    fn piece(&self) -> Option<Vec<u8>> {
        match self {
            Self::Push(piece) => Some(piece.clone()),
            // No two stretches of it are alike.
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
            assert_refused(rejection, RejectionKind::PayloadTooLarge, false);
        }
        assert_eq!(received.is_err(), too_large);
        Modelled {
            header,
            declared,
            body_verifier: received.ok(),
            pieces: Vec::new(),
            refused: None,
            verified: None,
            taken: 0,
            small: true,
        }
    }

    fn take(&mut self, delivery: &mut Modelled, step: Step) {
        let Some(mut body_verifier) = delivery.body_verifier.take() else {
            return;
        };
        let piece = step.piece();
        match step {
            Step::Push(_) | Step::PushMany(_) => {
                let piece = piece.unwrap();
                let expected = self.push(delivery, &piece);
                match body_verifier.push(piece) {
                    Ok(()) => {
                        assert_eq!(expected, None);
                        let complete = delivery.verified.is_some() || delivery.declared == Some(0);
                        assert_eq!(body_verifier.is_complete(), complete);
                    }
                    Err(rejection) => assert_refused(&rejection, expected.unwrap(), false),
                }
                delivery.body_verifier = Some(body_verifier);
                return;
            }
            Step::Finish => self.finish(delivery, body_verifier),
            Step::DeadlinePasses => {
                assert_refused(
                    &body_verifier.deadline_passed(),
                    RejectionKind::DeadlinePassed,
                    false,
                );
            }
            Step::BodyFails => {
                assert_refused(
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

    /// Takes the buffer of a body that has grown to this length, where there is room.
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

    /// The key whose signature it is.
    fn key(&self, delivery: &Modelled, body: &[u8]) -> Option<usize> {
        let keys = self.secrets.len() - 1;
        self.secrets[..keys]
            .iter()
            .position(|secret| delivery.header == signed(secret, body))
    }

    /// Why the next piece is refused, and what it takes from the budget.
    fn push(&mut self, delivery: &mut Modelled, piece: &[u8]) -> Option<RejectionKind> {
        if delivery.refused.is_some() || piece.is_empty() {
            return delivery.refused;
        }
        let before = delivery.pieces.iter().map(Vec::len).sum::<usize>();
        let total = before + piece.len();
        delivery.pieces.push(piece.to_vec());
        let complete = delivery.declared == Some(total);
        let whole = complete && before == 0;
        delivery.refused = if delivery.verified.is_some() {
            Some(RejectionKind::LengthMismatch)
        } else if total > self.limit {
            Some(RejectionKind::PayloadTooLarge)
        } else if delivery.declared.is_some_and(|declared| total > declared) {
            Some(RejectionKind::LengthMismatch)
        } else if !whole && !self.charge(delivery, total) {
            Some(RejectionKind::BudgetExhausted)
        } else if complete {
            delivery.verified = self.key(delivery, &delivery.pieces.concat());
            let forged = delivery.verified.is_none();
            forged.then_some(RejectionKind::SignatureMismatch)
        } else {
            None
        };
        if delivery.refused.is_some() || delivery.verified.is_some() {
            self.give_back(delivery);
        }
        delivery.refused
    }

    fn finish(&self, delivery: &Modelled, body_verifier: BodyVerifier) {
        let body = delivery.pieces.concat();
        let ring = self.endpoint.verifier().keys();
        let uses = || {
            ring.names()
                .map(|name| ring.match_count(name.as_str()).unwrap())
        };
        let before: Vec<usize> = uses().collect();
        let verdict = body_verifier.finish();

        let cut_short = delivery
            .declared
            .is_some_and(|declared| declared > body.len());
        let refused = delivery
            .refused
            .or(cut_short.then_some(RejectionKind::LengthMismatch));
        if let Some(kind) = refused {
            assert_refused(&verdict.err().unwrap(), kind, false);
            assert!(uses().eq(before));
            return;
        }
        // One of declared length was counted when it was complete.
        let counted = delivery.verified.is_some();
        let pieces: Vec<&[u8]> = delivery.pieces.iter().map(Vec::as_slice).collect();
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
            at_once(&self.endpoint, header, &body),
            in_pieces(&self.endpoint, header, &pieces),
        ];
        let Some(key) = key else {
            let refused: Rejection = verdict.err().unwrap();
            assert_refused(&refused, RejectionKind::SignatureMismatch, false);
            assert!(
                others
                    .iter()
                    .all(|other| *other == Err(RejectionKind::SignatureMismatch))
            );
            return;
        };
        let verified = verdict.unwrap();
        assert_eq!(verified.key().as_str(), format!("key-{key}"));
        for (returned, name) in others.into_iter().map(Result::unwrap) {
            assert!(returned == body && name == verified.key());
        }
        assert!(verified.into_inner() == body, "other bytes came back");
    }
}
