//! The formats of an allow-list, and the errors.

use hubseal::edge::AllowList;
use proptest::prelude::*;

use super::has;

/// The form of a registry's answer, with networks for documentation.
const REGISTRY: &str = "\
% This is a routing registry. 203.0.113.0/24 is in a comment.

route:      192.0.2.0/25
descr:      Example, Inc.
            203.0.113.0/24 continues the description
+           203.0.113.0/24
+
remarks:
origin:     AS64496
mnt-by:     MAINT-AS64496
changed:    noc@example.com 20240102  #03:04:05Z
fax-no:     31.13.24.0/21
source:     EXAMPLE
last-modified:  2024-01-02T03:04:05Z

route6:     2001:db8:1::/48 # the second data centre
descr:Example
origin:     AS64496
source:     EXAMPLE


ROUTE:198.51.100.0/24
origin:     AS64496
% end
";

const GEOFEED: &str = "\
# prefix,country,region,city,postal code
192.0.2.0/25,IE,IE-D,Dublin,
198.51.100.0/24,US,,,12345 # moved
2001:db8:1::/48,,,,
";

fn refused(text: &str) -> String {
    AllowList::parse(text).unwrap_err().to_string()
}

#[test]
fn parses_each_format() {
    let plain = "192.0.2.0/25\n\n# offices\n198.51.100.0/24 # one\n\t2001:db8:1::/48  \n";
    // `grep ^route`, without the blank lines in between.
    let grep = "route: 192.0.2.0/25\nroute: 198.51.100.0/24\nroute6: 2001:db8:1::/48";
    let halves = "192.0.2.0/26\n192.0.2.64/26\n192.0.2.7\n2001:db8:1::/48\n198.51.100.0/24";
    let mapped = "::ffff:192.0.2.0/121\n::ffff:198.51.100.0/120\n2001:DB8:1:0::/48";
    for text in [REGISTRY, GEOFEED, plain, grep, halves, mapped] {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let cut = text.trim_end();
        for text in [text, &windows, cut] {
            let list = AllowList::parse(text).unwrap();
            let inside = [
                "192.0.2.0",
                "192.0.2.127",
                "::ffff:192.0.2.7",
                "198.51.100.255",
                "2001:db8:1::",
                "2001:db8:1:ffff:ffff:ffff:ffff:ffff",
            ];
            assert_eq!(has(&list, &inside), [true; 6], "{text}");
            let outside = [
                "192.0.1.255",
                "192.0.2.128",
                "203.0.113.7",
                "31.13.24.1",
                "198.51.101.0",
                "2001:db8:0:ffff:ffff:ffff:ffff:ffff",
                "2001:db8:2::",
                "::192.0.2.7",
            ];
            assert_eq!(has(&list, &outside), [false; 8], "{text}");
        }
    }
}

#[test]
fn parses_mixed_formats() {
    let text = format!("203.0.113.7\n{REGISTRY}\n{GEOFEED}\n2001:db8:2::1,US");
    let list = AllowList::parse(&text).unwrap();
    let inside = ["203.0.113.7", "192.0.2.7", "198.51.100.7", "2001:db8:2::1"];
    assert_eq!(has(&list, &inside), [true; 4]);

    // Without the blank line after an object.
    let text = "route: 192.0.2.0/25\norigin: AS64496\nfd00::/8\n203.0.113.7";
    let list = AllowList::parse(text).unwrap();
    let inside = ["192.0.2.7", "fd00::7", "203.0.113.7"];
    assert_eq!(has(&list, &inside), [true; 3]);
}

#[test]
fn accepts_the_first_and_the_last_address() {
    let list = AllowList::parse("0.0.0.0\n255.255.255.0/24\n::/128\nff00::/8").unwrap();
    let inside = [
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ];
    assert_eq!(has(&list, &inside), [true; 4]);
    assert_eq!(
        has(&list, &["0.0.0.1", "255.255.254.255", "::1"]),
        [false; 3]
    );
}

#[test]
fn refuses_list_without_network() {
    let message = "the list contains no network; add at least one network or address";
    let only_comments = "# nothing\n\n% No entries found\r\n";
    for text in ["", "\n", "\u{feff}", " \t\r\n", only_comments] {
        assert_eq!(refused(text), message, "{text:?}");
    }
}

#[test]
fn names_line_problem_and_remedy() {
    let malformed = r#"is neither a network such as "31.13.24.0/21" nor an address"#;
    for (entry, shown) in [
        ("example.com", "example.com"),
        ("10.0.0.0/8 10.1.0.0/16", "10.0.0.0/8 10.1.0.0/16"),
        ("10.0.0.0-10.0.0.255", "10.0.0.0-10.0.0.255"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/255.0.0.0"),
        ("010.0.0.0/8", "010.0.0.0/8"),
        ("10.0.0.0/08", "10.0.0.0/08"),
        ("10.0.0.0/+8", "10.0.0.0/+8"),
        ("10.0.0.0/", "10.0.0.0/"),
        ("10.0.0.0/33", "10.0.0.0/33"),
        ("10.0.0.0 /8", "10.0.0.0 /8"),
        ("10.0/8", "10.0/8"),
        ("2001:db8::/129", "2001:db8::/129"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("10.0.0.1:80", "10.0.0.1:80"),
        ("aut-num: AS64496", "aut-num: AS64496"),
        ("origin: AS64496", "origin: AS64496"),
        ("routes: 10.0.0.0/8", "routes: 10.0.0.0/8"),
        ("route: AS64496", "AS64496"),
        ("route:", ""),
        ("network,country", "network"),
        (",10.0.0.0/8", ""),
        (" % comment", "% comment"),
        ("\u{feff}10.0.0.0/8", r"\u{feff}10.0.0.0/8"),
        ("10.0.0.0/8\u{a0}", r"10.0.0.0/8\u{a0}"),
        ("<!DOCTYPE html>", "<!DOCTYPE html>"),
    ] {
        let text = format!("# list\r\n192.0.2.1\n\n192.0.2.2\n{entry}\n192.0.2.3\n");
        assert_eq!(refused(&text), format!(r#"line 5: "{shown}" {malformed}"#));
    }

    // In an object, these are no attributes.
    for line in [
        "example.com",
        "dead:beef",
        "mnt by: EXAMPLE",
        "-by: EXAMPLE",
    ] {
        let text = format!("route: 192.0.2.2\norigin: AS64496\n{line}");
        assert_eq!(refused(&text), format!(r#"line 3: "{line}" {malformed}"#));
    }
    // A blank line ends an object.
    let text = "route: 192.0.2.2\n\norigin: AS64496";
    assert!(refused(text).starts_with("line 3: "));

    for (entry, problem) in [
        (
            "10.1.2.3/8",
            r#"has an address that is not the first of its network; write "10.0.0.0/8""#,
        ),
        (
            "2001:db8::1/32",
            r#"has an address that is not the first of its network; write "2001:db8::/32""#,
        ),
        ("0.0.0.0/0", "contains every address; name the networks"),
        ("10.0.0.0/0", "contains every address; name the networks"),
        ("::/0", "contains every address; name the networks"),
        ("::ffff:0:0/96", "contains every address; name the networks"),
        (
            "10.0.0.0/8, 10.1.0.0/16",
            "contains several networks; write each on its own line",
        ),
        (
            "10.0.0.0/8,US,,192.0.2.7",
            "contains several networks; write each on its own line",
        ),
    ] {
        assert_eq!(refused(entry), format!(r#"line 1: "{entry}" {problem}"#));
    }
}

#[test]
fn shows_the_start_of_a_long_line() {
    let message = refused(&"é".repeat(100_000));
    assert!(message.starts_with(&format!(r#"line 1: "{}" is"#, "é".repeat(64))));
}

proptest! {
    #[test]
    fn refuses_any_text_without_panic(text in "(route6?:|[%#+,/:.0-9a-f \\r\\n]|\\PC){0,60}") {
        if let Err(error) = AllowList::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
