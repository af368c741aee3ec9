//! Properties of the redactor on generated texts.

use std::{borrow::Cow, io::Write};

use hubseal::redact::{PersonalData, PseudonymKey, Redactor};
use proptest::{collection::vec, prelude::*, sample::select};

use super::corpus::{message, survives};

const KEYS: &[&str] = &[
    "access_token",
    "client_secret",
    "hub.verify_token",
    "code",
    "pin",
    "authorization",
    "cookie",
    "x-hub-signature-256",
    "wa_id",
    "from",
    "user_id",
    "user",
    "group_id",
    "name",
    "body",
    "latitude",
    "id",
    "messages",
];
const VALUES: &[&str] = &[
    "EAAGm0PX4ZCpsBA",
    "1234567890123456",
    "482913",
    "12125550142",
    "HBgLMTIxMjU1NTAxNDIVAgASGBQz",
    "US.13491208655302741918",
    "2026-01-31",
    "[redacted:pin]",
    "[redacted:name]",
    "[redacted:phone_number]",
    "[redacted:",
    "wa:cynnyne45vfh",
    "wamid:wa:cynnyne45vfh",
    "user:yhjmnnsalm76",
    "n0t-a\"secret\\é",
    "n0t-a%22secret",
];
const OTHERS: &[&str] = &[
    "EAA",
    "Bearer",
    "Basic",
    "sha256",
    "wamid.",
    "wacid.",
    "wa:",
    "tel:",
    "|",
    "=",
    ":",
    "=>",
    ",",
    " ",
    "\"",
    "'",
    "\\\"",
    "\\\\\\\"",
    "%22",
    "%2522",
    "\\u0022",
    "%3D",
    "%3A",
    "\\n",
    "\n",
    "&",
    "?",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "Some(",
    "+",
    "%2B",
    "%20",
    "-",
    ".",
    "...",
    "null",
    "x",
    "é",
    "😀",
    "\\",
    "%",
    "u00",
    "b",
    ";",
    "/",
    "\u{1b}[0m",
];

thread_local! {
    static REDACTORS: [Redactor; 3] = redactors();
}

fn redactors() -> [Redactor; 3] {
    let key = PseudonymKey::new([7; 32]).unwrap();
    let personal = |policy| Redactor::builder().personal_data(policy).build().unwrap();
    [
        Redactor::builder()
            .register("own", "n0t-a\"secret\\é")
            .pattern("pattern", "sk_[a-z]{8}")
            .build()
            .unwrap(),
        personal(PersonalData::Mask),
        personal(PersonalData::Pseudonyms(key)),
    ]
}

fn each(check: impl FnMut(&Redactor)) {
    REDACTORS.with(|redactors| redactors.iter().for_each(check));
}

fn fragment() -> impl Strategy<Value = &'static str> {
    prop_oneof![1 => select(KEYS), 1 => select(VALUES), 2 => select(OTHERS)]
}

/// Generates a key with its value, which random fragments seldom are.
fn pair() -> impl Strategy<Value = String> {
    let quote = select(vec!["\"", "\\\"", "%22", "'", ""]);
    let separator = select(vec![":", ": ", "=", "%3A", " => ", ":Some("]);
    let value = vec(fragment(), 0..6);
    (quote, separator, select(KEYS), value, any::<bool>()).prop_map(
        |(quote, separator, key, value, is_list)| {
            let open = if is_list { "[" } else { "" };
            let value = value.concat();
            format!("{quote}{key}{quote}{separator}{open}{quote}{value}{quote}")
        },
    )
}

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![3 => fragment().prop_map(str::to_owned), 2 => pair()];
    vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// Puts the text into as many JSON strings.
fn nested(text: String, level: usize) -> String {
    (0..level).fold(text, |text, _| message(&text))
}

/// More cases than usual, because they are quick.
fn cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.saturating_mul(8),
        ..usual
    }
}

fn hides(secret: &str, text: &str) {
    each(|redactor| {
        let redacted = redactor.redact(text);
        assert!(!survives(secret, &redacted), "{text}\n became {redacted}");
    });
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn twice_is_once(text in text()) {
        each(|redactor| {
            let once = redactor.redact(&text).into_owned();
            assert_eq!(redactor.redact(&once), &*once, "of {text}");
        });
    }

    #[test]
    fn json_stays_json(text in text(), level in 0..3_usize) {
        let json = serde_json::json!({ "m": text, "pin": 482_913, "to": ["12125550142"] });
        let json = nested(json.to_string(), level);
        each(|redactor| {
            let redacted = redactor.redact(&json);
            let parsed = serde_json::from_str::<serde_json::Value>(&redacted);
            assert!(parsed.is_ok(), "{json}\n became {redacted}");
        });
    }

    #[test]
    fn unchanged_text_is_borrowed(text in prop_oneof![text(), "[ -~é\n]{0,80}".boxed()]) {
        each(|redactor| {
            let redacted = redactor.redact(&text);
            let is_unchanged = redacted == text.as_str();
            // A marker is replaced with itself.
            assert!(!is_unchanged || text.contains("[redacted:") || matches!(redacted, Cow::Borrowed(_)), "{text}");
        });
    }

    #[test]
    fn ordinary_line_stays(words in vec(select(vec![
        "INFO", "2026-01-31T12:00:00.123Z", "hubseal:", "took=3ms", "status=200", "code=131047",
        "GET /v23.0/106540352242922/messages", "[::1]:8080", "key=\"current\"", "authorization",
        "token", "{\"level\":\"INFO\",\"n\":1.5}", "cf23df2207d99a74fbe169e3eba035e633b65d94", "100%",
        "cookie", "Basic", "größer", "phone_number_id=106540352242922", "1,024", "(of", "3)", "pin",
    ]), 0..12)) {
        let line = words.join(" ");
        each(|redactor| assert_eq!(redactor.redact(&line), line.as_str()));
    }

    #[test]
    fn planted_secret_does_not_survive(
        before in text(),
        key in select(vec!["access_token", "client_secret", "appsecret_proof", "hub.verify_token"]),
        secret in "[A-Za-z0-9]{16,40}",
        level in 0..3_usize,
    ) {
        let text = nested(serde_json::json!({ key: secret }).to_string(), level);
        let text = format!("{before}\n{text}");
        hides(&secret, &text);
    }

    #[test]
    fn planted_token_does_not_survive(
        before in "[ -~]{0,40}",
        app in prop_oneof!["", "[1-9][0-9]{15}\\|"],
        token in "EAA[A-Za-z0-9]{40,80}",
        level in 0..3_usize,
    ) {
        let token = if app.is_empty() { token } else { token[3..30].to_owned() };
        let text = nested(format!("{before} {app}{token} and more"), level);
        hides(&token, &text);
    }

    #[test]
    fn registered_value_does_not_survive(
        value in "[ -~é😀]{8,30}",
        level in 0..4_usize,
        percent in 0..3_usize,
    ) {
        let Ok(redactor) = Redactor::builder().register("own", &value).build() else {
            return Ok(());
        };
        let json = redactor.redact(&nested(format!("<{value}>"), level)).into_owned();
        prop_assert!(json.contains("<[redacted:own]>"), "{} became {}", value, json);
        let form: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let form = (0..percent).fold(form, |form, _| form.replace('%', "%25"));
        let form = redactor.redact(&format!("?<{form}>")).into_owned();
        prop_assert!(form.contains("<[redacted:own]>"), "{} became {}", value, form);
    }

    #[test]
    fn chunks_make_no_difference(text in text(), sizes in vec(1..40_usize, 1..10)) {
        each(|redactor| {
            let mut whole = redactor.writer(Vec::new());
            whole.write_all(text.as_bytes()).unwrap();
            let mut in_chunks = redactor.writer(Vec::new());
            let mut rest = text.as_bytes();
            for size in sizes.iter().cycle() {
                let (chunk, others) = rest.split_at((*size).min(rest.len()));
                in_chunks.write_all(chunk).unwrap();
                rest = others;
                if rest.is_empty() {
                    break;
                }
            }
            let [found, expected] = [in_chunks, whole].map(|writer| {
                String::from_utf8(writer.finish().unwrap()).unwrap()
            });
            assert_eq!(found, expected);
        });
    }
}
