//! Headers in a log.

use actix_web::http::header as actix;
use hubseal::redact::Redactor;

use crate::common::ACCESS_TOKEN;

fn shown(headers: &[(&str, &[u8])]) -> String {
    Redactor::new().headers(headers.iter().copied()).to_string()
}

#[test]
fn shows_values_of_known_harmless_headers_only() {
    let headers = [
        ("Content-Type", b"application/json".as_slice()),
        ("X-Hub-Signature-256", b"sha256=0f1e2d3c4b5a"),
        ("Cookie", b"session=0f1e2d3c4b5a"),
        ("X-Api-Key-Of-Tomorrow", b"0f1e2d3c4b5a"),
        ("content-type-of-tomorrow", b"0f1e2d3c4b5a"),
        ("content-length", b"12"),
        ("X-FB-Trace-ID", b"AbCdEf"),
    ];
    assert_eq!(
        shown(&headers),
        concat!(
            r#"{"Content-Type": "application/json", "X-Hub-Signature-256": [redacted:header], "#,
            r#""Cookie": [redacted:header], "X-Api-Key-Of-Tomorrow": [redacted:header], "#,
            r#""content-type-of-tomorrow": [redacted:header], "content-length": "12", "#,
            r#""X-FB-Trace-ID": "AbCdEf"}"#
        )
    );
}

#[test]
fn accepts_header_maps_of_http_and_actix() {
    let (mut map, mut of_actix) = (http::HeaderMap::new(), actix::HeaderMap::new());
    for value in ["a=b", "c=d"] {
        map.append("set-cookie", value.parse().unwrap());
        of_actix.append(
            actix::SET_COOKIE,
            actix::HeaderValue::from_str(value).unwrap(),
        );
    }
    let redactor = Redactor::new();
    let expected = r#"{"set-cookie": [redacted:header], "set-cookie": [redacted:header]}"#;
    assert_eq!(redactor.headers(&map).to_string(), expected);
    assert_eq!(format!("{:?}", redactor.headers(&of_actix)), expected);
    let lines = format!("{:#}", redactor.headers(&map));
    assert_eq!(lines.lines().count(), 4, "{lines}");
}

#[test]
fn escapes_newlines_and_limits_header_output() {
    let long = "ä".repeat(10_000);
    let text = shown(&[
        (
            "user-agent",
            b"curl\r\nINFO all is well \x1b[2J \xff".as_slice(),
        ),
        ("host", long.as_bytes()),
        (&long, b""),
    ]);
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(
        text.contains(r"curl\r\nINFO all is well \u{1b}[2J"),
        "{text}"
    );
    assert!(text.len() < 1_000 && text.contains("ä…"), "{}", text.len());
}

#[test]
fn shows_at_most_256_bytes_of_a_value() {
    for (length, end) in [(256, ""), (257, "…")] {
        let text = shown(&[("host", "x".repeat(length).as_bytes())]);
        assert_eq!(text, format!("{{\"host\": \"{}{end}\"}}", "x".repeat(256)));
    }
}

#[test]
fn redacts_tokens_in_header_names_and_values() {
    let bearer = format!("Bearer {ACCESS_TOKEN}");
    let text = shown(&[
        ("user-agent", bearer.as_bytes()),
        (ACCESS_TOKEN, b"".as_slice()),
    ]);
    assert!(!text.contains(ACCESS_TOKEN), "{text}");
    assert!(
        text.contains("[redacted:access_token]\": [redacted:header]"),
        "{text}"
    );
}

#[test]
fn second_redactor_leaves_headers_unchanged() {
    let names = [
        "authorization",
        "cookie",
        "set-cookie",
        "x-hub-signature-256",
        "x-access-token",
        "pin",
        "code",
        "x-client_secret",
        "hub.verify_token",
        "proxy-authorization",
    ];
    let redactor = Redactor::new();
    let headers = names.map(|name| (name, "0f1e2d3c4b5a69788796a5b4c3d2e1f0"));
    for text in [
        redactor.headers(headers).to_string(),
        format!("{:?}", redactor.headers(headers).to_string()),
    ] {
        assert_eq!(redactor.redact(&text), text);
    }
}
