//! Prints the memory and the time of a failure limit during a flood from a million addresses.
//!
//! ```sh
//! cargo run --release -p hubseal-benches --no-default-features --features edge --bin failure-flood
//! ```
//!
//! Fails if the limit takes over 513 KiB, if the flood allocates, or if it displaces a source with many failures.

use std::{
    hint::black_box,
    net::{IpAddr, Ipv4Addr},
    process::ExitCode,
    time::Instant,
};

use allocation_counter::measure;
use hubseal::edge::FailureLimit;

const SOURCES: u32 = 1_000_000;
const LIMIT: u16 = 60;
const MOST_BYTES: u64 = 513 * 1_024;

fn main() -> ExitCode {
    let sources: Vec<IpAddr> = (0..SOURCES)
        .map(|number| Ipv4Addr::from_bits(number.wrapping_mul(0x9e37_79b1)).into())
        .collect();
    let mut limit = None;
    let created = measure(|| limit = Some(FailureLimit::per_minute(LIMIT)));
    let limit = limit.expect("created");
    println!("memory: {} bytes", created.bytes_max);

    let offender = IpAddr::from([192, 0, 2, 7]);
    let mut code = ExitCode::SUCCESS;
    let mut fail = |problem: &str| {
        eprintln!("{problem}");
        code = ExitCode::FAILURE;
    };
    if created.bytes_max > MOST_BYTES {
        fail("too much memory");
    }
    println!("| flood | retry_after, ns | count, ns | a reading of the clock, ns | allocations |");
    println!("|---:|---:|---:|---:|---:|");
    for round in 1..=5 {
        for _ in 0..LIMIT {
            limit.count(offender);
        }
        let start = Instant::now();
        let (mut read, mut count, mut clock) = (0.0, 0.0, 0.0);
        let counted = measure(|| {
            read = nanoseconds(&sources, |source| limit.retry_after(source));
            count = nanoseconds(&sources, |source| limit.count(source));
            clock = nanoseconds(&sources, |_| Instant::now());
        });
        let allocations = counted.count_total;
        println!("| {round} | {read:.1} | {count:.1} | {clock:.1} | {allocations} |");
        if allocations > 0 {
            fail("the flood allocates");
        }
        let mut allowed = 0;
        while limit.retry_after(offender).is_none() {
            limit.count(offender);
            allowed += 1;
        }
        // One failure is forgiven in each second.
        if allowed > start.elapsed().as_secs() + 1 {
            fail("the flood displaces a source with many failures");
        }
    }
    code
}

fn nanoseconds<T>(sources: &[IpAddr], call: impl Fn(IpAddr) -> T) -> f64 {
    let start = Instant::now();
    for source in sources {
        black_box(call(*source));
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(SOURCES)
}
