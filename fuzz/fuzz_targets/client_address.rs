//! The address of the client, behind trusted proxies.
//!
//! The input consists of lines. The first has two characters: `f` selects `Forwarded`, and `p` a
//! trusted peer. Any other peer is the client. Each other line is a line of the header.
#![no_main]

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::LazyLock,
};

use hubseal::edge::{ClientAddress, ClientAddressError};

/// Reads `X-Forwarded-For` and `Forwarded`.
static READERS: LazyLock<[ClientAddress; 2]> = LazyLock::new(|| {
    let client_address =
        ClientAddress::behind_proxies("10.0.0.0/8, 127.0.0.1, 2001:db8:ffff::/48").unwrap();
    [
        client_address.clone(),
        client_address.with_forwarded_header(),
    ]
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(input));

fn check(input: &[u8]) {
    let [header, peer, input @ ..] = input else {
        return;
    };
    let forwarded = *header == b'f';
    let reader = &READERS[usize::from(forwarded)];
    let name = if forwarded {
        "forwarded"
    } else {
        "x-forwarded-for"
    };
    let headers: Vec<_> = input
        .split(|byte| *byte == b'\n')
        .skip(1)
        .map(|line| (name, line))
        .collect();

    if *peer != b'p' {
        for peer in [[11, 0, 0, 0], [10, 0, 0, *peer]] {
            let trusted = peer[0] == 10;
            for peer in [
                IpAddr::from(peer),
                Ipv4Addr::from(peer).to_ipv6_mapped().into(),
            ] {
                let found = reader.find(peer, &headers);
                assert_eq!(found == Ok(peer.to_canonical()), !trusted);
            }
        }
        return;
    }
    let found = reader.find(Ipv4Addr::LOCALHOST.into(), &headers);
    if let Ok(client) = found {
        assert!(!is_proxy(client), "{client}");
        assert_eq!(client, client.to_canonical());
    }
    assert_eq!(
        found == Err(ClientAddressError::HeaderMissing),
        headers.is_empty()
    );

    // Text of a client to the left changes nothing, and a proxy to the right neither.
    let [left, right]: [&[u8]; 2] = if forwarded {
        [b"for=\"\\", b"for=\"10.0.0.2:80\";by=_a"]
    } else {
        [b"192.0.2.66\"", b"[::ffff:10.0.0.2]:80"]
    };
    if let Some((_, first)) = headers.first() {
        let first = [left, first].join(&b","[..]);
        let mut longer = headers.clone();
        longer[0].1 = &first;
        longer.push((name, right));
        match (reader.find(Ipv4Addr::LOCALHOST.into(), &longer), found) {
            // Only 32 proxies are walked past.
            (Err(ClientAddressError::OnlyProxies), Ok(_)) => assert!(input.len() > 32 * 8),
            (longer, Err(_)) => assert!(longer.is_err()),
            (longer, Ok(_)) => assert_eq!(longer, found),
        }
    }
}

fn is_proxy(client: IpAddr) -> bool {
    match client {
        IpAddr::V4(client) => client.octets()[0] == 10 || client == Ipv4Addr::LOCALHOST,
        IpAddr::V6(client) => client.segments()[..3] == [0x2001, 0xdb8, 0xffff],
    }
}
