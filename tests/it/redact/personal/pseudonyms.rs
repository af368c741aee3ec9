//! Pseudonyms: known answers, and stability under one key.
//!
//! The answers were computed in Python, independently of this crate:
//!
//! ```python
//! def pseudonym(prefix, key, domain, of):
//!     tag = hmac.new(key, domain + b"\0" + of, hashlib.sha256).digest()
//!     return prefix + ":" + base64.b32encode(tag)[:12].decode().lower()
//!
//! pseudonym("wa", key, b"hubseal/pseudonym/phone number", digits)
//! pseudonym("user", key, b"hubseal/pseudonym/user id", user_id)
//! pseudonym("ip", key, b"hubseal/pseudonym/ip address", ipaddress.ip_address(address).packed)
//! ```

use hubseal::redact::{PersonalData, PseudonymKey, Redactor, RuleError};

use super::{PHONE_NUMBER, Policy, USER_ID, assert_idempotent, key};

const KEYS: [&[u8]; 2] = [
    b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\
      \x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f",
    b"sixteen bytes ok",
];

/// Digits, and their pseudonym under each of the keys.
const PHONE_NUMBERS: [(&str, [&str; 2]); 4] = [
    ("12125550142", ["wa:cynnyne45vfh", "wa:5e22lg2hr555"]),
    ("442079460018", ["wa:7b5qdg3f3yu4", "wa:haif6fx3n7y3"]),
    ("5550142", ["wa:tzdje22hd43b", "wa:5dauzlnk2vu7"]),
    ("999999999999999", ["wa:aeiggq5bu5d2", "wa:gshxkfriokue"]),
];

const USER_IDS: [(&str, [&str; 2]); 2] = [
    (
        "US.13491208655302741918",
        ["user:yhjmnnsalm76", "user:cje7z57clser"],
    ),
    (
        "US.ENT.11815799212886844830",
        ["user:seznholjadqx", "user:es22an5y62cp"],
    ),
];

const IP_ADDRESSES: [(&str, [&str; 2]); 4] = [
    ("192.0.2.1", ["ip:2gr2s2a5rcr4", "ip:u7t4iinvtya6"]),
    ("255.255.255.255", ["ip:dzcgzzrbdbme", "ip:4phrmyjanzcq"]),
    ("2001:db8::1", ["ip:hgj3lybdvuxg", "ip:taaamufni77g"]),
    ("::", ["ip:wftuaotrvhfq", "ip:hdsaiqt7wtwy"]),
];

fn redactor(key: PseudonymKey) -> Redactor {
    let policy = PersonalData::Pseudonyms(key);
    Redactor::builder().personal_data(policy).build().unwrap()
}

#[test]
fn pseudonyms_match_independent_implementation() {
    for (index, key) in KEYS.iter().enumerate() {
        let known = PseudonymKey::new(key).unwrap();
        let redactor = redactor(PseudonymKey::new(key).unwrap());
        for (digits, expected) in PHONE_NUMBERS {
            assert_eq!(known.phone_number(digits).unwrap(), expected[index]);
            let line = format!("wa_id={digits}");
            assert_eq!(redactor.redact(&line), format!("wa_id={}", expected[index]));
        }
        for (id, expected) in USER_IDS {
            let line = format!("user_id={id}");
            assert_eq!(
                redactor.redact(&line),
                format!("user_id={}", expected[index])
            );
        }
        for (address, expected) in IP_ADDRESSES {
            let pseudonym = known.ip_address(address.parse().unwrap());
            assert_eq!(pseudonym, expected[index]);
        }
    }
}

#[test]
fn mapped_address_has_pseudonym_of_its_ipv4_address() {
    let of = |address: &str| key().ip_address(address.parse().unwrap());
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    // An IPv4-compatible address is another address.
    assert_ne!(of("::192.0.2.1"), of("192.0.2.1"));
}

#[test]
fn finds_number_in_every_spelling() {
    let known = key().phone_number(PHONE_NUMBER);
    for spelling in [
        "+12125550142",
        "+1 212 555 0142",
        "+1 (212) 555-0142",
        "1.212.555.0142",
        "tel:+1-212-555-0142",
    ] {
        assert_eq!(key().phone_number(spelling), known, "{spelling}");
    }
    for none in ["", "+", "555-014", "1234567890123456", "nobody"] {
        assert_eq!(key().phone_number(none), None, "{none}");
    }
}

#[test]
fn number_has_one_pseudonym_in_every_spelling() {
    let redactor = Policy::Pseudonyms.redactor();
    let known = key().phone_number(PHONE_NUMBER).unwrap();
    for (text, count) in [
        (r#"{"wa_id":"12125550142","from":"12125550142"}"#, 2),
        (r#"{"from":"+12125550142","to":"+1 (212) 555-0142"}"#, 2),
        (r#"{"display_phone_number":"+1 212-555-0142"}"#, 1),
        (r#"{"phone":"\u002B12125550142"}"#, 1),
        (r#"{"wa_id":12125550142}"#, 1),
        (
            "wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
            1,
        ),
        ("wacid.HBgLMTIxMjU1NTAxNDIVAgARGCAyODRQIAFRoA", 1),
        ("from=%2B12125550142&phone=12125550142", 2),
        ("call +12125550142 back", 1),
    ] {
        let redacted = redactor.redact(text);
        assert_eq!(redacted.matches(&known).count(), count, "{redacted}");
        assert!(!redacted.contains("2125550142"), "{redacted}");
    }
}

#[test]
fn pseudonyms_contain_key_id() {
    for id in ["2027", "a", "key_2-b", "sixteen-letters-"] {
        let with_id = key().with_id(id).unwrap();
        let known = with_id.phone_number(PHONE_NUMBER).unwrap();
        let plain = key().phone_number(PHONE_NUMBER).unwrap();
        assert_eq!(known, plain.replace("wa:", &format!("wa:{id}:")));

        let redactor = redactor(with_id);
        let text = format!(r#"{{"wa_id":"{PHONE_NUMBER}","user_id":"{USER_ID}"}}"#);
        let redacted = redactor.redact(&text);
        assert!(redacted.contains(&known), "{redacted}");
        assert!(redacted.contains(&format!("user:{id}:")), "{redacted}");
        assert_idempotent(&redactor, &redacted);

        let with_id = key().with_id(id).unwrap();
        let address = [192, 0, 2, 1].into();
        let plain = key().ip_address(address);
        let expected = plain.replace("ip:", &format!("ip:{id}:"));
        assert_eq!(with_id.ip_address(address), expected);
    }
}

#[test]
fn refuses_ambiguous_key_ids() {
    for id in ["", "seventeen-letters", "Upper", "a b", "a:b", "é"] {
        assert_eq!(
            key().with_id(id).err(),
            Some(RuleError::PseudonymId),
            "{id}"
        );
    }
    assert_eq!(
        PseudonymKey::new("fifteen bytes..").err(),
        Some(RuleError::PseudonymKey)
    );
}

#[test]
fn phone_numbers_and_user_ids_have_different_pseudonyms() {
    let redactor = Policy::Pseudonyms.redactor();
    let redacted = redactor.redact(r#"{"user_id":"US.12125550142","wa_id":"12125550142"}"#);
    let names: Vec<_> = redacted
        .split('"')
        .filter_map(|text| text.split_once(':'))
        .map(|(_, name)| name)
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(names.len(), 2, "{redacted}");
    assert_ne!(names[0], names[1]);
}
