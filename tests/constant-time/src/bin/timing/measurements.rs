//! The measurements.

use std::hint::black_box;

use dudect_bencher::{BenchRng, Class, CtRunner, ctbench::BenchFn, rand::RngExt};
use hubseal::{
    AccessToken, AppSecret, AppSecretProof, Handshake, KeyRing, Scheme, Signature, Verifier,
    VerifyToken,
};
use hubseal_constant_time::header_of;

pub struct Measurement {
    pub name: &'static str,
    pub run: BenchFn,
    pub expected: Expected,
}

pub enum Expected {
    Same,
    /// A deliberate leak.
    Different,
}

pub const ALL: &[Measurement] = &[
    Measurement {
        name: "control: signatures compared by a loop with an early exit",
        run: early_exit,
        expected: Expected::Different,
    },
    Measurement {
        name: "a signature wrong in its first byte or its last",
        run: signature,
        expected: Expected::Same,
    },
    Measurement {
        name: "the same as a header",
        run: header,
        expected: Expected::Same,
    },
    Measurement {
        name: "the same with a ring of eight keys",
        run: ring_of_eight,
        expected: Expected::Same,
    },
    Measurement {
        name: "a verify token wrong in its first character or its last",
        run: verify_token,
        expected: Expected::Same,
    },
    Measurement {
        name: "the first or the last of eight verify tokens",
        run: place_of_token,
        expected: Expected::Same,
    },
    Measurement {
        name: "a key ring of one secret or of random secrets",
        run: ring_of_secret,
        expected: Expected::Same,
    },
    Measurement {
        name: "an appsecret_proof of one token or of random tokens",
        run: proof,
        expected: Expected::Same,
    },
];

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const BODY: &[u8] = b"{}";

fn samples() -> usize {
    match std::env::var("SAMPLES") {
        Ok(samples) => samples.parse().expect("SAMPLES is a number"),
        Err(_) => 200_000,
    }
}

/// Measures `f` with inputs that `make` creates for both classes, in random order.
fn compare<I, T>(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    make: impl Fn(usize, &mut BenchRng) -> I,
    f: impl Fn(&I) -> T,
) {
    let inputs: Vec<(bool, I)> = (0..samples())
        .map(|_| {
            let class = rng.random::<bool>();
            (class, make(class.into(), rng))
        })
        .collect();
    // The first runs are slower for both classes.
    for (_, input) in inputs.iter().take(1_000) {
        black_box(f(input));
    }
    for (class, input) in &inputs {
        let class = [Class::Left, Class::Right][usize::from(*class)];
        runner.run_one(class, || f(input));
    }
}

/// Measures `f` with one input for each class.
fn compare_two<I: Clone, T>(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    inputs: [I; 2],
    f: impl Fn(&I) -> T,
) {
    compare(runner, rng, move |class, _| inputs[class].clone(), f);
}

fn secret(text: &str) -> AppSecret {
    AppSecret::new(text).expect("a valid secret")
}

/// The right signature with its first byte wrong, and with its last byte wrong.
fn wrong() -> [[u8; 32]; 2] {
    let right = *Signature::sign(&secret(SECRET), BODY).as_bytes();
    [0, 31].map(|position| {
        let mut bytes = right;
        bytes[position] ^= 0x55;
        bytes
    })
}

fn parsed(bytes: [u8; 32]) -> Signature {
    Scheme::META.parse(header_of(bytes)).expect("64 digits")
}

fn early_exit(runner: &mut CtRunner, rng: &mut BenchRng) {
    let verifier = Verifier::new(secret(SECRET));
    compare_two(runner, rng, wrong(), |presented| {
        let computed = verifier.sign(BODY);
        let mut pairs = computed.as_bytes().iter().zip(presented);
        pairs.all(|(one, other)| black_box(one) == other)
    });
}

fn signature(runner: &mut CtRunner, rng: &mut BenchRng) {
    let verifier = Verifier::new(secret(SECRET));
    compare_two(runner, rng, wrong().map(parsed), |presented| {
        verifier.verify_signature(presented, BODY).is_ok()
    });
}

fn header(runner: &mut CtRunner, rng: &mut BenchRng) {
    let verifier = Verifier::new(secret(SECRET));
    compare_two(runner, rng, wrong().map(header_of), |presented| {
        verifier.verify(presented, BODY).is_ok()
    });
}

fn ring_of_eight(runner: &mut CtRunner, rng: &mut BenchRng) {
    let keys = (0..KeyRing::MAX_KEYS).map(|index| {
        // The presented signature is almost that of the last key.
        let text = if index == 7 {
            SECRET.into()
        } else {
            format!("{index}{SECRET}")
        };
        (index.to_string(), secret(&text))
    });
    let verifier = Verifier::new(KeyRing::new(keys).expect("eight names"));
    compare_two(runner, rng, wrong().map(parsed), |presented| {
        verifier.verify_signature(presented, BODY).is_ok()
    });
}

fn query(token: &str) -> String {
    format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
}

fn token(text: &str) -> VerifyToken {
    VerifyToken::new(text).expect("a valid token")
}

fn verify_token(runner: &mut CtRunner, rng: &mut BenchRng) {
    let handshake = Handshake::new([token("correct-horse-battery-staple")]);
    let wrong = [
        query("Xorrect-horse-battery-staple"),
        query("correct-horse-battery-staplX"),
    ];
    compare_two(runner, rng, wrong, |query| handshake.answer(query).is_ok());
}

fn place_of_token(runner: &mut CtRunner, rng: &mut BenchRng) {
    let text = |index: usize| format!("token-{index}-of-the-registration");
    let handshake = Handshake::new((0..8).map(|index| token(&text(index))));
    let right = [query(&text(0)), query(&text(7))];
    compare_two(runner, rng, right, |query| handshake.answer(query).is_ok());
}

fn random_text(rng: &mut BenchRng) -> String {
    (0..16)
        .map(|_| format!("{:02x}", rng.random::<u8>()))
        .collect()
}

fn ring_of_secret(runner: &mut CtRunner, rng: &mut BenchRng) {
    compare(
        runner,
        rng,
        |class, rng| secret(&[SECRET.into(), random_text(rng)][class]),
        |secret| KeyRing::from(secret),
    );
}

fn proof(runner: &mut CtRunner, rng: &mut BenchRng) {
    let secret = secret(SECRET);
    compare(
        runner,
        rng,
        |class, rng| {
            AccessToken::new([SECRET.into(), random_text(rng)][class].as_str())
                .expect("a valid token")
        },
        |token| AppSecretProof::new(&secret, token),
    );
}
