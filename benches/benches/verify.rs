//! What a verification costs, beside the least that it can cost and the forms it replaces.
//!
//! ```sh
//! cargo bench --manifest-path benches/Cargo.toml --bench verify
//! benches/ratios
//! ```
//!
//! For each size everything is measured in turn, so that what is compared ran side by side.

use std::{hint::black_box, iter, time::Duration};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use hubseal::{AppSecret, KeyRing, Verifier};
use sha2::{Sha256, block_api::compress256};

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const KIB: usize = 1024;
/// 700 bytes is an ordinary text message, 3 MiB the most that the platform sends.
const SIZES: [usize; 6] = [64, 256, 700, 4 * KIB, 64 * KIB, 3 * KIB * KIB];

/// The compressions that HMAC-SHA-256 needs under a prepared key: those of the body with its
/// padding, and one for the outer hash.
fn limit_blocks(size: usize) -> Vec<[u8; 64]> {
    vec![[0x5a; 64]; (size + 8) / 64 + 2]
}

fn precomputed(prepared: &Hmac<Sha256>, header: &str, body: &[u8]) -> bool {
    let mut tag = [0; 32];
    let digits = header.strip_prefix("sha256=").unwrap_or_default();
    hex::decode_to_slice(digits, &mut tag).is_ok()
        && prepared
            .clone()
            .chain_update(body)
            .verify(&tag.into())
            .is_ok()
}

fn hand_written(secret: &str, header: &str, body: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do");
    mac.update(body);
    #[expect(
        clippy::disallowed_methods,
        reason = "the way that is measured against"
    )]
    let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    header == expected
}

fn in_pieces(verifier: &Verifier, header: &str, body: &[u8], piece: usize) -> bool {
    let Ok(signature) = verifier.scheme().parse(header) else {
        return false;
    };
    let mut verification = verifier.begin(signature);
    body.chunks(piece)
        .for_each(|piece| verification.update(piece));
    verification.finish(()).is_ok()
}

/// A ring in which the key that signed is the first.
fn verifier_of(keys: usize) -> Verifier {
    let other = |number| (format!("other-{number}"), format!("{number:032x}"));
    let keys = iter::once(("signed".to_owned(), SECRET.to_owned())).chain((1..keys).map(other));
    let secrets = keys.map(|(name, text)| (name, AppSecret::new(text).expect("a fair secret")));
    Verifier::new(KeyRing::new(secrets).expect("a fair ring"))
}

fn verify(criterion: &mut Criterion) {
    let prepared = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length will do");
    let one = verifier_of(1);
    let rings = [2, KeyRing::MAX_KEYS].map(|keys| (keys, verifier_of(keys)));

    let mut group = criterion.benchmark_group("verify");
    for size in SIZES {
        let body: Vec<u8> = (32..127).cycle().take(size).collect();
        let body = body.as_slice();
        let genuine = one.sign(body).to_string();
        let forged = one.sign(b"other").to_string();
        let blocks = limit_blocks(size);
        assert!(precomputed(&prepared, &genuine, body) && !precomputed(&prepared, &forged, body));
        assert!(hand_written(SECRET, &genuine, body) && !hand_written(SECRET, &forged, body));
        for verifier in rings.iter().map(|(_, ring)| ring).chain([&one]) {
            assert!(verifier.verify(&genuine, body).is_ok());
            assert!(verifier.verify(&forged, body).is_err());
        }

        group.throughput(Throughput::Bytes(size as u64));
        let mut measure = |name: &str, verdict: &dyn Fn(&str, &[u8]) -> bool, header: &str| {
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter(|| verdict(black_box(header), black_box(body)));
            });
        };
        measure(
            "limit",
            &|_, _| {
                let mut state = black_box([0x6a09_e667; 8]);
                compress256(&mut state, black_box(&blocks));
                black_box(state)[0] != 0
            },
            &genuine,
        );
        measure(
            "hubseal",
            &|header, body| one.verify(header, body).is_ok(),
            &genuine,
        );
        measure(
            "hmac",
            &|header, body| precomputed(&prepared, header, body),
            &genuine,
        );
        measure(
            "hand-written",
            &|header, body| hand_written(black_box(SECRET), header, body),
            &genuine,
        );
        for piece in [KIB, 16 * KIB] {
            let name = format!("pieces-{piece}");
            measure(
                &name,
                &|header, body| in_pieces(&one, header, body, piece),
                &genuine,
            );
        }
        for (keys, ring) in &rings {
            let verdict = |header: &str, body: &[u8]| ring.verify(header, body).is_ok();
            measure(&format!("ring-{keys}-genuine"), &verdict, &genuine);
            measure(&format!("ring-{keys}-forged"), &verdict, &forged);
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = verify
}
criterion_main!(benches);
