//! Hostile names: a sender's text must neither survive nor break the output.

use serde_json::{Value, json};

use super::{OTHER_PHONE_NUMBER, PHONE_NUMBER, Policy, assert_idempotent, key, marker};

fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "\"",
        "\\",
        "ends with a backslash\\",
        "ends with two\\\\",
        "\\\"",
        "quoted \"Sam\" 'Sammy' Sample",
        "\",\"wa_id\":\"",
        "\\\",\\\"wa_id\\\":\\\"",
        "%22%2C%22name%22%3A%22",
        "\\u0022",
        "line\nfeed\r\nand\ttab\u{8}\u{c}",
        "\u{0}\u{1b}[31mred\u{1b}[0m",
        "separators \u{2028}\u{2029}\u{85}",
        "\u{202e}elpmaS",
        "👩‍👩‍👧‍👦 🇩🇪 é",
        "Zoë Größe 名前 имя",
        "[redacted:name]",
        "[redacted:phone_number] really",
        "[redacted:",
        "redacted:name]",
        "wa:cynnyne45vfh",
        "user:yhjmnnsalm76",
        "wamid:wa:cynnyne45vfh",
        "{\"name\":\"inner\"}",
        "[\"a\",\"b\"]",
        "true",
        "0",
        " ",
        "name",
        "\"name\":",
        "access_token=EAACEdEose0cBAExampleExampleExample",
        "+12125550142",
        "wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQz",
    ]
    .map(str::to_owned)
    .into();
    // Longer than a rule looks ahead.
    names.push("very long ".repeat(410));
    names.push("\\\"".repeat(2048));
    names.push("😀".repeat(1024));
    names
}

fn body(name: &str) -> Value {
    json!({
        "contacts": [
            { "profile": { "name": name, "username": name }, "wa_id": PHONE_NUMBER },
            { "profile": { "name": name }, "wa_id": OTHER_PHONE_NUMBER },
        ],
        "status": "read",
    })
}

fn expected(policy: Policy) -> Value {
    let mut body = body(&marker("name"));
    body["contacts"][0]["wa_id"] = policy.phone_number(PHONE_NUMBER).into();
    body["contacts"][1]["wa_id"] = policy.phone_number(OTHER_PHONE_NUMBER).into();
    body
}

#[track_caller]
fn assert_expected(policy: Policy, redacted: &str) {
    let found: Value = serde_json::from_str(redacted).expect(redacted);
    assert_eq!(found, expected(policy), "{policy:?}");
}

#[test]
fn replaces_hostile_name() {
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        for name in names() {
            let body = body(&name);
            let redacted = redactor.redact(&body.to_string()).into_owned();
            assert_expected(policy, &redacted);
            assert_idempotent(&redactor, &redacted);
            let indented = serde_json::to_string_pretty(&body).unwrap();
            assert_expected(policy, &redactor.redact(&indented));
        }
    }
}

#[test]
fn replaces_hostile_name_in_nested_string() {
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        for name in names() {
            let mut line = body(&name).to_string();
            for depth in 1..=3 {
                line = json!({ "message": line }).to_string();
                let redacted = redactor.redact(&line).into_owned();
                let inner = (0..depth).fold(redacted.clone(), |line, _| {
                    let line: Value = serde_json::from_str(&line).expect(&line);
                    line["message"].as_str().unwrap().to_owned()
                });
                assert_expected(policy, &inner);
                assert_idempotent(&redactor, &redacted);
            }
        }
    }
}

#[test]
fn replaces_hostile_name_in_query() {
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        for name in names() {
            let body = body(&name).to_string();
            let form: String = form_urlencoded::byte_serialize(body.as_bytes()).collect();
            for encoded in [form.replace('+', "%20"), form.replace('%', "%25"), form] {
                let text = format!("/log?body={encoded}&next=1");
                let redacted = redactor.redact(&text);
                let (_, query) = redacted.split_once('?').unwrap();
                let mut value = form_urlencoded::parse(query.as_bytes());
                let mut body = value.next().unwrap().1.into_owned();
                assert_eq!(value.next().unwrap().0, "next", "{redacted}");
                if !body.starts_with('{') {
                    let nested = format!("body={}", body.replace('&', "%26"));
                    let mut nested = form_urlencoded::parse(nested.as_bytes());
                    body = nested.next().unwrap().1.into_owned();
                }
                assert_expected(policy, &body);
            }
        }
    }
}

/// Only a complete pseudonym stays.
#[test]
fn number_cannot_imitate_pseudonym() {
    let known = key().phone_number(PHONE_NUMBER).unwrap();
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        for value in [
            "wa:12125550142",
            "user:12125550142",
            "wa:2027:12125550142",
            "wa:",
            "wa:Sam",
        ] {
            let text = json!({ "wa_id": value }).to_string();
            let masked = json!({ "wa_id": marker("phone_number") }).to_string();
            assert_eq!(redactor.redact(&text), masked);
        }
        for value in [known.clone(), known.replace("wa:", "wa:2027:")] {
            assert_idempotent(
                &redactor,
                &json!({ "wa_id": value, "from": value }).to_string(),
            );
        }
    }
}
