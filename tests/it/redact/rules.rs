//! Rules of your own, and which are refused.

use std::fmt::Write as _;

use hubseal::redact::{Redactor, RedactorBuilder, RuleError};

fn refused(builder: RedactorBuilder) -> RuleError {
    builder.build().expect_err("this rule is refused")
}

#[test]
fn finds_own_keys() {
    let redactor = Redactor::builder()
        .key("session", "session_id")
        .key("key", "x-key")
        .key("dotted", "vault.token.id")
        .build()
        .unwrap();
    for (text, expected) in [
        (
            r#"{"session_id": "8f2c", "user": 7}"#,
            r#"{"session_id": "[redacted:session]", "user": 7}"#,
        ),
        ("SESSION-ID=8f2c", "SESSION-ID=[redacted:session]"),
        ("sessionId: '8f2c'", "sessionId: '[redacted:session]'"),
        ("X-Key: 8f2c8f2c8", "X-Key: [redacted:key]"),
        ("vault.token.id=1", "vault.token.id=[redacted:dotted]"),
        ("vaultxtokenxid=1", "vaultxtokenxid=1"),
    ] {
        assert_eq!(redactor.redact(text), expected);
    }
}

#[test]
fn finds_own_patterns() {
    let redactor = Redactor::builder()
        .pattern("payment_key", r"sk_live_[0-9A-Za-z]{16,}")
        .pattern("pair", "q.z")
        .build()
        .unwrap();
    for (text, expected) in [
        (
            "key=sk_live_4eC39HqLyjWDarjtT1zdp7dc.",
            "key=[redacted:payment_key].",
        ),
        (
            r"\nsk_live_4eC39HqLyjWDarjtT1zdp7dc\n",
            r"\n[redacted:payment_key]\n",
        ),
        (
            "verify_token=\"a sk_live_4eC39HqLyjWDarjtT1zdp7dc b\"",
            "verify_token=\"[redacted:verify_token]\"",
        ),
        ("qaz q_z", "[redacted:pair] [redacted:pair]"),
        ("qéz", "qéz"),
    ] {
        assert_eq!(redactor.redact(text), expected);
    }
}

#[test]
fn refuses_rules_that_harm() {
    let occurs = RuleError::OccursInMarker;
    for value in ["redacted", "[redacted:", "access_token"] {
        assert_eq!(refused(Redactor::builder().register("own", value)), occurs);
        assert_eq!(
            refused(Redactor::builder().pattern("own", "[a-z]{8}")),
            occurs
        );
    }
    assert_eq!(refused(Redactor::builder().key("own", "acted")), occurs);
    for value in ["", "1234567", &"x".repeat(16 * 1024 + 1)] {
        let error = refused(Redactor::builder().register("own", value));
        assert!(matches!(error, RuleError::Length { .. }));
    }
    for label in ["Hunter2!Hunter2!", "", "ü"] {
        assert_eq!(
            refused(Redactor::builder().register(label, "x")),
            RuleError::Label
        );
    }
    for key in ["ab", "a=b", &"a".repeat(33)] {
        assert!(matches!(
            refused(Redactor::builder().key("own", key)),
            RuleError::Key { .. }
        ));
    }
    assert!(matches!(
        refused(Redactor::builder().pattern("own", "(")),
        RuleError::Pattern { .. }
    ));
}

#[test]
fn prefers_longest_registered_value() {
    let redactor = Redactor::builder()
        .register("inner", "cdefghijk")
        .register("outer", "abcdefghijklm")
        .register("longer", "abcdefghijklmnop")
        .build()
        .unwrap();
    assert_eq!(redactor.redact("abcdefghijklmnop"), "[redacted:longer]");
    assert_eq!(redactor.redact("abcdefghijklmno, "), "[redacted:outer]no, ");
    assert_eq!(
        redactor.redact("xbcdefghijklmnop"),
        "xb[redacted:inner]lmnop"
    );
}

#[test]
fn finds_hundreds_of_values() {
    let value = |index: u32| format!("secret-{index:06}-{:08x}", index.wrapping_mul(0x9e37_79b9));
    let builder = (0..300).fold(Redactor::builder(), |builder, index| {
        builder.register("own", &value(index))
    });
    let redactor = builder.build().unwrap();
    for index in 0..300 {
        let line = format!("it is {}, so keep it", value(index));
        assert_eq!(redactor.redact(&line), "it is [redacted:own], so keep it");
    }
}

/// A value is found by its first bytes. These have more than one encoding.
const FIRST: [char; 16] = [
    '"', '\\', '/', '\'', '\n', '\r', '\t', '\u{8}', '\u{c}', '\u{1f}', ' ', '%', '+', 'ä', '€',
    '🔑',
];

#[test]
fn finds_json_value_with_any_first_byte() {
    let json = |text: &str| serde_json::to_string(text).unwrap();
    for first in FIRST {
        let value = format!("{first}registered value");
        let redactor = Redactor::builder().register("own", &value).build().unwrap();
        assert_eq!(redactor.redact(&value), "[redacted:own]", "{first:?}");

        let escaped = json(&value).replace('/', r"\/");
        let mut in_digits = String::from("\"");
        for unit in first.encode_utf16(&mut [0; 2]) {
            write!(in_digits, "\\u{unit:04X}").unwrap();
        }
        in_digits.push_str("registered value\"");
        if matches!(first, '\\' | '%') {
            // These are not found in digits.
            in_digits = json(&value);
        }
        for text in [json(&value), escaped, in_digits] {
            assert_eq!(redactor.redact(&text), r#""[redacted:own]""#, "{text}");
            let twice = json(&text);
            let expected = json(r#""[redacted:own]""#);
            assert_eq!(redactor.redact(&twice), expected, "{twice}");
        }
    }
}

#[test]
fn finds_form_encoded_value_with_any_first_byte() {
    for first in FIRST {
        let value = format!("{first}registered value");
        let redactor = Redactor::builder().register("own", &value).build().unwrap();
        let mut form: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        // A percent sign of the value is found in one encoding.
        for depth in 0..if first == '%' { 1 } else { 3 } {
            assert_eq!(redactor.redact(&form), "[redacted:own]", "{depth}: {form}");
            form = form.replace('%', "%25");
        }
    }
}

#[test]
fn finds_base64_value_with_any_first_byte() {
    let plus = ["YWJ+", "YWJ-", "YWJ%2B", "YWJ%2b"];
    let slash = ["YWI/", "YWI_", "YWI%2F", "YWI%2f", r"YWI\/"];
    for (value, written) in [("ab~registered", &plus[..]), ("ab?registered", &slash)] {
        let redactor = Redactor::builder().register("own", value).build().unwrap();
        for beginning in written {
            let text = format!("{beginning}cmVnaXN0ZXJlZA==");
            assert_eq!(redactor.redact(&text), "[redacted:own]", "{text}");
        }
    }
}

#[test]
fn prefers_first_registered_of_values_with_long_common_prefix() {
    let first = "0123456789abcdef0123456789abcdef, and one";
    let redactor = Redactor::builder()
        .register("first", first)
        .register("other", "0123456789abcdef0123456789abcdef; or other")
        .build()
        .unwrap();
    let line = format!("access_token={first} {first}.");
    let expected = "access_token=[redacted:access_token] [redacted:first].";
    assert_eq!(redactor.redact(&line), expected);
}

#[test]
fn part_of_a_registered_value_at_the_end_of_a_line() {
    let value = "c0ffee15deadbea7fa11acade5ca1ab1";
    let redactor = Redactor::builder().register("own", value).build().unwrap();
    for end in ["", "\n", "\r\n", "...", "…\n"] {
        for length in [8, 16, 31] {
            let text = format!("it is {}{end}", &value[..length]);
            assert_eq!(redactor.redact(&text), format!("it is [redacted:own]{end}"));
        }
        let text = format!("it is {}{end}", &value[..7]);
        assert_eq!(redactor.redact(&text), text);
    }
}

#[test]
fn own_pattern_takes_whole_characters() {
    let redactor = Redactor::builder().pattern("own", "q.|.Q").build().unwrap();
    for text in ["qé", "éQ", "qéQ", "q🔑"] {
        let redacted = redactor.redact_bytes(text.as_bytes());
        assert!(std::str::from_utf8(&redacted).is_ok(), "{text}");
    }
    assert_eq!(redactor.redact("a qé b"), "a [redacted:own] b");
}

#[test]
fn value_behind_a_backslash_keeps_its_first_character_whole() {
    let builder = Redactor::builder().register("own", "éclair-battery");
    let redactor = builder.pattern("own", "🔑").build().unwrap();
    assert_eq!(
        redactor.redact(r"a \éclair-battery b"),
        r"a \[redacted:own] b"
    );
    assert_eq!(
        redactor.redact("a \\éclair-battery b"),
        "a \\[redacted:own] b"
    );
    assert_eq!(redactor.redact("\\🔑"), "\\[redacted:own]");
}

#[test]
fn refuses_keys_that_match_ordinary_text_or_markers() {
    for key in [
        "___",
        "_a_",
        "a-b",
        "-key",
        "key.",
        "re_dacted",
        "acted",
        "k\u{e9}y",
    ] {
        let refused = Redactor::builder().key("own", key).build().err();
        let is_refused = matches!(
            refused,
            Some(RuleError::Key { .. } | RuleError::OccursInMarker)
        );
        assert!(is_refused, "{key}: {refused:?}");
    }
    assert!(
        Redactor::builder()
            .key("own", "x-api.key_2")
            .build()
            .is_ok()
    );
}

#[test]
fn prefers_longest_of_matching_encodings() {
    let redactor = Redactor::builder().register("own", "%25252525").build();
    let redactor = redactor.unwrap();
    assert_eq!(redactor.redact("%25252525|"), "[redacted:own]|");
    assert_eq!(redactor.redact("%2525252525|"), "[redacted:own]|");
}

#[test]
fn colour_without_a_bracket_is_a_part_of_the_value() {
    let redactor = Redactor::new();
    for (text, expected) in [
        (
            r"app_secret => \x1b5ab8758ff267bd",
            "app_secret => [redacted:app_secret]",
        ),
        (
            r"app_secret => \x1b[31m5ab8758ff267bd",
            r"app_secret => \x1b[31m[redacted:app_secret]",
        ),
    ] {
        assert_eq!(redactor.redact(text), expected);
    }
}
