//! Redacting redacted text again changes nothing, and an imitated marker hides nothing.

use hubseal::redact::{PersonalData, PseudonymKey, Redactor, RedactorBuilder};

const CODE: &str = "AbCdEf0123456789AbCdEf0123456789AbCd";

fn masking() -> RedactorBuilder {
    Redactor::builder().personal_data(PersonalData::Mask)
}

fn pseudonyms() -> RedactorBuilder {
    let key = PseudonymKey::new([7; 32]).unwrap();
    Redactor::builder().personal_data(PersonalData::Pseudonyms(key))
}

/// Redacts the text twice, with the same result.
#[track_caller]
fn assert_becomes(builder: RedactorBuilder, text: &str, expected: &str) {
    let redactor = builder.build().unwrap();
    assert_eq!(redactor.redact(text), expected);
    assert_eq!(redactor.redact(expected), expected, "the second time");
}

#[test]
fn key_in_type_name_does_not_replace_marker_of_first_key() {
    for (text, marker) in [
        ("phone_number:name:Some(\"wa_id\"", "phone_number"),
        ("from:name:Some(\"12125550142\")", "phone_number"),
        ("wa_id:access_token:Some(\"12125550142\")", "phone_number"),
        ("to:text:Some(\"US.13491208655302741918\")", "user_id"),
        ("group_id:name:Some(\"US.13491208655302741918\")", "user_id"),
        ("group_id:name:Some(\"x\")", "group_id"),
        ("pin:access_token:Some(\"123456\")", "pin"),
        (
            "\"authorization\",name:Some(\"Bearer abc12345\")",
            "authorization",
        ),
        ("\"cookie\",name:Some(\"a=1\")", "cookie"),
        ("\"hub_signature\",name:Some(\"sha1=1\")", "signature"),
        (&format!("code:access_token:Some(\"{CODE}\")"), "code"),
    ] {
        let (before, value) = text.split_once("Some(\"").unwrap();
        let end = value.find('"').unwrap();
        let expected = format!("{before}Some(\"[redacted:{marker}]{}", &value[end..]);
        assert_becomes(masking(), text, &expected);
    }
}

#[test]
fn key_in_type_name_does_not_replace_pseudonym() {
    let text = "from:name:Some(\"16505551234\")";
    let expected = "from:name:Some(\"wa:2igmfzpomvuz\")";
    assert_becomes(pseudonyms(), text, expected);
}

#[test]
fn own_key_does_not_replace_marker_of_built_in_key() {
    let own = || {
        masking()
            .key("own", "code")
            .key("own", "pin")
            .key("own", "r_id")
            .key("own", "rom")
    };
    for (text, expected) in [
        ("/?code=abcdefgh1&x", "/?code=[redacted:code]&x"),
        (
            &format!("{{\"code\":\"{CODE}\"}}"),
            "{\"code\":\"[redacted:code]\"}",
        ),
        ("{\"pin\":123456}", "{\"pin\":\"[redacted:pin]\"}"),
        ("pin=123456; x", "pin=[redacted:pin]; x"),
        (
            "{\"pin\":[\"123456\",\"1\"]}",
            "{\"pin\":[\"[redacted:pin]\",\"[redacted:pin]\"]}",
        ),
        (
            "{\"user_id\":\"US.12345678\"}",
            "{\"user_id\":\"[redacted:user_id]\"}",
        ),
        (
            "{\"from\":[\"12125550142\",\"1\"]}",
            "{\"from\":[\"[redacted:phone_number]\",\"[redacted:phone_number]\"]}",
        ),
    ] {
        assert_becomes(own(), text, expected);
    }
}

#[test]
fn colon_after_pseudonym_is_no_part_of_it() {
    assert_becomes(
        pseudonyms(),
        "wa_id:16505551234: ",
        "wa_id:wa:2igmfzpomvuz: ",
    );
    assert_becomes(
        pseudonyms(),
        "wa_id=16505551234::",
        "wa_id=wa:2igmfzpomvuz::",
    );
}

#[test]
fn punctuation_before_marker_does_not_make_value_long() {
    for marks in ["'", ".'", ");'", ",.;'", "....'"] {
        for letters in 0..9 {
            let text = format!("access_token: {},user_id%3A{marks}\\t", "a".repeat(letters));
            let once = masking().build().unwrap().redact(&text).into_owned();
            assert_becomes(masking(), &once, &once);
        }
    }
    let text = "access_token:emailA,user_id%3A'\\t";
    let expected = "access_token:emailA,user_id%3A'[redacted:user_id]";
    assert_becomes(masking(), text, expected);
}

#[test]
fn number_before_message_id_stays() {
    for key in ["from", "pin"] {
        let text = format!("'{key}':123456wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQz");
        let text = text.replace("from':", "from':9");
        let expected = text.replace(
            "wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQz",
            "[redacted:message_id]",
        );
        assert_becomes(masking(), &text, &expected);
    }
}

#[test]
fn imitated_marker_hides_nothing() {
    let own = || {
        masking()
            .key("own", "code")
            .key("own", "pin")
            .key("own", "rom")
    };
    for (text, expected) in [
        // Its label is any text.
        (
            "phone_number:name:Some(\"[redacted:Sam_Sample]\")",
            "phone_number:name:Some(\"[redacted:phone_number]\")",
        ),
        (
            "{\"from\":\"[redacted:4420]\"}",
            "{\"from\":\"[redacted:own]\"}",
        ),
        (
            "{\"code\":\"[redacted:Sam]\"}",
            "{\"code\":\"[redacted:own]\"}",
        ),
        // Text follows it.
        (
            "{\"code\":\"[redacted:code]Sam\"}",
            "{\"code\":\"[redacted:own]\"}",
        ),
        (
            "{\"pin\":\"[redacted:pin]1\"}",
            "{\"pin\":\"[redacted:own]\"}",
        ),
        ("/?code=[redacted:code]Sam", "/?code=[redacted:own]"),
        // A secret follows it in a list.
        (
            "{\"pin\":[\"[redacted:pin]\",\"654321\"]}",
            "{\"pin\":[\"[redacted:pin]\",\"[redacted:pin]\"]}",
        ),
        (
            "{\"from\":[\"[redacted:phone_number]\",\"12125550142\"]}",
            "{\"from\":[\"[redacted:phone_number]\",\"[redacted:phone_number]\"]}",
        ),
        // It is long without the punctuation before the marker.
        (
            "access_token: abcdefghijklmnop.[redacted:x]",
            "access_token: [redacted:access_token]",
        ),
    ] {
        assert_becomes(own(), text, expected);
    }
}

#[test]
fn imitated_pseudonym_hides_no_registered_value() {
    let builder = pseudonyms().register("password", "abcdefghijkl");
    assert_becomes(
        builder,
        "user=user:abcdefghijkl",
        "user=user:[redacted:password]",
    );
}
