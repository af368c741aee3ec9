//! Properties of the address of the client, for headers of any content.

use std::{
    iter,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use hubseal::edge::ClientAddressError;
use proptest::{collection::vec, prelude::*, sample::select};

use super::{Found, HEADERS, PROXIES, find, reading};

/// Bytes that a client may write: any, those with a meaning, and pieces of hops.
fn written_by_client() -> impl Strategy<Value = Vec<u8>> {
    let special = || select(b"\"\\,;=[]:%. \tfor1_\xff".to_vec());
    let pieces = select(PIECES.to_vec()).prop_map(str::as_bytes);
    prop_oneof![
        vec(any::<u8>(), 0..40),
        vec(special(), 0..40),
        vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
    ]
}

const PIECES: &[&str] = &[
    "for=",
    "For=\"",
    "\"",
    "\\\"",
    ", ",
    ",",
    ";",
    "host=\"",
    "\\",
    "10.0.0.1",
    "10.0.0.2:80",
    "[::ffff:10.0.0.3]",
    "127.0.0.1",
    "203.0.113.7",
    "192.0.2.66",
    "2001:db8::7",
    "[2001:db8::7]",
    ":443",
    ":65536",
    ":000080",
    "%eth0",
    "%",
    " ",
    "\t",
    "unknown",
    "_hidden",
    "01",
    "::",
    "1",
];

fn client() -> impl Strategy<Value = IpAddr> {
    let v4 = any::<[u8; 4]>()
        .prop_map(|octets| IpAddr::from([octets[0] | 128, octets[1], octets[2], octets[3]]));
    let v6 = any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits | 1 << 127)));
    prop_oneof![v4, v6]
}

/// A node as a proxy may write it in both headers, when it is quoted in `Forwarded`.
fn node(address: IpAddr, port: Option<u16>) -> String {
    match (address, port) {
        (IpAddr::V4(_), None) => address.to_string(),
        (IpAddr::V6(_), None) => format!("[{address}]"),
        (_, Some(port)) => SocketAddr::new(address, port).to_string(),
    }
}

/// Hops of trusted proxies.
fn proxies() -> impl Strategy<Value = Vec<String>> {
    let v4 = any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(10, b, c, d));
    let address = (v4, any::<bool>()).prop_map(|(v4, mapped)| {
        if mapped {
            IpAddr::V6(v4.to_ipv6_mapped())
        } else {
            IpAddr::V4(v4)
        }
    });
    vec(
        (address, any::<Option<u16>>()).prop_map(|(address, port)| node(address, port)),
        0..6,
    )
}

/// A parameter that is no `for`, as a proxy may write it.
fn parameter() -> impl Strategy<Value = String> {
    let text = vec(
        select(vec!['"', '\\', ',', ';', '=', ' ', '\t', 'f', 'é']),
        0..8,
    );
    let quoted = text.prop_map(|text| {
        let escape = |character| match character {
            '"' | '\\' => format!("\\{character}"),
            _ => character.to_string(),
        };
        let escaped: String = text.into_iter().map(escape).collect();
        format!("\"{escaped}\"")
    });
    let value = prop_oneof![quoted, Just("https".to_owned())];
    (select(vec!["by", "host", "for2", "FORE"]), value)
        .prop_map(|(name, value)| format!("{name}={value}"))
}

proptest! {
    /// The client, and after it proxies in any number of lines, are found behind any text.
    #[test]
    fn text_left_of_the_client_changes_nothing(
        left in vec(written_by_client(), 0..4),
        same_line in any::<bool>(),
        client in client(),
        port in any::<Option<u16>>(),
        proxies in proxies(),
        breaks in any::<u8>(),
    ) {
        for (header, write) in HEADERS {
            let mut lines = left.clone();
            let client_hop = write(&node(client, port)).into_bytes();
            match lines.last_mut() {
                Some(last) if same_line => last.extend([b", ", client_hop.as_slice()].concat()),
                _ => lines.push(client_hop),
            }
            for (number, proxy) in proxies.iter().enumerate() {
                let hop = write(proxy).into_bytes();
                if breaks >> number & 1 == 1 {
                    lines.push(hop);
                } else {
                    lines.last_mut().unwrap().extend([b",", hop.as_slice()].concat());
                }
            }
            prop_assert_eq!(find(header, &lines), Ok(client), "{}: {:?}", header, lines);
        }
    }

    /// A quoted value may contain each character, also those that separate elements and pairs.
    #[test]
    fn other_parameters_of_forwarded_change_nothing(
        left in written_by_client(),
        client in client(),
        proxies in proxies(),
        parameters in vec((parameter(), parameter()), 6),
    ) {
        let hops = iter::once(node(client, None)).chain(proxies);
        let elements = hops.zip(parameters).map(|(hop, (before, after))| format!("{before};for=\"{hop}\";{after}"));
        let appended: Vec<_> = elements.collect();
        let line = [left, appended.join(", ").into_bytes()].join(&b","[..]);
        prop_assert_eq!(find("forwarded", [&line]), Ok(client), "{:?}", String::from_utf8_lossy(&line));
    }

    #[test]
    fn x_forwarded_for_gives_the_client_of_the_oracle(
        lines in vec(vec(select(PIECES.to_vec()), 0..8).prop_map(|pieces| pieces.concat()), 0..5),
    ) {
        prop_assert_eq!(find("x-forwarded-for", &lines), oracle(&lines));
    }

    /// Proxies may join the lines of a header, and begin a new one.
    #[test]
    fn joined_lines_give_the_same_client(lines in vec(written_by_client(), 1..5)) {
        let joined = [lines.join(&b","[..])];
        prop_assert_eq!(find("x-forwarded-for", &lines), find("x-forwarded-for", &joined));
    }

    /// Neither panics nor returns a trusted proxy.
    #[test]
    fn client_is_never_a_trusted_proxy(lines in vec(written_by_client(), 0..5), peer in any::<IpAddr>()) {
        let headers: Vec<_> = HEADERS
            .iter()
            .flat_map(|(header, _)| lines.iter().map(move |line| (header, line)))
            .collect();
        for (header, _) in HEADERS {
            let client_address = reading(header, PROXIES);
            let peers = [peer, IpAddr::from([10, 0, 0, 1])];
            for client in peers.iter().filter_map(|peer| client_address.find(*peer, &headers).ok()) {
                prop_assert!(!trusted(client), "{}", client);
                prop_assert_eq!(client, client.to_canonical());
            }
        }
    }
}

fn trusted(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets()[0] == 10 || v4 == Ipv4Addr::LOCALHOST,
        IpAddr::V6(_) => false,
    }
}

/// Parses every hop, and then searches.
fn oracle(lines: &[String]) -> Found {
    if lines.is_empty() {
        return Err(ClientAddressError::HeaderMissing);
    }
    let joined = lines.join(",");
    let hops: Vec<Option<IpAddr>> = joined.split(',').map(oracle_of_hop).collect();
    for hop in hops.into_iter().rev() {
        match hop {
            None => return Err(ClientAddressError::Malformed),
            Some(address) if !trusted(address) => return Ok(address.to_canonical()),
            Some(_) => {}
        }
    }
    Err(ClientAddressError::OnlyProxies)
}

/// Tries each form of a hop.
fn oracle_of_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim_matches([' ', '\t']);
    let bare = hop.parse().ok().or_else(|| oracle_of_v6(hop));
    bare.or_else(|| oracle_in_brackets(hop)).or_else(|| {
        let (hop, port) = hop.rsplit_once(':')?;
        let digits =
            (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
        let v4 = hop.parse().ok().map(IpAddr::V4);
        (digits && port.parse::<u32>().unwrap() < 1 << 16)
            .then(|| v4.or_else(|| oracle_in_brackets(hop)))?
    })
}

fn oracle_in_brackets(hop: &str) -> Option<IpAddr> {
    oracle_of_v6(hop.strip_prefix('[')?.strip_suffix(']')?)
}

fn oracle_of_v6(text: &str) -> Option<IpAddr> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-._~".contains(character);
    let address = match text.rsplit_once('%') {
        Some((_, zone)) if zone.is_empty() || !zone.chars().all(allowed) => return None,
        Some((address, _)) => address,
        None => text,
    };
    address.parse().ok().map(IpAddr::V6)
}
