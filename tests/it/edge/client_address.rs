//! The address of the client behind trusted proxies: tables, limits and properties.

mod properties;
mod rows;

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use hubseal::edge::{ClientAddress, ClientAddressError};

use self::rows::{FORWARDED, Row, X_FORWARDED_FOR};

/// One proxy, and a network of more.
const PROXIES: &str = "10.0.0.0/8, 127.0.0.1";
const PROXY: &str = "127.0.0.1";

type Found = Result<IpAddr, ClientAddressError>;

type WriteHop = fn(&str) -> String;

/// The two headers, with a way to write a hop.
const HEADERS: [(&str, WriteHop); 2] = [
    ("x-forwarded-for", |address| address.to_owned()),
    ("forwarded", |address| format!("for=\"{address}\"")),
];

fn reading(header: &str, proxies: &str) -> ClientAddress {
    let client_address = ClientAddress::behind_proxies(proxies).unwrap();
    match header {
        "forwarded" => client_address.with_forwarded_header(),
        _ => client_address,
    }
}

/// Finds the client of a request that a trusted proxy sends.
fn find<V: AsRef<[u8]>>(header: &str, lines: impl IntoIterator<Item = V>) -> Found {
    let headers: Vec<_> = lines.into_iter().map(|line| (header, line)).collect();
    reading(header, PROXIES).find(address(PROXY), &headers)
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Fails with the names of all rows that give another result than expected.
fn check(header: &str, rows: &[Row]) {
    let mut failures = Vec::new();
    for row in rows {
        let headers: Vec<_> = row.lines.iter().map(|line| (header, line)).collect();
        let found = reading(header, row.proxies).find(address(row.peer), &headers);
        let expected = row.expected.map(|text| address(text).to_canonical());
        if found != expected {
            let Row { name, lines, .. } = row;
            failures.push(format!("{name}: {lines:?}: {found:?}, not {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{header}\n{}", failures.join("\n"));
}

#[test]
fn rows_of_x_forwarded_for_give_expected_client() {
    check("x-forwarded-for", X_FORWARDED_FOR);
}

#[test]
fn rows_of_forwarded_give_expected_client() {
    check("forwarded", FORWARDED);
}

#[test]
fn reads_only_the_chosen_header() {
    let both = [
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.8"),
    ];
    let proxy = address(PROXY);
    let found = |header, lines: &[_]| reading(header, PROXIES).find(proxy, lines);
    assert_eq!(found("x-forwarded-for", &both), Ok(address("203.0.113.7")));
    assert_eq!(found("forwarded", &both), Ok(address("203.0.113.8")));
    let missing = Err(ClientAddressError::HeaderMissing);
    assert_eq!(found("x-forwarded-for", &both[1..]), missing);
    assert_eq!(found("forwarded", &both[..1]), missing);
}

#[test]
fn reads_past_32_proxies() {
    for (header, write) in HEADERS {
        for (proxies, expected) in [
            (32, Ok(address("203.0.113.7"))),
            (33, Err(ClientAddressError::OnlyProxies)),
            (1_000, Err(ClientAddressError::OnlyProxies)),
        ] {
            let mut hops = vec![write("192.0.2.66"), write("203.0.113.7")];
            hops.resize(proxies + 2, write("10.0.0.2"));
            assert_eq!(find(header, [hops.join(", ")]), expected, "{proxies}");
            assert_eq!(find(header, &hops), expected, "{proxies} lines");
            // As many lines again, with two hops each.
            let pairs: Vec<_> = hops.chunks(2).map(|pair| pair.join(",")).collect();
            assert_eq!(find(header, pairs), expected, "{proxies} hops in pairs");
        }
    }
}

#[test]
fn bytes_that_are_not_text_are_malformed() {
    for (header, line) in [
        ("x-forwarded-for", b"203.0.113.7, \xff".as_slice()),
        ("x-forwarded-for", b"203.0.113.7\0"),
        ("forwarded", b"for=\"203.0.113.7\xff\""),
        ("forwarded", b"for=203.0.113.7\0"),
    ] {
        let malformed = Err(ClientAddressError::Malformed);
        assert_eq!(find(header, [line]), malformed, "{line:?}");
    }
    let obs_text = b"for=203.0.113.7;host=\"\xff\"".as_slice();
    assert_eq!(find("forwarded", [obs_text]), Ok(address("203.0.113.7")));
}

#[test]
fn value_of_for_has_at_most_128_bytes() {
    // Eleven bytes of address, a colon and an underscore.
    let with_port = |length| format!("for=\"203.0.113.7:_{}\"", "a".repeat(length));
    assert_eq!(
        find("forwarded", [with_port(128 - 13)]),
        Ok(address("203.0.113.7"))
    );
    assert_eq!(
        find("forwarded", [with_port(129 - 13)]),
        Err(ClientAddressError::Malformed)
    );
}

/// Text of a client that would take hours if the time were quadratic.
fn megabytes() -> impl Iterator<Item = String> {
    [
        "\"", "\\", "\\\"", "a\\\"", "=\"", ",", "a", "1", ":", "%", ";", ";a=b", "[", " ",
    ]
    .into_iter()
    .map(|piece| piece.repeat(2 * 1024 * 1024))
}

#[test]
fn time_is_linear_in_the_length_of_the_header() {
    let start = Instant::now();
    for hostile in megabytes() {
        for line in [
            hostile.clone(),
            format!("for=203.0.113.7{hostile}"),
            format!("for=203.0.113.7;{hostile}"),
            format!("for=203.0.113.7;a=\"{hostile}\""),
            format!("for=\"{hostile}203.0.113.7\""),
            format!("for=\"203.0.113.7:_{hostile}\""),
        ] {
            for (header, _) in HEADERS {
                let _ = find(header, [&line]);
            }
        }
    }
    let lines = vec![""; 2 * 1024 * 1024];
    for (header, _) in HEADERS {
        let malformed = Err(ClientAddressError::Malformed);
        assert_eq!(find(header, &lines), malformed);
    }
    assert!(start.elapsed() < Duration::from_secs(300));
}

#[test]
fn nothing_is_allocated() {
    for (header, write) in HEADERS {
        let client_address = reading(header, PROXIES);
        let appended = [write("203.0.113.7"), write("10.0.0.2")].join(", ");
        for hostile in megabytes() {
            let behind = [(header, format!("{hostile}, {appended}"))];
            let before = [(header, format!("{appended}, {hostile}"))];
            let many = vec![(header, appended.clone()); 10_000];
            let proxy = address(PROXY);
            let mut found = None;
            let allocated = allocation_counter::measure(|| {
                found = Some(client_address.find(proxy, &behind));
                let _ = client_address.find(proxy, &before);
                let _ = client_address.find(proxy, &many);
            });
            assert_eq!(found, Some(Ok(address("203.0.113.7"))));
            assert_eq!(allocated.count_total, 0);
        }
    }
}

#[test]
fn networks_are_separated_by_commas_or_white_space() {
    let client_address = ClientAddress::behind_proxies(
        "\n 10.0.0.0/8,127.0.0.1\t192.0.2.1 ,\r\n2001:db8::/32,, ::ffff:198.51.100.1\n",
    )
    .unwrap();
    let headers = [("x-forwarded-for", "203.0.113.7")];
    for proxy in [
        "10.1.2.3",
        "127.0.0.1",
        "192.0.2.1",
        "2001:db8::1",
        "198.51.100.1",
    ] {
        let found = client_address.find(address(proxy), &headers);
        assert_eq!(found, Ok(address("203.0.113.7")), "{proxy}");
    }
}

#[test]
fn refuses_bad_networks() {
    for (networks, shown) in [
        ("", "the list contains no network"),
        (" ,\n", "the list contains no network"),
        ("0.0.0.0/0", "line 1: \"0.0.0.0/0\" "),
        ("10.0.0.0/8 ::/0", "line 1: \"::/0\" "),
        ("10.0.0.0/8,\n10.0.0.1/8", "line 2: \"10.0.0.1/8\" "),
        ("10.0.0.0/8; 127.0.0.1", "line 1: \"10.0.0.0/8;\" "),
        ("10.0.0.0/8\n\nlocalhost", "line 3: \"localhost\" "),
        ("10.0.0.0/33", "line 1: \"10.0.0.0/33\" "),
        ("fe80::1%eth0", "line 1: \"fe80::1%eth0\" "),
    ] {
        let refused = ClientAddress::behind_proxies(networks).unwrap_err();
        let message = refused.to_string();
        assert!(message.starts_with(shown), "{networks:?}: {message}");
    }
}

#[test]
fn clones_read_the_same_header() {
    let client_address = reading("forwarded", PROXIES).clone();
    let headers = [("Forwarded", "for=203.0.113.7")];
    let found = client_address.find(address(PROXY), &headers);
    assert_eq!(found, Ok(address("203.0.113.7")));
}

#[test]
fn errors_name_the_remedy() {
    for (error, remedy) in [
        (ClientAddressError::HeaderMissing, "let the proxy append"),
        (
            ClientAddressError::Malformed,
            "let each trusted proxy append",
        ),
        (ClientAddressError::OnlyProxies, "list no network"),
    ] {
        assert!(error.to_string().contains(remedy), "{error}");
    }
}
