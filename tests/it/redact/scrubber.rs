//! Chunked text: held-back text, its release, and cleanup at the end of a text.

use std::iter::repeat_n;

use allocation_counter::measure;
use hubseal::redact::{Alphabet, PersonalData, Redactor, Scrubber};

use super::configurations::{self, LONG};

const TOKEN: &str = "EAAGm0PX4ZCpsBAOZBexampleZC0123";

fn redactor() -> Redactor {
    Redactor::builder()
        .register("session", LONG)
        .key("internal", "X-Internal-Key")
        .shape("live_key", "sk_live_", Alphabet::ALPHANUMERIC, 24)
        .personal_data(PersonalData::LastTwo)
        .build()
        .unwrap()
}

/// What has come out so far, pushed piece by piece.
fn pushed<'p>(scrubber: &mut Scrubber, pieces: impl IntoIterator<Item = &'p [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        scrubber.push(piece, &mut out);
        let held = scrubber.held();
        assert!(held <= Scrubber::MAX_HELD, "{held} bytes are held back");
    }
    out
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// How a text ends.
type End = fn(&mut Scrubber, &mut Vec<u8>);

/// What comes out of a text that is broken off.
fn abandoned(broken_off: &str) -> String {
    let mut scrubber = redactor().scrubber();
    let mut out = pushed(&mut scrubber, [broken_off.as_bytes()]);
    scrubber.abandon(&mut out);
    assert_eq!(scrubber.held(), 0, "{broken_off}");
    text(&out)
}

#[test]
fn break_replaces_possible_secret() {
    for (broken_off, expected) in [
        ("see EAAGm0PX", "see [redacted:incomplete]"),
        ("see v1.0-Zm9v/YmFy", "see [redacted:incomplete]"),
        ("see sk_live_abc", "see [redacted:incomplete]"),
        ("a&code=AQBx", "a&[redacted:incomplete]"),
        ("Bearer abc", "B[redacted:incomplete]"),
        ("call +1650555", "call [redacted:incomplete]"),
    ] {
        assert_eq!(abandoned(broken_off), expected, "{broken_off}");
    }
}

#[test]
fn break_releases_ordinary_text() {
    for ordinary in [
        "",
        "x",
        "a line\n",
        "50%",
        "a \\",
        "100 | 7",
        "{\"status\":\"ok\"",
        "fro",
    ] {
        assert_eq!(abandoned(ordinary), ordinary);
    }
}

#[test]
fn break_inside_redacted_value_releases_nothing() {
    for (broken_off, expected) in [
        ("access_token=abc", "access_token=[redacted:access_token]"),
        (
            "{\"access_token\":\"abc\\",
            "{\"access_token\":\"[redacted:access_token]",
        ),
        ("Cookie: a=b; c=d", "Cookie: [redacted:cookie]"),
    ] {
        let long = format!("{broken_off}{}", "x".repeat(300));
        assert_eq!(abandoned(&long), expected, "{broken_off}");
    }
    let inside = format!("{TOKEN}{}", "x".repeat(300));
    assert_eq!(abandoned(&inside), "[redacted:access_token]");
}

#[test]
fn scrubber_keeps_nothing_of_previous_text() {
    let ends: [(&str, End); 2] = [("finish", Scrubber::finish), ("abandon", Scrubber::abandon)];
    let begins = [
        "access_token=",
        "access_token=abc",
        "{\"access_token\":\"abc",
        "{\"cookie\":[\"a=b\"",
        "Cookie: a=b",
        "12345678901234|",
        "EAAGm0PX4",
        "bearer ",
        "x",
        "\\",
        "%2",
    ];
    let second = format!("abc\", \"c=d\"] 0123456789abcdef0123456789abcdef {TOKEN} end");
    let redactor = redactor();
    let expected = redactor.redact(&second).into_owned();
    for (name, end) in ends {
        let mut scrubber = redactor.scrubber();
        for begin in begins {
            let mut out = pushed(&mut scrubber, [begin.as_bytes()]);
            end(&mut scrubber, &mut out);
            assert_eq!(scrubber.held(), 0);

            let mut out = pushed(&mut scrubber, [second.as_bytes()]);
            scrubber.finish(&mut out);
            assert_eq!(text(&out), expected, "{name} behind {begin}");
        }
    }
}

#[test]
fn empty_chunks_change_nothing() {
    let redactor = redactor();
    let line = format!("{{\"access_token\":\"a\\\"b\",\"x\":[\"{TOKEN}\"],\"from\":16505551234}} ");
    let mut scrubber = redactor.scrubber();
    let pieces = line
        .as_bytes()
        .chunks(1)
        .flat_map(|piece| [b"".as_slice(), piece, b""]);
    let mut out = pushed(&mut scrubber, pieces);
    scrubber.finish(&mut out);
    assert_eq!(text(&out), redactor.redact(&line));

    let mut out = pushed(&mut scrubber, [b"".as_slice(), b""]);
    scrubber.finish(&mut out);
    scrubber.abandon(&mut out);
    assert!(out.is_empty());
}

#[test]
fn large_chunks_match_whole_text() {
    const PIECE: usize = 1 << 16;
    let redactor = redactor();
    let line =
        format!("POST /webhook?access_token={TOKEN} from \"+16505551234\"; Bearer {TOKEN}\n");
    let body: Vec<u8> = line.bytes().cycle().take(3 * PIECE + 77).collect();
    let mut scrubber = redactor.scrubber();
    let mut out = pushed(&mut scrubber, body.chunks(PIECE));
    scrubber.finish(&mut out);
    assert!(out == *redactor.redact_bytes(&body));
    assert!(!text(&out).contains("4ZCpsBAO"));
}

#[test]
fn huge_token_becomes_one_marker() {
    let token: Vec<u8> = TOKEN.bytes().cycle().take(10 << 20).collect();
    for (begin, end, expected) in [
        ("", "!", "[redacted:access_token]!"),
        (
            "access_token=",
            "&",
            "access_token=[redacted:access_token]&",
        ),
        (
            "access_token: \"",
            "\"",
            "access_token: \"[redacted:access_token]\"",
        ),
        ("Cookie: a=", "\n", "Cookie: [redacted:cookie]\n"),
        ("bearer ", "!", "bearer [redacted:bearer]!"),
    ] {
        let mut scrubber = redactor().scrubber();
        let pieces = [begin.as_bytes()].into_iter().chain(token.chunks(64 << 10));
        let mut out = pushed(&mut scrubber, pieces.chain([end.as_bytes()]));
        scrubber.finish(&mut out);
        assert_eq!(text(&out), expected);
    }
}

/// Texts that never say whether what has begun is a secret.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    // Many times what may be held back.
    const SIZE: usize = 16 << 10;
    let endless = |begin: &str, repeated: &str| {
        let mut text = begin.as_bytes().to_vec();
        text.extend(repeated.bytes().cycle().take(SIZE));
        text
    };
    let mut blanks = b"access_token".to_vec();
    blanks.extend(repeat_n(b' ', SIZE));
    vec![
        ("beginnings of tokens", endless("", "EAAEAAEAA")),
        ("beginnings of tokens apart", endless("", "EAA-EAA-")),
        ("backslashes", endless("", "\\")),
        ("backslashes in a value", endless("access_token=\"", "\\")),
        ("percent signs", endless("", "%25%25")),
        ("percent signs of percent signs", endless("", "%2525")),
        (
            "percent signs in a value",
            endless("access_token%3D%22", "%5C"),
        ),
        ("digits", endless("", "12345678901234")),
        ("digits and bars", endless("", "12345678901234|")),
        (
            "digits and bars behind TH",
            endless("", "TH|12345678901234|"),
        ),
        ("blanks behind a key", blanks),
        (
            "blanks behind a separator",
            endless("access_token=", "\r\n\t "),
        ),
        ("blanks that are escaped", endless("access_token=", "\\n")),
        ("colours behind a key", endless("access_token", "\x1b[0;1m")),
        ("half a colour", endless("access_token=\x1b[", "1;")),
        ("blanks behind bearer", endless("bearer", " ")),
        (
            "a value that is never closed",
            endless("{\"access_token\":\"", "abc"),
        ),
        (
            "a list that never ends",
            endless("{\"access_token\":[", "\"a\" , "),
        ),
        ("blanks in a list", endless("{\"access_token\":[\"a\"", " ")),
        ("punctuation in a value", endless("access_token=a", ".")),
        (
            "punctuation now and then",
            endless("access_token=a", "....a"),
        ),
        ("parameters in a line", endless("Cookie: a=b", "=\"=")),
        ("keys", endless("", "access_token")),
        ("keys and quotes", endless("", "\"access_token\"")),
        (
            "half a registered value",
            endless("", "v1.0-Zm9v/YmFy+cXV4==."),
        ),
        ("plus signs", endless("", "+1650555")),
        ("beginnings of message ids", endless("", "wamid.")),
        ("types", endless("access_token=string(", "1")),
    ]
}

#[test]
fn hostile_text_is_held_back_no_longer_than_necessary() {
    let redactor = redactor();
    for (name, hostile) in hostile() {
        let whole = redactor.redact_bytes(&hostile);
        for size in [7, 4_096, hostile.len()] {
            let mut scrubber = redactor.scrubber();
            let mut out = pushed(&mut scrubber, hostile.chunks(size));
            scrubber.finish(&mut out);
            assert!(out == *whole, "{name}, {size} at a time");
        }
    }
}

#[test]
fn scrubber_memory_is_bounded() {
    let redactors = [redactor(), configurations::with_pseudonyms().redactor];
    for redactor in redactors {
        for (name, hostile) in hostile() {
            let mut out = Vec::with_capacity(8 * hostile.len());
            let mut scrubber = redactor.scrubber();
            scrubber.push(b"warm: up ", &mut out);
            let counted = measure(|| {
                for piece in hostile.chunks(4_096) {
                    scrubber.push(piece, &mut out);
                }
                scrubber.finish(&mut out);
            });
            // A phone number's replacement is a text of its own, for a moment.
            assert!(counted.bytes_max <= 1_024, "{name}: {counted:?}");
            assert_eq!(counted.bytes_current, 0, "{name}");
        }
    }
}
