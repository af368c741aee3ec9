//! Cost of redaction, compared with one regular expression that finds the same secrets.
//!
//! ```sh
//! cargo bench -p hubseal-benches --bench redact
//! benches/redact-ratios
//! ```
//!
//! All candidates run one after another on the same text.

use std::{hint::black_box, io::Write, time::Duration};

use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use hubseal::redact::{PersonalData, PseudonymKey, Redactor};
use hubseal_benches::{
    corpus::{bodies, with_secrets, without_secrets},
    hostile,
    peers::{Alternation, redactor},
};

const KIB: usize = 1024;
const MIB: usize = KIB * KIB;
const LOG: usize = 4 * MIB;
/// The size of one write to the redacting writer.
const CHUNK: usize = 8 * KIB;

/// A text, and the redactors to compare on it.
struct Work {
    name: &'static str,
    text: String,
    secrets: Vec<String>,
    redactors: Vec<(&'static str, Redactor)>,
    peer: Alternation,
}

fn works() -> Vec<Work> {
    let plain = |name, text, secrets| Work {
        name,
        text,
        secrets,
        redactors: vec![("hubseal", redactor(None))],
        peer: Alternation::new(false),
    };
    let log = with_secrets(LOG);
    let clean = without_secrets(LOG).text;
    let endless = clean[..MIB].replace('\n', " ");
    let key = PseudonymKey::new([7; 32]).expect("32 bytes");
    vec![
        plain("clean lines", clean, Vec::new()),
        plain("a secret in 2 KiB", log.text, log.secrets),
        plain("1 MiB without a newline", endless, Vec::new()),
        Work {
            name: "webhook bodies",
            text: bodies(MIB),
            secrets: Vec::new(),
            redactors: vec![
                ("mask", redactor(Some(PersonalData::Mask))),
                ("pseudonyms", redactor(Some(PersonalData::Pseudonyms(key)))),
            ],
            peer: Alternation::new(true),
        },
    ]
}

fn by_line(text: &str) -> Vec<&[u8]> {
    text.as_bytes()
        .split_inclusive(|byte| *byte == b'\n')
        .collect()
}

fn written(redactor: &Redactor, text: &str) -> Vec<u8> {
    let mut writer = redactor.writer(Vec::with_capacity(text.len()));
    for chunk in text.as_bytes().chunks(CHUNK) {
        writer.write_all(chunk).expect("memory");
    }
    writer.finish().expect("memory")
}

/// Checks that the first redactor and its peer return the same lines, and that no secret is left.
fn check(work: &Work) {
    let (_, redactor) = &work.redactors[0];
    let mut secrets = work.secrets.iter();
    for line in by_line(&work.text) {
        let redacted = redactor.redact_bytes(line);
        let shown = String::from_utf8_lossy(&redacted);
        let expected = work.peer.redact(line);
        assert_eq!(shown, String::from_utf8_lossy(&expected));
        if *redacted != *line && work.name != "webhook bodies" {
            let secret = secrets.next().expect("a secret in each changed line");
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    assert!(secrets.next().is_none(), "each secret is found");
    for (name, redactor) in &work.redactors {
        let mut expected = Vec::new();
        for line in by_line(&work.text) {
            expected.extend_from_slice(&redactor.redact_bytes(line));
        }
        assert!(written(redactor, &work.text) == expected, "{name}");
    }
}

fn logs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("redact");
    group.sampling_mode(SamplingMode::Flat);
    for work in works() {
        check(&work);
        group.throughput(Throughput::Bytes(work.text.len() as u64));
        // Split before the measurement, which must not include the search for line ends.
        let lines = by_line(&work.text);
        group.bench_function(BenchmarkId::new("alternation", work.name), |bencher| {
            bencher.iter(|| {
                for line in black_box(&lines) {
                    black_box(work.peer.redact(line));
                }
            });
        });
        for (name, redactor) in &work.redactors {
            let id = BenchmarkId::new(format!("{name}, by line"), work.name);
            group.bench_function(id, |bencher| {
                bencher.iter(|| {
                    for line in black_box(&lines) {
                        black_box(redactor.redact_bytes(line));
                    }
                });
            });
            let id = BenchmarkId::new(format!("{name}, writer"), work.name);
            group.bench_function(id, |bencher| {
                bencher.iter(|| black_box(written(redactor, black_box(&work.text))));
            });
        }
    }
    group.finish();
}

fn hostile_texts(criterion: &mut Criterion) {
    let redactor = redactor(Some(PersonalData::Mask));
    let mut group = criterion.benchmark_group("redact-hostile");
    group.sampling_mode(SamplingMode::Flat);
    for (name, pattern) in hostile::patterns() {
        for size in [MIB, 2 * MIB, 4 * MIB] {
            let text = hostile::repeated(&pattern, size);
            group.throughput(Throughput::Bytes(size as u64));
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter(|| drop(black_box(redactor.redact_bytes(black_box(&text)))));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500));
    targets = logs, hostile_texts
}
criterion_main!(benches);
