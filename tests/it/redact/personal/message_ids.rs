//! Message and call ids, which contain a phone number in base64.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{OTHER_PHONE_NUMBER, PHONE_NUMBER, Policy, assert_idempotent, key};

const REST: &[u8] = b"\x15\x02\x00\x12\x18\x143A4A6599AEE03810144F\x00";

/// Encodes an id as the platform does: three bytes, the number, and more bytes.
fn encoded(digits: &str, rest: &[u8]) -> String {
    let length = u8::try_from(digits.len()).unwrap();
    let bytes = [&[0x1c, 0x18, length], digits.as_bytes(), rest].concat();
    STANDARD.encode(bytes)
}

#[track_caller]
fn assert_redacted(text: &str, masked: &str, pseudonymous: &str) {
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        let expected = match policy {
            Policy::Mask => masked,
            Policy::Pseudonyms => pseudonymous,
        };
        assert_eq!(redactor.redact(text), expected, "{policy:?}");
        assert_idempotent(&redactor, expected);
    }
}

#[test]
fn number_in_message_id_gets_its_pseudonym() {
    for digits in [
        PHONE_NUMBER,
        OTHER_PHONE_NUMBER,
        "5550142",
        "999999999999999",
    ] {
        let known = key().phone_number(digits).unwrap();
        for rest in [
            REST,
            &REST[..REST.len() - 1],
            &REST[..REST.len() - 2],
            b"\x15",
        ] {
            let id = encoded(digits, rest);
            for (prefix, label) in [("wamid", "message_id"), ("wacid", "call_id")] {
                assert_redacted(
                    &format!("id={prefix}.{id}&next"),
                    &format!("id=[redacted:{label}]&next"),
                    &format!("id={prefix}:{known}&next"),
                );
            }
        }
    }
}

#[test]
fn finds_message_id_in_any_context() {
    let known = key().phone_number(PHONE_NUMBER).unwrap();
    let id = encoded(PHONE_NUMBER, REST);
    for (before, behind) in [
        ("", ""),
        ("xyz", " and so on"),
        (r#"{"id":""#, r#"","status":"read"}"#),
        (r#"{"m":"{\"id\":\""#, r#"\"}"}"#),
        ("/v23.0/", "?fields=id"),
        ("%22", "%22"),
        ("<", ">"),
    ] {
        assert_redacted(
            &format!("{before}wamid.{id}{behind}"),
            &format!("{before}[redacted:message_id]{behind}"),
            &format!("{before}wamid:{known}{behind}"),
        );
    }
}

#[test]
fn truncated_message_id_keeps_pseudonym() {
    let id = encoded(PHONE_NUMBER, REST);
    // Four characters for the three bytes before the number, and fifteen for its eleven digits.
    let known = key().phone_number(PHONE_NUMBER).unwrap();
    for length in 19..id.len() {
        assert_redacted(
            &format!("wamid.{}…", &id[..length]),
            "[redacted:message_id]…",
            &format!("wamid:{known}…"),
        );
    }
}

/// The pseudonym of a part of a number would be that of another number.
#[test]
fn replaces_partial_number_in_message_id() {
    let id = encoded(PHONE_NUMBER, REST);
    let redactor = Policy::Mask.redactor();
    for length in 8..19 {
        let text = format!("wamid.{}", &id[..length]);
        assert_eq!(redactor.redact(&text), "[redacted:message_id]");
    }
    for length in 0..8 {
        let text = format!("wamid.{}", &id[..length]);
        assert_eq!(redactor.redact(&text), text);
    }
}

#[test]
fn replaces_message_id_without_number() {
    for id in [
        // The number in decimal digits of four bits each.
        "gBGGEhJVUBQvAgkOuJbRq54qwbM",
        "ABGGEhJVUBQvAgo6V-Hc5eCgK5Gh",
        // A user id.
        "HBgXVVMuMTM0OTEyMDg2NTUzMDI3NDE5MTgVAgASGA==",
        "////////////",
        "________----",
        "AAAAAAAA",
        "aaaaaaaaa",
    ] {
        assert_redacted(
            &format!("\"wamid.{id}\""),
            "\"[redacted:message_id]\"",
            "\"[redacted:message_id]\"",
        );
    }
}

#[test]
fn url_safe_base64_gives_same_pseudonym() {
    let known = key().phone_number(PHONE_NUMBER).unwrap();
    let id = encoded(PHONE_NUMBER, b"\x15\xfb\xef\xbe\xff\xff\xff\x01");
    assert!(id.contains('+') && id.contains('/') && id.ends_with('='));
    for id in [id.replace('+', "-").replace('/', "_"), id] {
        assert_redacted(
            &format!("wamid.{id}."),
            "[redacted:message_id].",
            &format!("wamid:{known}."),
        );
    }
}

/// The number is before all characters that an encoding changes.
#[test]
fn replaces_number_in_encoded_message_id() {
    let id = encoded(PHONE_NUMBER, b"\x15\xff\xff\xff\x01");
    assert!(id.contains('/') && id.ends_with('='));
    let percent = id.replace('/', "%2F").replace('=', "%3D");
    for id in [percent.replace('%', "%25"), percent, id.replace('/', "\\/")] {
        for policy in Policy::ALL {
            let redactor = policy.redactor();
            let text = format!("wamid.{id}");
            let redacted = redactor.redact(&text);
            assert!(!redacted.contains("MTIxMjU1NTAxND"), "{redacted}");
            assert_idempotent(&redactor, &redacted);
        }
    }
}

#[test]
fn keeps_text_that_only_mentions_ids() {
    let redactor = Policy::Mask.redactor();
    for text in [
        "a wamid is opaque",
        "wamid.",
        "wamid.to_s",
        "the wamid. It is",
        "wacid.len()",
        "WAMID.HBGLMTIXMJU1NTAXNDIV",
    ] {
        assert_eq!(redactor.redact(text), text);
    }
}
