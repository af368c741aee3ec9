//! Log lines of a service, and numbers that are not personal.

use std::borrow::Cow;

use super::{PHONE_NUMBER, Policy, USER_ID, assert_idempotent};

/// Lines and their redacted form. `<wa>` is the replacement of the phone number, `<user>` of the user id.
const REPLACED: &[(&str, &str)] = &[
    ("from=+12125550142 took 3 ms", "from=<wa> took 3 ms"),
    ("from=12125550142", "from=<wa>"),
    ("wa_id=12125550142", "wa_id=<wa>"),
    (
        "wa_id: 12125550142, status: read",
        "wa_id: <wa>, status: read",
    ),
    ("wa_id = 12125550142", "wa_id = <wa>"),
    ("from: +1-212-555-0142.", "from: <wa>."),
    ("wa_id='12125550142'", "wa_id='<wa>'"),
    (
        r#"recipient_id="12125550142" status="sent""#,
        r#"recipient_id="<wa>" status="sent""#,
    ),
    ("?phone=12125550142&text=hello", "?phone=<wa>&text=hello"),
    (
        "GET /1065/call_permissions?user_wa_id=12125550142",
        "GET /1065/call_permissions?user_wa_id=<wa>",
    ),
    (
        "call_permissions?recipient=US.13491208655302741918",
        "call_permissions?recipient=<user>",
    ),
    ("call +12125550142, please", "call <wa>, please"),
    ("tel:+12125550142", "tel:<wa>"),
    ("(+12125550142)", "(<wa>)"),
    ("to=whatsapp:+12125550142", "to=whatsapp:<wa>"),
    ("to=%2B12125550142&from=%2b12125550142", "to=<wa>&from=<wa>"),
    ("\\n+12125550142", "\\n<wa>"),
    ("?from=%2B1%20%28212%29%20555-0142&to=7", "?from=<wa>&to=7"),
    ("?from=%2B1+212+555+0142&to=7", "?from=<wa>&to=7"),
    ("?text=%2B12125550142%203%20times", "?text=<wa>%203%20times"),
    (
        "%2522from%2522%253A%2522%252B1%2520212%2520555.0142%2522",
        "%2522from%2522%253A%2522<wa>%2522",
    ),
    // The quotes of the first key are encoded in different ways, so it is none.
    (
        r"%22user_id\u0022: hub.verify_token': 'correct-horse",
        r"%22user_id\u0022: hub.verify_token': '[redacted:verify_token]",
    ),
    // Output of `Debug`.
    (
        r#"Message { from: "12125550142", to: Some("+1 212 555 0142"), id: 7, kind: Text }"#,
        r#"Message { from: "<wa>", to: Some("<wa>"), id: 7, kind: Text }"#,
    ),
    (
        r#"Contact { wa_id: Some("12125550142"), profile: Profile { name: "Sample \"Sam\" Customer", username: None } }"#,
        r#"Contact { wa_id: Some("<wa>"), profile: Profile { name: "[redacted:name]", username: None } }"#,
    ),
    (
        "Text {\n    body: \"Yes, tomorrow\",\n    caption: Some(\n        \"So long\",\n    ),\n}",
        "Text {\n    body: \"[redacted:text]\",\n    caption: Some(\n        \"[redacted:text]\",\n    ),\n}",
    ),
    (
        r#"{"wa_id": "12125550142", "user_id": Some("US.13491208655302741918")}"#,
        r#"{"wa_id": "<wa>", "user_id": Some("<user>")}"#,
    ),
    // Fields, one behind the other, in colours, and cut off.
    (
        "from=12125550142,to=+12125550142;wa_id=12125550142|ok",
        "from=<wa>,to=<wa>;wa_id=<wa>|ok",
    ),
    (
        "user_id=US.13491208655302741918,from=12125550142",
        "user_id=<user>,from=<wa>",
    ),
    (
        "message.from=12125550142 contact.wa_id=\"12125550142\"",
        "message.from=<wa> contact.wa_id=\"<wa>\"",
    ),
    (
        "\u{1b}[3mfrom\u{1b}[0m\u{1b}[2m=\u{1b}[0m12125550142 \u{1b}[3mname\u{1b}[0m\u{1b}[2m=\u{1b}[0m\"Sample\"",
        "\u{1b}[3mfrom\u{1b}[0m\u{1b}[2m=\u{1b}[0m<wa> \u{1b}[3mname\u{1b}[0m\u{1b}[2m=\u{1b}[0m\"[redacted:name]\"",
    ),
    (
        r"received\nfrom=12125550142\nto=12125550142",
        r"received\nfrom=<wa>\nto=<wa>",
    ),
    (
        "?next=%2F%3Ffrom%3D12125550142%26to%3D12125550142",
        "?next=%2F%3Ffrom%3D<wa>%26to%3D<wa>",
    ),
    ("from=12125550142…", "from=<wa>…"),
    (r#"{"from":"12125550142..."#, r#"{"from":"<wa>..."#),
    (
        r#"INFO received name="Sample Customer" text="Yes, tomorrow" size=812"#,
        r#"INFO received name="[redacted:name]" text="[redacted:text]" size=812"#,
    ),
    // Numbers that are no strings.
    (r#"{"wa_id":12125550142}"#, r#"{"wa_id":"<wa>"}"#),
    (
        r#"{"wa_id": 12125550142 , "to":12125550142}"#,
        r#"{"wa_id": "<wa>" , "to":"<wa>"}"#,
    ),
    (r#"{\"wa_id\":12125550142}"#, r#"{\"wa_id\":\"<wa>\"}"#),
    (
        r#"{"latitude":-33.8688,"longitude":1e2}"#,
        r#"{"latitude":"[redacted:contact]","longitude":"[redacted:contact]"}"#,
    ),
    // Lists.
    (
        r#"{"to":["12125550142","+442079460018", "x"],"from":["12125550142"]}"#,
        r#"{"to":["[redacted:phone_number]","[redacted:phone_number]", "[redacted:phone_number]"],"from":["[redacted:phone_number]"]}"#,
    ),
    (
        r#"{"user_id":["US.13491208655302741918","1"],"name":["Sample","Customer"]}"#,
        r#"{"user_id":["[redacted:user_id]","[redacted:user_id]"],"name":["[redacted:name]","[redacted:name]"]}"#,
    ),
    // Under these keys, whatever it is.
    (
        r#"{"wa_id":"unknown"}"#,
        r#"{"wa_id":"[redacted:phone_number]"}"#,
    ),
    (r#"{"user_id":"1"}"#, r#"{"user_id":"[redacted:user_id]"}"#),
    // A prefix alone makes no pseudonym of it.
    (
        r#"{"wa_id":"wa:442079460018","phone":"wa:unknown"}"#,
        r#"{"wa_id":"[redacted:phone_number]","phone":"[redacted:phone_number]"}"#,
    ),
    (
        r#"{"phone":"555-0134 ext. 9"}"#,
        r#"{"phone":"[redacted:phone_number]"}"#,
    ),
];

/// Lines without personal numbers.
const KEPT: &[&str] = &[
    r#"{"phone_number_id":"106540352242922","id":"102290129340398"}"#,
    r#"{"id":"102290129340398","changes":[]}"#,
    r#"{"entry":[{"id":"102290129340398","time":1749416383,"changes":[]}]}"#,
    "phone_number_id=106540352242922 waba_id=102290129340398",
    "POST /v23.0/106540352242922/messages 200",
    r#"{"timestamp":"1749416383","expiration_timestamp":1749502783}"#,
    r#"{"order_id":"20260131000042","reference_id":"12125550142"}"#,
    r#"{"from":"2026-01-01","to":"2026-01-31"}"#,
    r#"{"from":"2026-01-01T00:00:00Z","to":"2026-01-31 23:59:59"}"#,
    r#"{"from":"203.0.113.170","to":"198.51.100.2:8443"}"#,
    r#"{"from":"1.2.3","to":"2.0.0-rc.1"}"#,
    r#"{"from":"pending","to":"active","user":"deploy","customer":"example"}"#,
    r#"{"from":12,"to":999999}"#,
    r#"{"from":["a","12125550142"],"id":["12125550142"],"messages":[]}"#,
    "moved from 12125550142 to 12125550117",
    "range from: 0, to: 4096",
    "from=eu-central-1 to=us-east-1",
    "203.0.113.17:54321 connected",
    "hubseal/1.2.3+20260131",
    "from=1.10.20260131 to=2.0.0-beta.20260131",
    "+0012125550142",
    "1+12125550142",
    "+1234567",
    "+1234567890123456",
    "+12125550142x",
    "2026-01-31T12:00:00.000+01:00",
    "eta +10000000ns",
    "name=worker text=none",
    "name: worker, url: none",
    r#"{"name":{"first":1},"text":{},"body":null,"title":true,"url":[]}"#,
    r#"{"name":"","wa_id":"","from":"","user_id":""}"#,
    r#"{"name":[""],"wa_id":[""],"from":["",""],"user_id":[""]}"#,
    r#"{"wa_id":null,"user_id":null}"#,
    "if wa_id==expected_wa_id {",
    r#"{"username_hint":"on","rename":"on","file.name":"on"}"#,
    r#"{"message":"no name: "}"#,
    r#"service.name="hubseal" http.url="https://example.org""#,
    "from=12125550142-12125550142 to=1749416383.5",
    "my-name=\"on\" self.name=\"on\" surname: \"on\"",
    r#"{"id":"wa_id","key":"from","value":"to"}"#,
];

#[test]
fn redacts_log_lines() {
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        let (number, user) = (policy.phone_number(PHONE_NUMBER), policy.user_id(USER_ID));
        for (line, expected) in REPLACED {
            let expected = expected.replace("<wa>", &number).replace("<user>", &user);
            assert_eq!(redactor.redact(line), expected, "{policy:?}");
            assert_idempotent(&redactor, &expected);
        }
    }
}

#[test]
fn keeps_numbers_that_are_not_personal() {
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        for line in KEPT {
            let redacted = redactor.redact(line);
            assert!(matches!(redacted, Cow::Borrowed(_)), "{line}\n{redacted}");
        }
    }
}

#[test]
fn plus_distinguishes_phone_numbers_from_dates_and_addresses() {
    let redactor = Policy::Mask.redactor();
    for number in [
        "+2026-01-31",
        "+203.0.113.170",
        "2026-0131",
        "20260131",
        "203-0-113-170",
    ] {
        let text = format!(r#"{{"from":"{number}"}}"#);
        assert_eq!(
            redactor.redact(&text),
            r#"{"from":"[redacted:phone_number]"}"#
        );
    }
    // Under a key that holds nothing else, all of them are taken for one.
    for number in ["2026-01-31", "203.0.113.170"] {
        let text = format!(r#"{{"wa_id":"{number}"}}"#);
        assert_eq!(
            redactor.redact(&text),
            r#"{"wa_id":"[redacted:phone_number]"}"#
        );
    }
}

#[test]
fn bare_numbers_have_8_to_15_digits() {
    let redactor = Policy::Mask.redactor();
    for number in ["+29020014", "+290200142079460"] {
        let line = format!("call {number}, please");
        assert_eq!(
            redactor.redact(&line),
            "call [redacted:phone_number], please"
        );
    }
    for number in ["+2902001", "+2902001420794600"] {
        let line = format!("call {number}, please");
        assert_eq!(redactor.redact(&line), line);
    }
}

#[test]
fn recognises_conversation_id_by_following_text() {
    let redactor = Policy::Mask.redactor();
    for (before, behind) in [
        (r#"{"id":""#, r#"","messages":[]}"#),
        (r#"{"id": ""#, "\",\n        \"context\": {}}"),
        (
            "{\n  \"id\": \"",
            "\",\n                                        \"messages\": []",
        ),
        (r#"{\"id\":\""#, r#"\",\"messages\":[]}"#),
        ("%22id%22%3A%22", "%22%2C%22messages%22%3A%5B%5D"),
    ] {
        let [text, expected] =
            [PHONE_NUMBER, "[redacted:phone_number]"].map(|id| format!("{before}{id}{behind}"));
        assert_eq!(redactor.redact(&text), expected);
        assert_idempotent(&redactor, &expected);
    }
    for behind in [
        "",
        "\"",
        "\",",
        "\",\"",
        "\",\"message",
        "\",\"messages",
        "\",\"changes\":[]",
    ] {
        let text = format!(r#"{{"id":"{PHONE_NUMBER}{behind}"#);
        assert_eq!(redactor.redact(&text), text);
    }
}
