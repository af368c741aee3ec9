//! Custom rules: which are refused, and how they interact with built-in rules.

use hubseal::redact::{Alphabet, Family, Redactor, RedactorBuilder, RuleError};

fn refused(builder: RedactorBuilder) -> RuleError {
    builder.build().err().expect("this rule is refused")
}

#[test]
fn refuses_values_that_match_ordinary_text() {
    let label = || "session".to_owned();
    for short in ["", "e", "1234567"] {
        let error = refused(Redactor::builder().register("session", short));
        assert_eq!(error, RuleError::TooShort { label: label() });
        assert!(short.is_empty() || !error.to_string().contains(&format!(" {short} ")));
    }
    let longest = "x".repeat(16 * 1024);
    assert!(
        Redactor::builder()
            .register("session", &longest)
            .build()
            .is_ok()
    );
    let error = refused(Redactor::builder().register("session", &(longest + "x")));
    assert_eq!(error, RuleError::TooLong { label: label() });
}

#[test]
fn does_not_show_value_passed_as_label() {
    for value in [
        "Hunter2!Hunter2!",
        "9f8e7d6c5b4a39281706f5e4d3c2b1a0x",
        "",
        "a-b",
        "ü",
    ] {
        let error = refused(Redactor::builder().register(value, "x"));
        assert_eq!(error, RuleError::Label);
    }
}

#[test]
fn refuses_rules_that_match_markers() {
    let occurs = RuleError::OccursInMarker {
        label: "own".to_owned(),
    };
    for value in [
        "redacted",
        "[redacted:",
        "access_token",
        "app_access_token]",
    ] {
        assert_eq!(refused(Redactor::builder().register("own", value)), occurs);
    }
    let shape = |anchor| Redactor::builder().shape("own", anchor, Alphabet::ALPHANUMERIC, 8);
    assert_eq!(refused(shape("[redacted")), occurs);
    assert_eq!(refused(shape("own]")), occurs);
    for key in ["redacted", "REDACTED", "acted", "ted"] {
        assert_eq!(refused(Redactor::builder().key("own", key)), occurs);
    }
    // Whichever of the two comes first.
    let later = Redactor::builder()
        .register("own", "mail_password")
        .register("mail_password", "12345678");
    assert_eq!(refused(later), occurs);
}

#[test]
fn bounds_anchors_keys_and_lengths() {
    let anchor = RuleError::Anchor {
        label: "own".to_owned(),
    };
    let thirty_three = "a".repeat(33);
    for bad in ["", "ab", "späť", "a b c", "tab\tbed", thirty_three.as_str()] {
        let shape = Redactor::builder().shape("own", bad, Alphabet::ALPHANUMERIC, 8);
        assert_eq!(refused(shape), anchor, "{bad:?}");
        assert_eq!(
            refused(Redactor::builder().key("own", bad)),
            anchor,
            "{bad:?}"
        );
    }
    assert_eq!(refused(Redactor::builder().key("own", "a=b")), anchor);
    for (least, fits) in [(0, false), (7, false), (8, true), (64, true), (65, false)] {
        let shape = Redactor::builder().shape("own", "tok_", Alphabet::HEXADECIMAL, least);
        assert_eq!(shape.build().is_ok(), fits, "{least}");
    }
}

#[test]
fn truncated_token_needs_half_and_at_least_8_characters() {
    let characters = "1a".repeat(32);
    for (least, enough) in [(8, 8), (15, 8), (19, 9), (64, 32)] {
        let redactor = Redactor::builder()
            .shape("own", "tok_", Alphabet::ALPHANUMERIC, least)
            .build()
            .unwrap();
        for cut_off in ["", "...", "…"] {
            let line = |length| format!("tok_{}{cut_off}", &characters[..length]);
            let expected = format!("[redacted:own]{cut_off}");
            assert_eq!(redactor.redact(&line(enough)), expected, "{least}");
            let short = line(enough - 1);
            assert_eq!(redactor.redact(&short), short, "{least}");
        }
    }
}

#[test]
fn only_ambiguous_rules_can_be_disabled() {
    let optional = [Family::Bearer, Family::Code, Family::Cookie];
    for &family in Family::ALL {
        assert_eq!(family.is_mandatory(), !optional.contains(&family));
        let outcome = Redactor::builder().without(family).build().err();
        let mandatory = family
            .is_mandatory()
            .then_some(RuleError::Mandatory { family });
        assert_eq!(outcome, mandatory, "{family}");
    }
    let line = "Cookie: sid=41f09cab; theme=dark";
    let without = Redactor::builder().without(Family::Cookie).build().unwrap();
    assert_eq!(without.redact(line), line);
    assert_eq!(Redactor::new().redact(line), "Cookie: [redacted:cookie]");
}

#[test]
fn non_ascii_byte_does_not_extend_alphabet() {
    for byte in 128..=255 {
        let and = Alphabet::ALPHANUMERIC.and(&[byte]);
        assert_eq!(and, Alphabet::ALPHANUMERIC, "{byte}");
        assert!(!and.contains(byte));
    }
}

#[test]
fn reports_first_refused_rule() {
    let builder = Redactor::builder()
        .register("one", "short")
        .without(Family::Pin)
        .register("Two", "long enough");
    assert!(matches!(refused(builder), RuleError::TooShort { label } if label == "one"));
}

#[test]
fn finds_hundreds_of_values_and_refuses_too_many() {
    let value = |index: u32| format!("secret-{index:06}-{:08x}", index.wrapping_mul(0x9e37_79b9));
    let registered = |count: u32| {
        (0..count).fold(Redactor::builder(), |builder, index| {
            builder.register("secret", &value(index))
        })
    };
    let redactor = registered(200).build().unwrap();
    for index in 0..200 {
        let line = format!("it is {}, so keep it", value(index));
        assert_eq!(
            redactor.redact(&line),
            "it is [redacted:secret], so keep it"
        );
    }
    assert!(matches!(refused(registered(300)), RuleError::TooMany));
}

/// Each is written in more than one way, and what a value begins with is what it is found by.
const FIRST: [char; 16] = [
    '"', '\\', '/', '\'', '\n', '\r', '\t', '\u{8}', '\u{c}', '\u{1f}', ' ', '%', '+', 'ä', '€',
    '🔑',
];

#[cfg(feature = "json")]
#[test]
fn finds_json_value_with_any_first_byte() {
    use std::fmt::Write as _;

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
        for depth in 0..3 {
            assert_eq!(redactor.redact(&form), "[redacted:own]", "{depth}: {form}");
            form = form.replace('%', "%25");
        }
    }
}

/// What tells the alphabets apart is among the characters that the value is found by.
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
fn prefers_first_then_longest_of_overlapping_values() {
    let redactor = Redactor::builder()
        .register("inner", "cdefghijk")
        .register("outer", "abcdefghijklm")
        .register("longer", "abcdefghijklmnop")
        .build()
        .unwrap();
    assert_eq!(redactor.redact("abcdefghijklmnop"), "[redacted:longer]");
    assert_eq!(redactor.redact("abcdefghijklmno"), "[redacted:longer]");
    assert_eq!(redactor.redact("abcdefghijklmno, "), "[redacted:outer]no, ");
    assert_eq!(
        redactor.redact("xbcdefghijklmnop"),
        "xb[redacted:inner]lmnop"
    );
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

/// The per cent sign may be meant as it is, or as the `%25` that it is encoded as.
#[test]
fn prefers_longest_of_matching_encodings() {
    let redactor = Redactor::builder().register("own", "%25252525").build();
    let redactor = redactor.unwrap();
    assert_eq!(redactor.redact("%25252525|"), "[redacted:own]|");
    assert_eq!(redactor.redact("%2525252525|"), "[redacted:own]|");
}
