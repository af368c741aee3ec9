//! Rows for which nginx finds another address than the library, by design.

pub(crate) struct Difference {
    pub(crate) reason: &'static str,
    /// The address that nginx finds.
    pub(crate) address: &'static str,
    pub(crate) rows: &'static [&'static str],
}

pub(crate) fn of(row: &str) -> Option<&'static Difference> {
    DIFFERENCES
        .iter()
        .find(|difference| difference.rows.contains(&row))
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    // The library rejects these requests.
    Difference {
        reason: "nginx keeps the address of the peer if the last hop is malformed",
        address: "127.0.0.1",
        rows: &[
            "unknown",
            "hidden",
            "host name",
            "empty line",
            "blank line",
            "two addresses and a semicolon",
            "hexadecimal",
            "one number",
            "three numbers",
            "five numbers",
            "large number",
            "dot at the end",
            "sign",
            "network",
            "quoted",
            "wide digits",
            "no-break space",
            "pair of Forwarded",
            "port too high",
            "port without digits",
            "port with a sign",
            "obfuscated port",
            "two ports",
            "port alone",
            "open bracket",
            "close bracket",
            "two brackets",
            "empty brackets",
            "IPv4 in brackets",
            "port behind brackets, without a colon",
            "brackets and a colon",
            "IPv6 of nine groups",
            "IPv6 with two gaps",
            "empty zone",
            "zone with a slash",
            "zone of IPv4",
        ],
    },
    Difference {
        reason: "nginx keeps the last good hop if another one is malformed",
        address: "10.0.0.2",
        rows: &["unknown between proxies"],
    },
    Difference {
        reason: "nginx skips empty hops",
        address: "203.0.113.7",
        rows: &["comma at the end", "commas between proxies"],
    },
    Difference {
        reason: "nginx separates hops at spaces",
        address: "203.0.113.7",
        rows: &["two addresses in one hop"],
    },
    Difference {
        reason: "nginx ignores leading zeros, and 10.0.0.2 is a proxy",
        address: "203.0.113.7",
        rows: &["leading zeros"],
    },
    Difference {
        reason: "nginx ignores leading zeros",
        address: "12.0.0.2",
        rows: &["octal"],
    },
    Difference {
        reason: "nginx accepts ports of any length",
        address: "203.0.113.7",
        rows: &["port of six digits"],
    },
    Difference {
        reason: "nginx keeps the address of the peer without a header",
        address: "127.0.0.1",
        rows: &["no header"],
    },
    Difference {
        reason: "nginx keeps the first hop if all are proxies",
        address: "10.0.0.3",
        rows: &["only proxies", "only proxies, a line each"],
    },
    Difference {
        reason: "nginx keeps the first hop if all are proxies",
        address: "10.6.6.6",
        rows: &["client in the network of the proxies"],
    },
    // nginx refuses these hops, and keeps the address of the peer.
    Difference {
        reason: "nginx does not compare IPv4 addresses with IPv4-mapped networks",
        address: "127.0.0.1",
        rows: &["proxies in an IPv4-mapped network"],
    },
    Difference {
        reason: "nginx accepts spaces around a hop, and no tabs",
        address: "127.0.0.1",
        rows: &["tabs around"],
    },
    Difference {
        reason: "nginx refuses port 0",
        address: "127.0.0.1",
        rows: &["lowest port"],
    },
    Difference {
        reason: "nginx accepts brackets only before a port",
        address: "127.0.0.1",
        rows: &["IPv6 in brackets"],
    },
    Difference {
        reason: "nginx refuses zones",
        address: "127.0.0.1",
        rows: &["zone", "zone in brackets", "zone of a proxy"],
    },
];
