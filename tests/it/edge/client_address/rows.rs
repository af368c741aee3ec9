//! Headers that a client may send to be taken for another one, and the address that must be found.
//!
//! `tests/peers` compares the rows of `X-Forwarded-For` with nginx.

use hubseal::edge::ClientAddressError::{self, HeaderMissing, Malformed, OnlyProxies};

/// A request: who sends it, which proxies are trusted, and the lines of the header.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) peer: &'static str,
    pub(crate) proxies: &'static str,
    pub(crate) lines: &'static [&'static str],
    pub(crate) expected: Result<&'static str, ClientAddressError>,
}

type Lines = &'static [&'static str];

const PROXIES: &str = "10.0.0.0/8, 127.0.0.1, 2001:db8:ffff::/48";

/// A request that a trusted proxy sends.
const fn proxy(
    name: &'static str,
    lines: Lines,
    expected: Result<&'static str, ClientAddressError>,
) -> Row {
    Row {
        name,
        peer: "127.0.0.1",
        proxies: PROXIES,
        lines,
        expected,
    }
}

/// A request that a trusted proxy sends and that must be rejected.
const fn bad(name: &'static str, line: Lines) -> Row {
    proxy(name, line, Err(Malformed))
}

/// A request that must be taken for one of the peer.
const fn direct(name: &'static str, peer: &'static str, lines: Lines) -> Row {
    Row {
        peer,
        ..proxy(name, lines, Ok(peer))
    }
}

impl Row {
    const fn from(self, peer: &'static str) -> Self {
        Self { peer, ..self }
    }

    const fn trusting(self, proxies: &'static str) -> Self {
        Self { proxies, ..self }
    }
}

const CLIENT: Result<&str, ClientAddressError> = Ok("203.0.113.7");
const CLIENT_V6: Result<&str, ClientAddressError> = Ok("2001:db8::7");

#[rustfmt::skip] // one row, one line
pub(crate) const X_FORWARDED_FOR: &[Row] = &[
    // The peer is not a trusted proxy.
    direct("stranger names another client", "127.0.0.9", &["192.0.2.66"]),
    direct("stranger names a proxy", "127.0.0.9", &["192.0.2.66, 10.0.0.1"]),
    direct("stranger sends garbage", "127.0.0.9", &["\"", "unknown", ""]),
    direct("stranger sends no header", "127.0.0.9", &[]),
    direct("stranger beside the network", "11.0.0.0", &["192.0.2.66"]),
    direct("stranger behind a short network", "127.0.0.12", &["192.0.2.66"]).trusting("127.0.0.8/30"),
    direct("stranger before a short network", "127.0.0.7", &["192.0.2.66"]).trusting("127.0.0.8/30"),
    direct("IPv4-mapped stranger", "::ffff:198.51.100.9", &["192.0.2.66"]),
    direct("IPv4-compatible address is not the proxy", "::10.0.0.1", &["192.0.2.66"]),
    direct("IPv6 loopback is not 127.0.0.1", "::1", &["192.0.2.66"]),
    direct("IPv6 stranger beside the network", "2001:db8:fffe::1", &["192.0.2.66"]),

    // The peer is a trusted proxy.
    proxy("one proxy", &["203.0.113.7"], CLIENT),
    proxy("last address of a short network", &["203.0.113.7"], CLIENT).from("127.0.0.11").trusting("127.0.0.8/30"),
    proxy("first address of a short network", &["203.0.113.7"], CLIENT).from("127.0.0.8").trusting("127.0.0.8/30"),
    proxy("IPv4-mapped proxy", &["203.0.113.7"], CLIENT).from("::ffff:10.0.0.1"),
    proxy("IPv6 proxy", &["203.0.113.7"], CLIENT).from("2001:db8:ffff::1"),
    proxy("proxies in an IPv4-mapped network", &["203.0.113.7"], CLIENT).trusting("::ffff:127.0.0.0/104"),
    proxy("three proxies", &["203.0.113.7, 10.0.0.3, 10.0.0.2"], CLIENT),
    proxy("IPv6 hop of a proxy", &["203.0.113.7, 2001:db8:ffff::2"], CLIENT),
    proxy("three proxies, a line each", &["203.0.113.7", "10.0.0.3", "10.0.0.2"], CLIENT),
    proxy("client names another client", &["192.0.2.66, 203.0.113.7"], CLIENT),
    proxy("client names another client in a line", &["192.0.2.66", "203.0.113.7"], CLIENT),
    proxy("client names another client behind two proxies", &["192.0.2.66, 203.0.113.7, 10.0.0.2"], CLIENT),
    proxy("client names a proxy", &["192.0.2.66, 10.6.6.6, 203.0.113.7"], CLIENT),
    proxy("client names a proxy in a line", &["192.0.2.66, 10.6.6.6", "203.0.113.7"], CLIENT),
    proxy("client names loopback", &["127.0.0.1, 203.0.113.7"], CLIENT),
    proxy("client sends a quote", &["\", 203.0.113.7"], CLIENT),
    proxy("client sends a backslash", &["\\, 203.0.113.7"], CLIENT),
    proxy("client sends commas", &[",,,, 203.0.113.7"], CLIENT),
    proxy("client sends an empty line", &["", "203.0.113.7"], CLIENT),
    proxy("client sends other characters", &["<é\u{2028}>, 203.0.113.7"], CLIENT),
    proxy("client sends unknown", &["unknown", "203.0.113.7, 10.0.0.2"], CLIENT),
    proxy("last address of the network", &["203.0.113.7, 10.255.255.255"], CLIENT),
    proxy("address behind the network", &["203.0.113.7, 11.0.0.0"], Ok("11.0.0.0")),
    proxy("address before the network", &["203.0.113.7, 9.255.255.255"], Ok("9.255.255.255")),
    proxy("address beside the IPv6 network", &["203.0.113.7, 2001:db8:fffe::2"], Ok("2001:db8:fffe::2")),
    proxy("another loopback address", &["203.0.113.7, 127.0.0.2"], Ok("127.0.0.2")),

    // Forms of an address.
    proxy("spaces around", &["  192.0.2.66  ,  203.0.113.7  "], CLIENT),
    proxy("tabs around", &["192.0.2.66,\t203.0.113.7\t"], CLIENT),
    proxy("no spaces", &["192.0.2.66,203.0.113.7,10.0.0.2"], CLIENT),
    proxy("port", &["203.0.113.7:443"], CLIENT),
    proxy("port of a proxy", &["203.0.113.7, 10.0.0.2:443"], CLIENT),
    proxy("lowest port", &["203.0.113.7:0"], CLIENT),
    proxy("highest port", &["203.0.113.7:65535"], CLIENT),
    proxy("port with zeros", &["203.0.113.7:00443"], CLIENT),
    proxy("IPv6", &["2001:db8::7"], CLIENT_V6),
    proxy("IPv6 in capitals", &["2001:DB8::7"], CLIENT_V6),
    proxy("IPv6 in full", &["2001:0db8:0000:0000:0000:0000:0000:0007"], CLIENT_V6),
    proxy("IPv6 in brackets", &["[2001:db8::7]"], CLIENT_V6),
    proxy("IPv6 with a port", &["[2001:db8::7]:443"], CLIENT_V6),
    proxy("IPv6 with a port, without brackets", &["2001:db8::7:443"], Ok("2001:db8::7:443")),
    proxy("zone", &["fe80::7%eth0"], Ok("fe80::7")),
    proxy("zone in brackets", &["[fe80::7%eth0]:443"], Ok("fe80::7")),
    proxy("zone of a proxy", &["203.0.113.7, 2001:db8:ffff::2%eth0"], CLIENT),
    proxy("IPv4-mapped client", &["::ffff:203.0.113.7"], CLIENT),
    proxy("IPv4-mapped hop of a proxy", &["203.0.113.7, ::ffff:10.0.0.2"], CLIENT),
    proxy("IPv4-mapped hop of a proxy in hexadecimal", &["203.0.113.7, [::ffff:a00:2]:80"], CLIENT),
    proxy("IPv4-compatible hop is not the proxy", &["203.0.113.7, ::10.0.0.2"], Ok("::10.0.0.2")),
    proxy("unspecified address", &["192.0.2.66, 0.0.0.0"], Ok("0.0.0.0")),

    // Malformed hops.
    bad("unknown", &["203.0.113.7, unknown"]),
    bad("unknown between proxies", &["203.0.113.7, unknown, 10.0.0.2"]),
    bad("hidden", &["203.0.113.7, _hidden"]),
    bad("host name", &["203.0.113.7, localhost"]),
    bad("empty line", &["203.0.113.7", ""]),
    bad("blank line", &["203.0.113.7", " \t "]),
    bad("comma at the end", &["203.0.113.7,"]),
    bad("commas between proxies", &["203.0.113.7, , 10.0.0.2"]),
    bad("two addresses in one hop", &["192.0.2.66 203.0.113.7"]),
    bad("two addresses and a semicolon", &["192.0.2.66;203.0.113.7"]),
    bad("octal", &["203.0.113.7, 012.0.0.2"]),
    bad("leading zeros", &["203.0.113.7, 10.00.0.2"]),
    bad("hexadecimal", &["203.0.113.7, 0x0a.0.0.2"]),
    bad("one number", &["203.0.113.7, 167772162"]),
    bad("three numbers", &["203.0.113.7, 10.0.2"]),
    bad("five numbers", &["203.0.113.7, 10.0.0.2.1"]),
    bad("large number", &["203.0.113.7, 10.0.0.256"]),
    bad("dot at the end", &["203.0.113.7, 10.0.0.2."]),
    bad("sign", &["203.0.113.7, +10.0.0.2"]),
    bad("network", &["203.0.113.7/32"]),
    bad("quoted", &["\"203.0.113.7\""]),
    bad("wide digits", &["203.0.113.７"]),
    bad("no-break space", &["203.0.113.7\u{a0}"]),
    bad("pair of Forwarded", &["for=203.0.113.7"]),
    bad("port too high", &["203.0.113.7:65536"]),
    bad("port of six digits", &["203.0.113.7:000443"]),
    bad("port without digits", &["203.0.113.7:"]),
    bad("port with a sign", &["203.0.113.7:+443"]),
    bad("obfuscated port", &["203.0.113.7:_web"]),
    bad("two ports", &["203.0.113.7:443:443"]),
    bad("port alone", &[":443"]),
    bad("open bracket", &["[2001:db8::7"]),
    bad("close bracket", &["2001:db8::7]"]),
    bad("two brackets", &["[[2001:db8::7]]"]),
    bad("empty brackets", &["[]"]),
    bad("IPv4 in brackets", &["[203.0.113.7]"]),
    bad("port behind brackets, without a colon", &["[2001:db8::7]443"]),
    bad("brackets and a colon", &["[2001:db8::7]:"]),
    bad("IPv6 of nine groups", &["2001:db8:0:0:0:0:0:0:7"]),
    bad("IPv6 with two gaps", &["2001::db8::7"]),
    bad("empty zone", &["fe80::7%"]),
    bad("zone with a slash", &["fe80::7%eth0/64"]),
    bad("zone of IPv4", &["203.0.113.7%eth0"]),

    // No client.
    proxy("no header", &[], Err(HeaderMissing)),
    proxy("only proxies", &["10.0.0.3, 10.0.0.2"], Err(OnlyProxies)),
    proxy("only proxies, a line each", &["10.0.0.3", "10.0.0.2"], Err(OnlyProxies)),
    proxy("client in the network of the proxies", &["10.6.6.6, 127.0.0.1"], Err(OnlyProxies)),
];

#[rustfmt::skip] // one row, one line
pub(crate) const FORWARDED: &[Row] = &[
    // The peer is not a trusted proxy.
    direct("stranger names another client", "198.51.100.9", &["for=192.0.2.66"]),
    direct("stranger names a proxy", "198.51.100.9", &["for=192.0.2.66, for=10.0.0.1"]),
    direct("stranger sends garbage", "198.51.100.9", &["for=\"", ""]),
    direct("stranger sends no header", "198.51.100.9", &[]),

    // The peer is a trusted proxy.
    proxy("one proxy", &["for=203.0.113.7"], CLIENT),
    proxy("three proxies", &["for=203.0.113.7, for=10.0.0.3, for=10.0.0.2"], CLIENT),
    proxy("three proxies, a line each", &["for=203.0.113.7", "for=10.0.0.3", "for=10.0.0.2"], CLIENT),
    proxy("client names another client", &["for=192.0.2.66, for=203.0.113.7"], CLIENT),
    proxy("client names another client in a line", &["for=192.0.2.66", "for=203.0.113.7"], CLIENT),
    proxy("client names a proxy", &["for=192.0.2.66, for=10.6.6.6, for=203.0.113.7"], CLIENT),
    proxy("proxy names itself", &["for=203.0.113.7;by=192.0.2.66"], CLIENT),

    // Quotes that the client does not close.
    proxy("open quote", &["for=\", for=203.0.113.7"], CLIENT),
    proxy("open quote before a quoted address", &["for=\", for=\"203.0.113.7:443\""], CLIENT),
    proxy("open quote before two proxies", &["for=\"192.0.2.66, for=203.0.113.7, for=\"10.0.0.2:80\""], CLIENT),
    proxy("open quote in another parameter", &["for=192.0.2.66;host=\", for=203.0.113.7;proto=\"https\""], CLIENT),
    proxy("open quote in a line", &["for=\"", "for=203.0.113.7"], CLIENT),
    proxy("open quote and a backslash", &["for=\"\\, for=\"203.0.113.7\""], CLIENT),
    proxy("escaped open quote", &["for=\\\", for=203.0.113.7"], CLIENT),
    proxy("lone quote", &["\", for=203.0.113.7"], CLIENT),
    proxy("host that looks like an element", &["for=203.0.113.7;host=\"x\\\", for=192.0.2.66;y=\\\"\""], CLIENT),
    proxy("host that looks like an element of a proxy", &["for=203.0.113.7;host=\", for=10.0.0.2\""], CLIENT),
    proxy("host that looks like a pair", &["for=203.0.113.7;host=\"x;for=192.0.2.66\""], CLIENT),
    proxy("host that ends with a backslash", &["for=203.0.113.7;host=\"x\\\\\""], CLIENT),
    bad("host that the proxy did not escape", &["for=203.0.113.7;host=\"x\", for=192.0.2.66\""]),
    bad("host of which the proxy escaped the backslash only", &["for=203.0.113.7;host=\"x\\\\\", for=192.0.2.66\""]),
    bad("host closed by an escaped quote", &["for=203.0.113.7;host=\"x\\\""]),
    bad("quote that is not opened", &["for=203.0.113.7;host=x\""]),
    bad("quote that is not closed", &["for=203.0.113.7;host=\"x"]),
    bad("quote closed by an escaped one", &["for=\"203.0.113.7\\\""]),
    bad("quote inside of a value", &["for=203.0.113.7\"\""]),
    bad("two quoted strings", &["for=\"203.0.113.7\"\"\""]),

    // Forms of an element.
    proxy("capitals", &["For=203.0.113.7"], CLIENT),
    proxy("all capitals", &["FOR=203.0.113.7;PROTO=https"], CLIENT),
    proxy("name that ends with for", &["xfor=192.0.2.66;for=203.0.113.7"], CLIENT),
    proxy("name that starts with for", &["for=203.0.113.7;forx=192.0.2.66;for*=192.0.2.66"], CLIENT),
    proxy("spaces and tabs between pairs", &["proto=https ; for=203.0.113.7 ;\tby=10.0.0.2 , for=10.0.0.2 "], CLIENT),
    proxy("no spaces", &["for=192.0.2.66,for=203.0.113.7,for=10.0.0.2"], CLIENT),
    proxy("empty pairs", &[";for=203.0.113.7;;proto=https;"], CLIENT),
    proxy("other characters in quotes", &["for=203.0.113.7;host=\"\té,;=\""], CLIENT),
    proxy("empty quotes", &["for=203.0.113.7;host=\"\""], CLIENT),
    bad("no for", &["for=203.0.113.7, proto=https"]),
    bad("only by", &["by=203.0.113.7"]),
    bad("two fors", &["for=203.0.113.7;for=192.0.2.66"]),
    bad("two equal fors", &["for=203.0.113.7;FOR=203.0.113.7"]),
    bad("two fors, one trusted", &["for=203.0.113.7;proto=https;For=10.0.0.2"]),
    bad("word before a pair", &["x for=203.0.113.7"]),
    bad("pairs without a semicolon", &["proto=https for=203.0.113.7"]),
    bad("elements without a comma", &["for=192.0.2.66 for=203.0.113.7"]),
    bad("space before the sign", &["for =203.0.113.7"]),
    bad("space behind the sign", &["for= 203.0.113.7"]),
    bad("two signs", &["for==203.0.113.7"]),
    bad("no value", &["for="]),
    bad("no name", &["=203.0.113.7"]),
    bad("no sign", &["for"]),
    bad("no value of another parameter", &["for=203.0.113.7;host="]),
    bad("no name of another parameter", &["for=203.0.113.7;=https"]),
    bad("quoted name", &["\"for\"=203.0.113.7"]),
    bad("address alone", &["203.0.113.7"]),
    bad("comma at the end", &["for=203.0.113.7,"]),
    bad("commas between proxies", &["for=203.0.113.7, , for=10.0.0.2"]),
    bad("only empty pairs", &["for=203.0.113.7, ;;"]),
    bad("empty line", &["for=203.0.113.7", ""]),
    bad("space in a value", &["for=203.0.113.7;host=a b"]),
    bad("colon in a value", &["for=203.0.113.7;host=a:80"]),
    bad("value without a name", &["for=203.0.113.7;https"]),
    bad("control character in quotes", &["for=203.0.113.7;host=\"\u{1}\""]),
    bad("delete in quotes", &["for=203.0.113.7;host=\"\u{7f}\""]),
    bad("other characters without quotes", &["for=203.0.113.7;host=é"]),

    // Forms of an address.
    proxy("quoted", &["for=\"203.0.113.7\""], CLIENT),
    proxy("port", &["for=\"203.0.113.7:443\""], CLIENT),
    proxy("obfuscated port", &["for=\"203.0.113.7:_web.1-A_\""], CLIENT),
    proxy("quoted pairs", &["for=\"\\2\\03.0.113\\.7\""], CLIENT),
    proxy("IPv6", &["for=\"[2001:db8::7]\""], CLIENT_V6),
    proxy("IPv6 with a port", &["for=\"[2001:DB8::7]:443\""], CLIENT_V6),
    proxy("IPv6 with an obfuscated port", &["for=\"[2001:db8::7]:_web\""], CLIENT_V6),
    proxy("zone", &["for=\"[fe80::7%eth0]\""], Ok("fe80::7")),
    proxy("IPv4-mapped client", &["for=\"[::ffff:203.0.113.7]\""], CLIENT),
    proxy("IPv4-mapped hop of a proxy", &["for=203.0.113.7, for=\"[::ffff:a00:2]\""], CLIENT),
    bad("unknown", &["for=203.0.113.7, for=unknown"]),
    bad("hidden", &["for=203.0.113.7, for=_hidden, for=10.0.0.2"]),
    bad("hidden in quotes", &["for=203.0.113.7, for=\"_hidden\""]),
    bad("empty value", &["for=\"\""]),
    bad("blank value", &["for=\" \""]),
    bad("space in quotes", &["for=\" 203.0.113.7\""]),
    bad("port without quotes", &["for=203.0.113.7:443"]),
    bad("IPv6 without quotes", &["for=[2001:db8::7]"]),
    bad("IPv6 without brackets", &["for=\"2001:db8::7\""]),
    bad("IPv4 in brackets", &["for=\"[203.0.113.7]\""]),
    bad("port too high", &["for=\"203.0.113.7:65536\""]),
    bad("port without digits", &["for=\"203.0.113.7:\""]),
    bad("obfuscated port without characters", &["for=\"203.0.113.7:_\""]),
    bad("obfuscated port with a space", &["for=\"203.0.113.7:_a b\""]),
    bad("two addresses", &["for=\"203.0.113.7, 192.0.2.66\""]),
    bad("octal", &["for=203.0.113.7, for=012.0.0.2"]),
    bad("backslash at the end", &["for=\"203.0.113.7\\\\\""]),

    // No client.
    proxy("no header", &[], Err(HeaderMissing)),
    proxy("only proxies", &["for=10.0.0.3, for=\"10.0.0.2:80\""], Err(OnlyProxies)),
    proxy("only proxies, a line each", &["for=10.0.0.3", "for=10.0.0.2"], Err(OnlyProxies)),
];
