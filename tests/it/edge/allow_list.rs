//! An allow-list: its networks, their replacement at run time, and its formats.

mod formats;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use hubseal::edge::AllowList;
use proptest::{collection::vec, prelude::*};

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn has(list: &AllowList, addresses: &[&str]) -> Vec<bool> {
    let found = addresses.iter().map(|text| list.contains(address(text)));
    found.collect()
}

#[test]
fn replaces_all_networks_or_none() {
    let list = AllowList::parse("192.0.2.0/24\n2001:db8::/32").unwrap();
    let clone = list.clone().report_only();
    let addresses = ["192.0.2.7", "2001:db8::7", "198.51.100.7"];

    for text in [
        "",
        "198.51.100.0/24\nexample.com",
        "198.51.100.0/24\n0.0.0.0/0",
    ] {
        assert!(list.replace(text).is_err());
        assert_eq!(has(&clone, &addresses), [true, true, false]);
    }
    list.replace("198.51.100.0/24").unwrap();
    assert_eq!(has(&clone, &addresses), [false, false, true]);
}

#[test]
fn readers_see_no_half_replaced_list() {
    let network = |half: u8, number: u8| format!("{half}.{number}.0.0/16\n");
    let half = |half| {
        (0..=u8::MAX)
            .map(|number| network(half, number))
            .collect::<String>()
    };
    // Both lists contain this address, at different places.
    let lists = [half(10), half(198)].map(|half| half + "100.64.7.7\n2001:db8::7");
    let list = AllowList::parse(&lists[0]).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = || {
            let mut read = 0_u32;
            while !done.load(Ordering::Relaxed) {
                assert!(list.contains(address("100.64.7.7")));
                assert!(list.contains(address("2001:db8::7")));
                assert!(!list.contains(address("100.64.7.8")));
                read += 1;
            }
            read
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        for round in 1..=200 {
            list.replace(&lists[round % 2]).unwrap();
            assert!(list.replace(&(lists[1].clone() + "\n?")).is_err());
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 0);
        }
    });
}

#[test]
fn age_counts_from_last_successful_replacement() {
    let list = AllowList::parse("192.0.2.7").unwrap();
    let clone = list.clone();
    thread::sleep(Duration::from_millis(60));
    assert!(list.replace("?").is_err());
    assert!(clone.age() >= Duration::from_millis(59));

    let before = Instant::now();
    list.replace("192.0.2.7").unwrap();
    // Both are rounded to milliseconds.
    assert!(clone.age() <= before.elapsed() + Duration::from_millis(1));
}

#[test]
fn debug_output_contains_count_mode_and_age() {
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let list =
        AllowList::parse("192.0.2.0/25\n192.0.2.0/24\n192.0.2.7\n2001:db8::/32\n192.0.2.0/24")
            .unwrap();
    let shown = format!("{list:?}");
    assert!(
        shown.starts_with("AllowList { networks: 2, report_only: false, age: "),
        "{shown}"
    );
    assert!(shown.ends_with("s, max_age: None, .. }"), "{shown}");

    let changed = format!("{:?}", list.clone().report_only().with_max_age(week));
    assert!(changed.contains("report_only: true"), "{changed}");
    assert!(changed.contains("max_age: Some(604800s)"), "{changed}");
    // The settings of a clone are its own.
    assert!(format!("{list:?}").contains("report_only: false"));
}

/// Networks that often contain each other, and addresses at and beside their ends.
fn networks() -> impl Strategy<Value = Vec<(u128, u8, bool)>> {
    let bits = prop_oneof![
        any::<u128>(),
        (0..8_u128).prop_map(|low| low << 120 | low << 90),
        Just(0),
        Just(u128::MAX),
    ];
    vec((bits, 1..=128_u8, any::<bool>()), 1..20)
}

/// Returns the first and the last address of a network, and its text.
fn network(bits: u128, prefix: u8, v6: bool) -> (IpAddr, IpAddr, String) {
    if v6 {
        let hosts = u128::MAX.checked_shr(prefix.into()).unwrap_or(0);
        let ends = [bits & !hosts, bits | hosts].map(|bits| IpAddr::V6(bits.into()));
        (ends[0], ends[1], format!("{}/{prefix}", ends[0]))
    } else {
        let (bits, prefix) = ((bits >> 96) as u32, prefix.min(32));
        let hosts = u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
        let ends = [bits & !hosts, bits | hosts].map(|bits| IpAddr::V4(bits.into()));
        (ends[0], ends[1], format!("{}/{prefix}", ends[0]))
    }
}

fn beside(address: IpAddr) -> [IpAddr; 3] {
    match address {
        IpAddr::V4(v4) => [-1, 0, 1].map(|by| {
            let bits = v4.to_bits().wrapping_add_signed(by);
            IpAddr::V4(bits.into())
        }),
        IpAddr::V6(v6) => [-1, 0, 1].map(|by| {
            let bits = v6.to_bits().wrapping_add_signed(by);
            IpAddr::V6(bits.into())
        }),
    }
}

proptest! {
    #[test]
    fn contains_what_one_of_its_networks_contains(networks in networks(), other: [u8; 4]) {
        let networks: Vec<_> = networks
            .into_iter()
            .map(|(bits, prefix, v6)| network(bits, prefix, v6))
            .collect();
        let text: Vec<_> = networks.iter().map(|(.., text)| text.as_str()).collect();
        let list = AllowList::parse(&text.join("\n")).unwrap();

        let ends = networks.iter().flat_map(|(first, last, _)| [*first, *last]);
        for address in ends.chain([other.into()]).flat_map(beside) {
            // In the order of addresses, all IPv4 addresses are less than all IPv6 addresses.
            let compared = address.to_canonical();
            let expected = networks.iter().any(|(first, last, _)| {
                *first <= compared && compared <= *last
            });
            prop_assert_eq!(list.contains(address), expected, "{}", address);
        }
    }
}
