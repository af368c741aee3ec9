//! Cost of the gates that judge the source of a request, and of a flood from a million addresses.
//!
//! ```sh
//! cargo bench -p hubseal-benches --bench edge --no-default-features --features edge
//! ```
//!
//! A failure limit calls `retry_after` for each request, and `count` for a failed one.

use std::{
    hint::black_box,
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use criterion::{Bencher, Criterion, criterion_group, criterion_main};
use hubseal::edge::{AllowList, FailureLimit};

const SOURCES: u32 = 1_000_000;
const LIMIT: u16 = 60;

fn source(number: u32) -> IpAddr {
    // An odd factor spreads the addresses over all networks.
    Ipv4Addr::from_bits(number.wrapping_mul(0x9e37_79b1)).into()
}

/// Calls the function with one of a million sources after another.
fn each_source<T>(bencher: &mut Bencher<'_>, mut call: impl FnMut(IpAddr) -> T) {
    let sources: Vec<_> = (0..SOURCES).map(source).collect();
    let mut next = sources.iter().cycle();
    bencher.iter(|| call(*next.next().expect("endless")));
}

fn failure_limit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("failure limit");
    let genuine = IpAddr::from([192, 0, 2, 7]);

    let unused = FailureLimit::per_minute(LIMIT);
    group.bench_function("retry_after: empty table", |bencher| {
        bencher.iter(|| unused.retry_after(black_box(genuine)));
    });

    let limit = FailureLimit::per_minute(LIMIT);
    for number in 0..SOURCES {
        limit.count(source(number));
    }
    group.bench_function("retry_after: full table", |bencher| {
        bencher.iter(|| limit.retry_after(black_box(genuine)));
    });
    let offender = IpAddr::from([192, 0, 2, 8]);
    for _ in 0..LIMIT {
        limit.count(offender);
    }
    group.bench_function("retry_after: source with failures", |bencher| {
        bencher.iter(|| limit.retry_after(black_box(offender)));
    });
    group.bench_function("retry_after: a million sources", |bencher| {
        each_source(bencher, |source| limit.retry_after(source));
    });
    group.bench_function("count: a million sources", |bencher| {
        each_source(bencher, |source| limit.count(source));
    });
    group.bench_function("retry_after + count: a million sources", |bencher| {
        each_source(bencher, |source| {
            let wait = limit.retry_after(source);
            limit.count(source);
            wait
        });
    });
    group.finish();
}

fn allow_list(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("allow-list");
    let text = |networks: u32| -> String {
        let bits = (0..networks).map(|number| number.wrapping_mul(0x9e37_79b1) & !0xff);
        bits.map(|bits| format!("route: {}/24\n", Ipv4Addr::from_bits(bits)))
            .collect()
    };
    for networks in [1_000, 100_000] {
        let text = text(networks);
        let list = AllowList::parse(&text).expect("a list");
        group.bench_function(format!("contains: {networks} networks"), |bencher| {
            each_source(bencher, |source| list.contains(source));
        });
        group.bench_function(format!("replace: {networks} networks"), |bencher| {
            bencher.iter(|| list.replace(&text).expect("a list"));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = failure_limit, allow_list
}
criterion_main!(benches);
