//! Cost of redaction, compared with equivalent regular expressions and with plain searches.
//!
//! ```sh
//! cargo bench -p hubseal-benches --bench redact
//! benches/redact-ratios
//! ```
//!
//! All candidates run one after another on the same log.

use std::{hint::black_box, time::Duration};

use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use hubseal::redact::Redactor;
use hubseal_benches::{
    corpus::{Corpus, with_secrets, without_secrets},
    hostile,
    peers::{Alternation, Anchors, EachRule, Values, redactor},
};

const KIB: usize = 1024;
const MIB: usize = KIB * KIB;
const LOG: usize = 4 * MIB;

/// How the text is split before it is redacted.
#[derive(Clone, Copy)]
enum Cut {
    Whole,
    Blocks,
    Lines,
}

const CUTS: [(&str, Cut); 3] = [
    ("whole", Cut::Whole),
    ("blocks", Cut::Blocks),
    ("lines", Cut::Lines),
];

impl Cut {
    fn of(self, text: &[u8]) -> Vec<&[u8]> {
        match self {
            Self::Whole => vec![text],
            Self::Blocks => text.chunks(64 * KIB).collect(),
            Self::Lines => text.split_inclusive(|byte| *byte == b'\n').collect(),
        }
    }
}

/// Redacts in chunks of 8 KiB, like a writer.
fn scrub(redactor: &Redactor, text: &[u8]) -> Vec<u8> {
    let (mut scrubber, mut out) = (redactor.scrubber(), Vec::with_capacity(text.len()));
    for chunk in text.chunks(8 * KIB) {
        scrubber.push(chunk, &mut out);
    }
    scrubber.finish(&mut out);
    out
}

/// A function that redacts a text.
type Redaction<'r> = &'r dyn Fn(&[u8]) -> Vec<u8>;

/// Checks that all functions return the same text, without any secret and otherwise unchanged.
fn check(corpus: &Corpus, values: Values, redactions: &[Redaction<'_>]) {
    let text = corpus.text.as_bytes();
    let expected = redactor(values, false).redact_bytes(text).into_owned();
    assert_eq!(expected == text, corpus.secrets.is_empty());
    for redact in redactions {
        let mut by_line = Vec::new();
        for line in Cut::Lines.of(text) {
            by_line.extend(redact(line));
        }
        for (whole, line) in expected
            .split(|byte| *byte == b'\n')
            .zip(by_line.split(|byte| *byte == b'\n'))
        {
            assert_eq!(
                String::from_utf8_lossy(whole),
                String::from_utf8_lossy(line)
            );
        }
        assert!(redact(text) == expected);
    }
    let expected = String::from_utf8(expected).expect("still text");
    let sought = corpus
        .secrets
        .iter()
        .filter(|secret| !secret.registered || values == Values::Registered);
    // The lines are in the order of the secrets. A search of the whole log for each takes minutes.
    let mut lines = expected.lines().filter(|line| line.contains("[redacted:"));
    for secret in sought {
        let line = lines.next().expect("a line for each secret");
        assert!(
            !line.contains(&secret.text),
            "{} is left in {line}",
            secret.text
        );
    }
}

fn log_lines(criterion: &mut Criterion) {
    for (name, corpus) in [("log", with_secrets(LOG)), ("clean", without_secrets(LOG))] {
        let mut group = criterion.benchmark_group(format!("redact-{name}"));
        group.sampling_mode(SamplingMode::Flat);
        group.throughput(Throughput::Bytes(corpus.text.len() as u64));
        for (suffix, values) in [("registered", Values::Registered), ("plain", Values::None)] {
            let hubseal = redactor(values, false);
            let (each, one) = (EachRule::new(values), Alternation::new(values));
            check(
                &corpus,
                values,
                &[
                    &|text| hubseal.redact_bytes(text).into_owned(),
                    &|text| scrub(&hubseal, text),
                    &|text| each.redact(text).into_owned(),
                    &|text| one.redact(text).into_owned(),
                ],
            );
            let text = corpus.text.as_bytes();
            let mut measure = |name: &str, kind: &str, action: &dyn Fn()| {
                let id = BenchmarkId::new(format!("{name}-{suffix}"), kind);
                group.bench_function(id, |bencher| bencher.iter(action));
            };
            let personal = redactor(values, true);
            let anchors = Anchors::new(values);
            for (kind, cut) in CUTS {
                // Split before the measurement, which must not include the search for line ends.
                let chunks = cut.of(text);
                let mut each_chunk = |name: &str, action: &dyn Fn(&[u8])| {
                    measure(name, kind, &|| {
                        black_box(&chunks).iter().for_each(|chunk| action(chunk));
                    });
                };
                each_chunk("hubseal", &|chunk| {
                    black_box(hubseal.redact_bytes(chunk));
                });
                each_chunk("each-rule", &|chunk| {
                    black_box(each.redact(chunk));
                });
                each_chunk("alternation", &|chunk| {
                    black_box(one.redact(chunk));
                });
                each_chunk("personal", &|chunk| {
                    black_box(personal.redact_bytes(chunk));
                });
                each_chunk("aho-corasick", &|chunk| {
                    black_box(anchors.automaton.find_iter(chunk).count());
                });
                each_chunk("packed", &|chunk| {
                    for searcher in &anchors.packed {
                        black_box(searcher.find_iter(chunk).count());
                    }
                });
                each_chunk("memcpy", &|chunk| {
                    black_box(chunk.to_vec());
                });
            }
            measure("hubseal", "scrubber", &|| {
                black_box(scrub(&hubseal, black_box(text)));
            });
        }
        group.finish();
    }
}

fn hostile_texts(criterion: &mut Criterion) {
    let redactor = redactor(Values::Registered, false);
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
    targets = log_lines, hostile_texts
}
criterion_main!(benches);
