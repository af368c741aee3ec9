//! The limit for the failed requests of a source. Its exact times are tested in the module itself.

use std::{
    net::{IpAddr, Ipv4Addr},
    thread,
    time::{Duration, Instant},
};

use allocation_counter::measure;
use hubseal::edge::FailureLimit;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn is_limited(limit: &FailureLimit, text: &str) -> bool {
    limit.retry_after(address(text)).is_some()
}

fn fail(limit: &FailureLimit, text: &str, times: u16) {
    for _ in 0..times {
        limit.count(address(text));
    }
}

#[test]
fn limits_source_that_reached_the_limit() {
    let limit = FailureLimit::per_minute(3);
    let clone = limit.clone();
    fail(&limit, "192.0.2.7", 2);
    assert!(!is_limited(&limit, "192.0.2.7"));
    fail(&clone, "192.0.2.7", 1);
    for limit in [&limit, &clone] {
        let wait = limit.retry_after(address("192.0.2.7")).unwrap();
        assert!(wait <= Duration::from_secs(20) && wait > Duration::from_secs(5));
        assert!(!is_limited(limit, "192.0.2.8"));
    }
    // Another limit has its own counts.
    assert!(!is_limited(&FailureLimit::per_minute(3), "192.0.2.7"));
}

#[test]
fn reading_does_not_count() {
    let limit = FailureLimit::per_minute(1);
    for _ in 0..1_000 {
        assert!(!is_limited(&limit, "192.0.2.7"));
    }
}

#[test]
fn counts_ipv6_sources_by_their_64_bit_network() {
    let limit = FailureLimit::per_minute(2);
    fail(&limit, "2001:db8:1:2::", 1);
    fail(&limit, "2001:db8:1:2:ffff:ffff:ffff:ffff", 1);
    assert!(is_limited(&limit, "2001:db8:1:2:3:4:5:6"));
    assert!(!is_limited(&limit, "2001:db8:1:3::"));
    assert!(!is_limited(&limit, "2001:db8:1:1:ffff:ffff:ffff:ffff"));
}

#[test]
fn counts_ipv4_mapped_sources_as_ipv4() {
    let limit = FailureLimit::per_minute(2);
    fail(&limit, "::ffff:192.0.2.7", 1);
    fail(&limit, "192.0.2.7", 1);
    assert!(is_limited(&limit, "192.0.2.7"));
    assert!(is_limited(&limit, "::ffff:192.0.2.7"));
    // Not the /64 network of all mapped addresses, nor the network with the same bits.
    for other in ["::ffff:192.0.2.8", "::1", "0:0:c000:207::", "c000:207::"] {
        assert!(!is_limited(&limit, other), "{other}");
    }
}

#[test]
fn limit_of_zero_limits_every_source() {
    let limit = FailureLimit::per_minute(0);
    let wait = limit.retry_after(address("192.0.2.7"));
    assert_eq!(wait, Some(Duration::from_secs(60)));
    fail(&limit, "192.0.2.7", 1);
    assert!(is_limited(&limit, "2001:db8::7"));
}

#[test]
fn accepts_source_again_after_the_wait() {
    let limit = FailureLimit::per_minute(600);
    let source = address("192.0.2.7");
    let wait = loop {
        if let Some(wait) = limit.retry_after(source) {
            break wait;
        }
        limit.count(source);
    };
    assert!(wait <= Duration::from_millis(100), "{wait:?}");
    thread::sleep(wait);
    assert_eq!(limit.retry_after(source), None);
}

#[test]
fn million_sources_take_no_memory_and_do_not_help_an_offender() {
    const LIMIT: u16 = 10;
    const INTERVAL: Duration = Duration::from_secs(6);

    let mut limit = None;
    let created = measure(|| limit = Some(FailureLimit::per_minute(LIMIT)));
    assert!(created.bytes_max <= 513 * 1_024, "{created:?}");

    let (limit, start) = (limit.unwrap(), Instant::now());
    let offender = address("192.0.2.7");
    let mut failures = 0_u32;
    let flood = measure(|| {
        for number in 0..1_000_000 {
            let source = IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + number));
            if limit.retry_after(source).is_none() {
                limit.count(source);
            }
            // The offender fails as often as it may.
            if number % 100 == 0 && limit.retry_after(offender).is_none() {
                limit.count(offender);
                failures += 1;
            }
        }
    });
    assert_eq!(flood.count_total, 0, "{flood:?}");
    let forgiven = start.elapsed().as_millis() / INTERVAL.as_millis();
    assert!(failures >= LIMIT.into());
    assert!(
        u128::from(failures) <= u128::from(LIMIT) + forgiven,
        "{failures}"
    );
}

#[test]
fn threads_share_the_counts_of_all_sources() {
    const THREADS: u16 = 8;

    // The interval is 7.5 seconds.
    let limit = FailureLimit::per_minute(THREADS);
    let sources = (0..200).map(|number| IpAddr::from([192, 0, 2, number]));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let (sources, limit) = (sources.clone(), limit.clone());
            scope.spawn(move || sources.for_each(|source| limit.count(source)));
        }
    });
    for source in sources {
        assert!(limit.retry_after(source).is_some(), "{source}");
    }
}

#[test]
fn debug_output_contains_limit_and_no_source() {
    let limit = FailureLimit::per_minute(10);
    fail(&limit, "192.0.2.7", 10);
    assert_eq!(format!("{limit:?}"), "FailureLimit { per_minute: 10, .. }");
}
