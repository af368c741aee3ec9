//! Known ways in which tokens get into logs, with a test for each.

use hubseal::redact::Redactor;

use crate::common::ACCESS_TOKEN;

fn redact(text: &str) -> String {
    Redactor::new().redact(text).into_owned()
}

#[test]
fn redacts_tokens_in_logged_urls() {
    let token = ACCESS_TOKEN;
    for line in [
        format!(r#"127.0.0.1 - - "GET /me?access_token={token}&fields=id HTTP/1.1" 200 34"#),
        format!("request{{method=GET uri=/debug_token?input_token={token}}}: finished"),
        format!(
            "error sending request for url (https://graph.facebook.com/me?access_token={token}): timeout"
        ),
        format!(
            r#"Error {{ url: "https://graph.facebook.com/me?access_token={token}", source: TimedOut }}"#
        ),
        format!("GET /webhook?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1"),
        format!(
            r#"{{"next":"https:\/\/graph.facebook.com\/me?limit=5\u0026access_token={token}"}}"#
        ),
        format!("redirect_uri=https%3A%2F%2Fa.example%2F%3Faccess_token%3D{token}%26n%3D1"),
    ] {
        let redacted = redact(&line);
        assert!(!redacted.contains(&token[..8]), "{redacted}");
        assert!(redacted.contains("[redacted:"), "{redacted}");
    }
}

#[test]
fn finds_token_after_escape() {
    for before in [
        "%3D",
        "%3d",
        "%253D",
        "%22",
        r"\u003d",
        r"\u0022",
        r"\\u003d",
        r"\n",
        r"\r\n",
        r"\t",
        r"\\n",
        r"\x3d",
        "\u{1b}[0m",
        r"\u001b[3m",
        "=",
        "\"",
        "'",
        "/",
        "_",
        "-",
        ">",
        "…",
        "ü",
        "\n",
        "",
    ] {
        let line = format!("{before}{ACCESS_TOKEN}");
        let expected = format!("{before}[redacted:access_token]");
        assert_eq!(redact(&line), expected);
    }
    for before in ["x", "Z", "7", "xEAA", "%", "%4", "4%a", r"\u00", r"\u003"] {
        let line = format!("{before}{ACCESS_TOKEN}");
        assert_eq!(redact(&line), line);
    }
}

#[test]
fn marker_shows_no_byte_and_splits_no_character() {
    for length in 1..40 {
        let value = "ä🦀b".chars().cycle().take(length).collect::<String>();
        let line = format!("ß verify_token={value} ß");
        assert_eq!(redact(&line), "ß verify_token=[redacted:verify_token] ß");
    }
    // The same marker, however long or different the value.
    let (one, other) = (
        redact(&format!("={ACCESS_TOKEN}")),
        redact(&format!("={ACCESS_TOKEN}ZD7")),
    );
    assert_eq!(one, other);
}

#[test]
fn redacts_secrets_of_any_length_to_their_end() {
    for length in [30, 52, 242, 1000, 100_000] {
        let line = format!("a EAA{} b", "x7".repeat(length / 2));
        assert_eq!(redact(&line), "a [redacted:access_token] b");
    }
}

#[test]
fn keeps_json_escapes_and_numbers_whole() {
    for (line, expected) in [
        (
            r#"{"u":"/?access_token=a\u0026b=1"}"#,
            r#"{"u":"/?access_token=[redacted:access_token]\u0026b=1"}"#,
        ),
        (
            r#"{"u":"access_token=a\nb"}"#,
            r#"{"u":"access_token=[redacted:access_token]\nb"}"#,
        ),
        (
            r#"{"u":"access_token=a\\"}"#,
            r#"{"u":"access_token=[redacted:access_token]\\"}"#,
        ),
        (r#"{"pin":123456}"#, r#"{"pin":"[redacted:pin]"}"#),
        (
            r#"{"m":"\"access_token\":\"abc\\","n":1}"#,
            r#"{"m":"\"access_token\":\"[redacted:access_token]","n":1}"#,
        ),
        (
            r#"{"m":"{\"pin%5C\": 123456}"}"#,
            r#"{"m":"{\"pin%5C\": \"[redacted:pin]\"}"}"#,
        ),
        (
            r#"{"m":"{\"pin\":123456}"}"#,
            r#"{"m":"{\"pin\":\"[redacted:pin]\"}"}"#,
        ),
        (
            r#"{"access_token":null,"u":1}"#,
            r#"{"access_token":null,"u":1}"#,
        ),
        (
            r#"{"u":"access_token=","v":"w"}"#,
            r#"{"u":"access_token=","v":"w"}"#,
        ),
        (
            r#"{"client_secret":"a\"b\\","v":1}"#,
            r#"{"client_secret":"[redacted:app_secret]","v":1}"#,
        ),
    ] {
        let redacted = redact(line);
        serde_json::from_str::<serde_json::Value>(&redacted).expect("it is still JSON");
        let value = |text| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&redacted), value(expected), "{redacted}");
    }
}

#[test]
fn skips_blanks_and_colours_before_value() {
    let redactor = Redactor::new();
    let is_found = |between: &str| {
        let text = format!("\"access_token\":{between}\"9f8e7d6c5b4a3928\"");
        redactor.redact(&text) == format!("\"access_token\":{between}\"[redacted:access_token]\"")
    };
    for blanks in ["", " ", "\t", "\r\n        ", &" ".repeat(1000)] {
        assert!(is_found(blanks), "{blanks:?}");
        for colour in ["\u{1b}[m", "\u{1b}[0m", "\u{1b}[1;31m"] {
            assert!(is_found(&[blanks, colour, colour].concat()), "{colour:?}");
        }
    }
    for no_colour in ["\u{1b}31m", "x[31m", "\u{1b}[31"] {
        assert!(!is_found(no_colour), "{no_colour:?}");
    }
}

#[test]
fn comma_or_unnamed_bracket_is_no_separator() {
    for text in [
        "access_token, 9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "\"access_token\", 9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "access_token,9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "\"access_token\",9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "access_token: (\"9f8e7d6c5b4a39281706f5e4d3c2b1a0\")",
    ] {
        assert_eq!(Redactor::new().redact(text), text);
    }
}

#[test]
fn redacts_credentials_by_scheme_to_closing_quote() {
    for (text, redacted) in [
        (
            r#""authorization":"Custom a1 b2 c3 d4 e5""#,
            r#""authorization":"[redacted:authorization]""#,
        ),
        (
            "authorization: Basic A1",
            "authorization: [redacted:authorization]",
        ),
        ("authorization: Xyzzy A1", "authorization: Xyzzy A1"),
        ("cookie: a=1", "cookie: [redacted:cookie]"),
        ("cookie: =1", "cookie: =1"),
    ] {
        assert_eq!(Redactor::new().redact(text), redacted);
    }
}
