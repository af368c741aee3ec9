//! Personal data.

use super::Table;

#[rustfmt::skip]
pub(super) const MASKED: Table = &[
    (r#"{"from":"16505551234","to":"+1 (650) 555-1234"}"#, r#"{"from":"[redacted:phone_number]","to":"[redacted:phone_number]"}"#),
    (r#"{"from":16505551234}"#, r#"{"from":"[redacted:phone_number]"}"#),
    (r#"{"from":"1234567 - x"}"#, r#"{"from":"1234567 - x"}"#),
    (r#"{"wa_id":"x","user_id":"x","user_id":"US.12345678","from":"US.1234567"}"#, r#"{"wa_id":"[redacted:phone_number]","user_id":"[redacted:user_id]","user_id":"[redacted:user_id]","from":"US.1234567"}"#),
    (r#"{"wa_id":"[redacted:phone_number:34]","wa_id":"wa:4h5kdonq2ecx","wa_id":"wa:16505551234"}"#, r#"{"wa_id":"[redacted:phone_number:34]","wa_id":"wa:4h5kdonq2ecx","wa_id":"[redacted:phone_number]"}"#),
    (r#"{"to":["16505551234","1"],"wa_id":["x","16505551234"]}"#, r#"{"to":["[redacted:phone_number]","[redacted:phone_number]"],"wa_id":["[redacted:phone_number]","[redacted:phone_number]"]}"#),
    (r#"{"to":["x","16505551234"]}"#, r#"{"to":["x","16505551234"]}"#),
    (r#"{"name":"A","text":{"body":"B"},"latitude":37.48,"title":null}"#, r#"{"name":"[redacted:name]","text":{"body":"[redacted:text]"},"latitude":"[redacted:contact]","title":null}"#),
    (r#"name=A "name"="A""#, r#"name=A "name"="A""#),
    ("xfrom=16505551234 -from=16505551234 from=16505551234", "xfrom=16505551234 -from=16505551234 from=[redacted:phone_number]"),
    (r#"{"xfrom":"16505551234"}"#, r#"{"xfrom":"16505551234"}"#),
    ("%22from%22=%22+1 (650) 555-1234%22", "%22from%22=%22[redacted:phone_number]%22"),
    ("wa_id:1234567", "wa_id:[redacted:phone_number]"),
    ("[redacted:phone_number:34] a1234567", "[redacted:phone_number:34] a1234567"),
    ("call +16505551234, %2B16505551234 or +06505551234 or x+16505551234", "call [redacted:phone_number], [redacted:phone_number] or +06505551234 or x+16505551234"),
    ("+1650555123 +1650555 +1650555123456789", "[redacted:phone_number] +1650555 +1650555123456789"),
    ("wamid.HBgLMTY1MDU1NTEyMzQVAgASGA==.", "[redacted:message_id]."),
    ("wamid.abcdefg", "wamid.abcdefg"),
];

#[rustfmt::skip]
pub(super) const LAST_TWO: Table = &[
    (r#"{"from":"16505551234","id":"wamid.HBgLMTY1MDU1NTEyMzQVAgASGA=="} +16505551234"#, r#"{"from":"[redacted:phone_number:34]","id":"[redacted:message_id]"} [redacted:phone_number:34]"#),
    ("[redacted:phone_number:34] a1234567", "[redacted:phone_number:34] a1234567"),
    ("phone: +16505551234", "phone: [redacted:phone_number:34]"),
    (r#""wa_id":"%2B16505551234""#, r#""wa_id":"[redacted:phone_number:34]""#),
    ("%2b16505551234", "[redacted:phone_number:34]"),
];

#[rustfmt::skip]
pub(super) const UNDER_PSEUDONYMS: Table = &[
    (r#"{"from":"+1 (650) 555-1234"} +16505551234"#, r#"{"from":"wa:2igmfzpomvuz"} wa:2igmfzpomvuz"#),
    ("wa_id=16505551234&phone=%2B16505551234", "wa_id=wa:2igmfzpomvuz&phone=wa:2igmfzpomvuz"),
    ("wamid.HBgLMTY1MDU1NTEyMzQVAgASGA==", "wamid:wa:2igmfzpomvuz"),
    ("wamid.abcdefgh", "[redacted:message_id]"),
    (r#"{"user_id":"US.13491208655302741918"}"#, r#"{"user_id":"user:esncsermlsqx"}"#),
    (r#"{"wa_id":["16505551234","1"]}"#, r#"{"wa_id":["[redacted:phone_number]","[redacted:phone_number]"]}"#),
];
