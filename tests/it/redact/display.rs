//! URLs, headers and values, shown without secrets.

use std::fmt;

use actix_web::http::header as actix;
use hubseal::redact::{RedactedHeaders, RedactedUrl, Redactor};

const TOKEN: &str = "EAAGm0PX4ZCpsBAExampleExampleExampleExampleExample7ZD";

#[test]
fn url_hides_secret_parameters() {
    for (url, expected) in [
        (
            "/webhook?hub.mode=subscribe&hub.verify_token=a%20b&hub.challenge=1",
            "/webhook?hub.mode=subscribe&hub.verify_token=[redacted:verify_token]&hub.challenge=1",
        ),
        (
            "access_token=a&fields=id",
            "access_token=[redacted:access_token]&fields=id",
        ),
        (
            "https://u:p@a.example/cb?code=a&state=1#access_token=b",
            "https://u:[redacted:password]@a.example/cb?code=[redacted:code]&state=1#access_token=[redacted:access_token]",
        ),
        (
            "/?accessToken=a&client-secret=b&APP_SECRET=c",
            "/?accessToken=[redacted:access_token]&client-secret=[redacted:app_secret]&APP_SECRET=[redacted:app_secret]",
        ),
        (
            "/?access%5Ftoken=a",
            "/?access%5Ftoken=[redacted:access_token]",
        ),
        (
            "/?token=a&password=b",
            "/?token=[redacted:secret]&password=[redacted:secret]",
        ),
        (
            "/?status_code=200&zipcode=10115&access_token=&x",
            "/?status_code=200&zipcode=10115&access_token=&x",
        ),
        ("/path/access_token=none", "/path/access_token=none"),
        ("", ""),
    ] {
        assert_eq!(RedactedUrl(url).to_string(), expected);
        assert_eq!(format!("{:?}", RedactedUrl(url)), format!("\"{expected}\""));
    }
}

#[test]
fn headers_show_harmless_values_only() {
    let bytes = [
        ("Host", &b"a.example"[..]),
        ("X-Hub-Signature-256", b"sha256=a"),
        ("user-agent", b"a\r\n\xff"),
    ];
    assert_eq!(
        format!("{:?}", RedactedHeaders(bytes)),
        r#"{"Host": "a.example", "X-Hub-Signature-256": [redacted:header], "user-agent": "a\r\n�"}"#
    );
}

#[test]
fn shows_at_most_256_bytes_of_a_name_or_value() {
    for (length, end) in [(256, ""), (257, "…")] {
        let [long, shown] = [length, 256].map(|length| "x".repeat(length));
        assert_eq!(
            format!("{:?}", RedactedHeaders([("host", &long)])),
            format!("{{\"host\": \"{shown}{end}\"}}")
        );
        assert_eq!(
            format!("{:?}", RedactedHeaders([(&long, "")])),
            format!("{{\"{shown}{end}\": [redacted:header]}}")
        );
    }
    let characters = "ä".repeat(1000);
    let shown = format!("{:?}", RedactedHeaders([("host", characters)]));
    assert!(shown.ends_with("ä…\"}"), "{shown}");
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
    let expected = r#"{"set-cookie": [redacted:header], "set-cookie": [redacted:header]}"#;
    assert_eq!(format!("{:?}", RedactedHeaders(&map)), expected);
    assert_eq!(format!("{:?}", RedactedHeaders(&of_actix)), expected);
}

#[test]
fn redactor_leaves_redacted_headers_unchanged() {
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
    let headers = RedactedHeaders(names.map(|name| (name, "0f1e2d3c4b5a69788796a5b4c3d2e1f0")));
    let redactor = Redactor::new();
    for text in [
        format!("{headers:?}"),
        format!("{headers:#?}"),
        format!("{:?}", format!("{headers:?}")),
    ] {
        assert_eq!(redactor.redact(&text), text);
    }
}

#[test]
fn redacts_formatted_values() {
    struct Failing;
    impl fmt::Display for Failing {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(TOKEN)?;
            Err(fmt::Error)
        }
    }
    let redactor = Redactor::new();
    let url = format!("/me?access_token={TOKEN}");
    assert_eq!(
        format!("{:#}", redactor.display(format_args!("{:#?}", Some(&url)))),
        "Some(\n    \"/me?access_token=[redacted:access_token]\",\n)"
    );
    assert_eq!(
        redactor.display(&url).to_string(),
        "/me?access_token=[redacted:access_token]"
    );
    assert_eq!(
        redactor.display(format_args!("{url:?}")).to_string(),
        "\"/me?access_token=[redacted:access_token]\""
    );
    assert_eq!(
        format!(
            "{:>4}|{:.2}",
            redactor.display("äb"),
            redactor.display("äbc")
        ),
        "  äb|äb"
    );
    let mut text = String::new();
    assert!(fmt::write(&mut text, format_args!("{}", redactor.display(Failing))).is_err());
    assert_eq!(text, "");
}
