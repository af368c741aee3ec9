//! Cost of verification, compared with its lower limit and with other implementations.
//!
//! ```sh
//! cargo bench -p hubseal-benches --bench verify
//! benches/ratios
//! ```
//!
//! All candidates are measured one after another for each size, under similar conditions.

use std::{hint::black_box, time::Duration};

use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};
use hubseal_benches::{
    delivery::verifier_of,
    verifiers::{IMPLEMENTATIONS, in_chunks, limit, one_shot},
};

const KIB: usize = 1024;
/// 700 bytes is an ordinary text message. 3 MiB is the largest delivery of the platform.
const SIZES: [usize; 6] = [64, 256, 700, 4 * KIB, 64 * KIB, 3 * KIB * KIB];
const CHUNKS: [usize; 2] = [KIB, 16 * KIB];
const RINGS: [usize; 3] = [2, 4, 8];

fn verify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    for size in SIZES {
        let body: Vec<u8> = (32..127).cycle().take(size).collect();
        let body = body.as_slice();
        group.throughput(Throughput::Bytes(size as u64));

        let limit = limit(size);
        group.bench_function(BenchmarkId::new("limit", size), |bencher| {
            bencher.iter(&limit);
        });
        for implementation in IMPLEMENTATIONS {
            let (name, prepare) = (implementation.name, implementation.prepare);
            assert!(!prepare(b"other")(body), "{name} accepts anything");
            measure(&mut group, name, &prepare(body), body);
        }
        for chunk in CHUNKS {
            let check = in_chunks(verifier_of(1), body, chunk);
            measure(&mut group, &format!("pieces-{chunk}"), &check, body);
        }
        for keys in RINGS {
            let genuine = one_shot(verifier_of(keys), body);
            measure(&mut group, &format!("ring-{keys}-genuine"), &genuine, body);
            let forged = one_shot(verifier_of(keys), b"other");
            measure(&mut group, &format!("ring-{keys}-forged"), &forged, body);
        }
    }
    group.finish();
}

fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    check: &dyn Fn(&[u8]) -> bool,
    body: &[u8],
) {
    assert_eq!(check(body), !name.ends_with("forged"), "{name}");
    group.bench_function(BenchmarkId::new(name, body.len()), |bencher| {
        bencher.iter(|| check(black_box(body)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(40)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500));
    targets = verify
}
criterion_main!(benches);
