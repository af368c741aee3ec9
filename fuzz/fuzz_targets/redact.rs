//! Redaction of any bytes: planted secrets do not survive, chunks make no difference, JSON stays JSON, and
//! twice is once.
//!
//! The first byte selects the rules, the second one the chunk size and the planted secret.
#![no_main]

use std::{io::Write, sync::LazyLock};

use hubseal::redact::{PersonalData, PseudonymKey, Redactor};

/// The bytes from 128 on stand for these, if the first byte says so.
const FRAGMENTS: &[&str] = &[
    "access_token",
    "accessToken",
    "client_secret",
    "appsecret_proof",
    "hub.verify_token",
    "code",
    "pin",
    "authorization",
    "Set-Cookie",
    "x-hub-signature-256",
    "wa_id",
    "from",
    "name",
    "id",
    "messages",
    "user_id",
    "Bearer ",
    "sha256=",
    "TH|",
    "1234567890123456|",
    "482913",
    "12125550142",
    "wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQz",
    "US.13491208655302741918",
    "EAAGm0PX4ZCpsBAExampleExampleExample7ZD",
    "uedEWslfrReoDKxy5o3zjvjvW0j",
    "[redacted:pin]",
    "[redacted:name]",
    "[redacted:",
    "wa:cynnyne45vfh",
    "=>",
    "\\\"",
    "\\\\\\\"",
    "%22",
    "%2522",
    "\\u0022",
    "%3D",
    "%253D",
    "\\u003d",
    "\\n",
    "\r\n",
    "%26",
    "Some(",
    "%2B",
    "%20",
    "...",
    "null",
    "é",
    "\u{1b}[0m",
];

/// Is registered.
const VALUE: &str = "correct horse & \"batterystaple";

/// Texts with a secret, which is in the middle.
const PLANTED: &[[&str; 3]] = &[
    ["{\"access_token\":\"", "qvB73kLrZy0cWnT5", "\"}"],
    ["GET /?client_secret=", "qvB73kLrZy0cWnT5", "&x=1 200"],
    ["{\\\"pin\\\": ", "739164", "}"],
    ["it is ", "EAAqvB73kLrZy0cWnT5qvB73kLrZy0cWnT5qvB7", " now"],
    ["it is ", VALUE, ", now"],
    ["?", "correct+horse+%26+%22batterystaple", "&x"],
    [
        "{\"m\":\"",
        "correct horse \\u0026 \\\"batterystaple",
        "\"}",
    ],
    ["Basic ", "Y29ycmVjdCBob3JzZSAmICJiYXR0ZXJ5c3RhcGxl", "\n"],
];

/// The number of bytes of a secret in a row that must not survive.
const TELLING: usize = 8;

static REDACTORS: LazyLock<Vec<Redactor>> = LazyLock::new(|| {
    let key = PseudonymKey::new([7; 32]).unwrap();
    let builder = || Redactor::builder().register("own", VALUE);
    let builders = [
        builder()
            .key("own", "x-key")
            .pattern("own", "sk_live_[0-9a-z]{8}"),
        builder().personal_data(PersonalData::Mask),
        builder().personal_data(PersonalData::Pseudonyms(key)),
    ];
    builders.map(|builder| builder.build().unwrap()).into()
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(input));

fn check(input: &[u8]) {
    let [rules, cut, text @ ..] = input else {
        return;
    };
    let (rules, cut) = (usize::from(*rules), usize::from(*cut));
    let redactor = &REDACTORS[rules % REDACTORS.len()];
    let text: Vec<u8> = if rules & 0x80 == 0 {
        text.to_vec()
    } else {
        text.iter().flat_map(spelled).copied().collect()
    };
    assert_stable(redactor, &text, cut % 64 + 1);

    let [before, secret, behind] = PLANTED[cut % PLANTED.len()];
    let planted = [before, secret, behind].concat();
    let record = [&text[..], b"\n", planted.as_bytes()].concat();
    assert_hidden(&text, secret, &redactor.redact_bytes(&record));
    if rules & 0x70 == 0x70 {
        let long = repeated(&text, Redactor::MAX_RECORD - 20 * cut - text.len() % 64);
        let line = [&long[..], b" ", planted.as_bytes(), &long].concat();
        let whole = written(redactor, line.chunks(usize::MAX));
        assert_hidden(&long, secret, &whole);
        assert!(whole == written(redactor, line.chunks(1000)), "{text:?}");
    }
}

fn spelled(byte: &u8) -> &[u8] {
    match byte.checked_sub(128) {
        Some(number) => FRAGMENTS[usize::from(number) % FRAGMENTS.len()].as_bytes(),
        None => std::slice::from_ref(byte),
    }
}

/// Returns a line of this length.
fn repeated(text: &[u8], length: usize) -> Vec<u8> {
    let line = text.iter().copied().filter(|byte| *byte != b'\n');
    line.chain([b' ']).cycle().take(length).collect()
}

fn assert_stable(redactor: &Redactor, text: &[u8], size: usize) {
    let shown = String::from_utf8_lossy(text);
    let once = redactor.redact_bytes(text);
    assert_eq!(redactor.redact_bytes(&once), once, "twice, of {shown:?}");
    assert_eq!(
        written(redactor, text.chunks(size)),
        written(redactor, text.chunks(usize::MAX)),
        "in chunks, of {shown:?}"
    );
    let is_json = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).is_ok();
    assert!(!is_json(text) || is_json(&once), "{shown:?}");
    if let Ok(text) = str::from_utf8(text) {
        assert_eq!(redactor.redact(text).as_bytes(), &*once);
        let json = serde_json::json!({ "message": text, "pin": 482_913 }).to_string();
        let redacted = redactor.redact(&json);
        assert!(is_json(redacted.as_bytes()), "{json}\n became {redacted}");
    }
}

fn written<'t>(redactor: &Redactor, chunks: impl Iterator<Item = &'t [u8]>) -> Vec<u8> {
    let mut writer = redactor.writer(Vec::new());
    chunks.for_each(|chunk| writer.write_all(chunk).unwrap());
    writer.finish().unwrap()
}

/// Checks that no telling part of the secret is left, unless it is in the other text.
fn assert_hidden(other: &[u8], secret: &str, redacted: &[u8]) {
    let [other, redacted] = [other, redacted].map(String::from_utf8_lossy);
    for start in 0..=secret.len().saturating_sub(TELLING) {
        let part = &secret[start..secret.len().min(start + TELLING)];
        if let Some(at) = redacted.find(part).filter(|_| !other.contains(part)) {
            let (before, behind) = redacted.split_at(at);
            let before: String = before.chars().rev().take(500).collect();
            let before: String = before.chars().rev().collect();
            let behind: String = behind.chars().take(100).collect();
            panic!("{part:?} of {secret:?} is left behind {before:?}: {behind:?}");
        }
    }
}
