//! Personal data.

use super::Table;

#[rustfmt::skip]
pub(super) const MASKED: Table = &[
    (r#"{"from":"16505551234","to":"+1 (650) 555-1234"}"#, r#"{"from":"[redacted:phone_number]","to":"[redacted:phone_number]"}"#),
    (r#"{"from":16505551234}"#, r#"{"from":"[redacted:phone_number]"}"#),
    (r#"{"from":"1234567 - x"}"#, r#"{"from":"1234567 - x"}"#),
    (r#"{"wa_id":"x","user_id":"x","user_id":"US.12345678","from":"US.1234567"}"#, r#"{"wa_id":"[redacted:phone_number]","user_id":"[redacted:user_id]","user_id":"[redacted:user_id]","from":"US.1234567"}"#),
    (r#"{"wa_id":"[redacted:phone_number:34]","wa_id":"wa:4h5kdonq2ecx","wa_id":"wa:16505551234"}"#, r#"{"wa_id":"[redacted:phone_number:34]","wa_id":"wa:4h5kdonq2ecx","wa_id":"[redacted:phone_number]"}"#),
    (r"{\u0022name\u0022:\u0022A\u0022,\u0022wa_id\u0022:\u0022x\u0022}", r"{\u0022name\u0022:\u0022[redacted:name]\u0022,\u0022wa_id\u0022:\u0022[redacted:phone_number]\u0022}"),
    (r#"{"to":["16505551234","1"],"wa_id":["x","16505551234"]}"#, r#"{"to":["[redacted:phone_number]","[redacted:phone_number]"],"wa_id":["[redacted:phone_number]","[redacted:phone_number]"]}"#),
    (r#"{"to":["x","16505551234"]}"#, r#"{"to":["x","16505551234"]}"#),
    (r#"{"name":"A","text":{"body":"B"},"latitude":37.48,"title":null}"#, r#"{"name":"[redacted:name]","text":{"body":"[redacted:text]"},"latitude":"[redacted:contact]","title":null}"#),
    (r#"name=A "name"="A""#, r#"name=A "name"="[redacted:name]""#),
    (r#"name="A" x.name="A" -name="A" name%20="A" xname="A""#, r#"name="[redacted:name]" x.name="A" -name="A" name%20="[redacted:name]" xname="A""#),
    ("name\u{1b}[0m=\u{1b}[1m\"A\"", "name\u{1b}[0m=\u{1b}[1m\"[redacted:name]\""),
    (r#"{"name":["A","B"],"name":"","name":"wa:4h5kdonq2ecx"}"#, r#"{"name":["[redacted:name]","[redacted:name]"],"name":"","name":"[redacted:name]"}"#),
    // Where a number and an id end.
    ("from=16505551234, to=16505551234; wa_id=16505551234|x to=16505551234:x", "from=[redacted:phone_number], to=[redacted:phone_number]; wa_id=[redacted:phone_number]|x to=16505551234:x"),
    ("from=16505551234,x to=US.12345678>x to=US.12345678...", "from=[redacted:phone_number],x to=[redacted:user_id]>x to=[redacted:user_id]..."),
    (r#"{"from":"1650555...","to":"16505551234, x"}"#, r#"{"from":"[redacted:phone_number]...","to":"16505551234, x"}"#),
    ("wa_id=1650555123456789,x y", "wa_id=[redacted:phone_number] y"),
    // What stands within a number.
    ("to=1650+555+1234 to=1650%20555%2D1234 to=1650-555-1234 to=+1-650-555-1234 to=+1(650)555.1234", "to=[redacted:phone_number] to=[redacted:phone_number] to=1650-555-1234 to=[redacted:phone_number] to=[redacted:phone_number]"),
    ("to%3D1650%20555%201234%20x", "to%3D[redacted:phone_number]%20x"),
    (r#"{"to":"1650  5551234","to":"1650   5551234","to":"(650) 555-1234","to":"1650/5551234"}"#, r#"{"to":"[redacted:phone_number]","to":"1650   5551234","to":"[redacted:phone_number]","to":"1650/5551234"}"#),
    (r#"{"to":"2026-01-31","to":"203.0.113.17","to":"+2026-01-31","to":"20.6-01-31"}"#, r#"{"to":"2026-01-31","to":"203.0.113.17","to":"[redacted:phone_number]","to":"[redacted:phone_number]"}"#),
    (r#"{"to":"1.212.555.0142","to":"212.555.014","to":"1.2.3.4567"}"#, r#"{"to":"[redacted:phone_number]","to":"[redacted:phone_number]","to":"[redacted:phone_number]"}"#),
    // User ids.
    (r#"{"to":"us.12345678","to":"U1.12345678","to":"U.12345678"}"#, r#"{"to":"us.12345678","to":"U1.12345678","to":"U.12345678"}"#),
    (r#"{"to":"US.ENT.12345678","to":"US.ENT.1234567","group_id":"US.12345678","group_id":"x","ctwa_clid":"x"}"#, r#"{"to":"[redacted:user_id]","to":"US.ENT.1234567","group_id":"[redacted:user_id]","group_id":"[redacted:group_id]","ctwa_clid":"[redacted:user_id]"}"#),
    // A conversation.
    (r#"{"id":"16505551234","messages":[]}"#, r#"{"id":"[redacted:phone_number]","messages":[]}"#),
    ("{'id': '16505551234',\n                                                  'context': 0}", "{'id': '[redacted:phone_number]',\n                                                  'context': 0}"),
    (r#"{\"id\":\"US.12345678\",\"messages\":[]}"#, r#"{\"id\":\"[redacted:user_id]\",\"messages\":[]}"#),
    ("%22id%22%3A%2216505551234%22%2C%22messages%22", "%22id%22%3A%22[redacted:phone_number]%22%2C%22messages%22"),
    (r#"{"id":"16505551234","message":[]} {"id":16505551234,"messages":[]} {"id":"x","messages":[]}"#, r#"{"id":"16505551234","message":[]} {"id":16505551234,"messages":[]} {"id":"x","messages":[]}"#),
    (r#"id:"16505551234","messages" "id":["16505551234","messages"]"#, r#"id:"16505551234","messages" "id":["16505551234","messages"]"#),
    // Of many backslashes, each 16 are a unit.
    (r#"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"wa_id"="x""#, r#"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"wa_id"="[redacted:phone_number]""#),
    (r#"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"wa_id\\\\\\\\\\\\\\\"="x""#, r#"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"wa_id\\\\\\\\\\\\\\\"="[redacted:phone_number]""#),
    (r#"\\\\\\\\\\\\\\\\u0022wa_id\u0022="x""#, r#"\\\\\\\\\\\\\\\\u0022wa_id\u0022="x""#),
    // What is done already.
    (r#"{"wa_id":"wa:2027:4h5kdonq2ecx","user_id":"user:4h5kdonq2ecx","user_id":"user:4h5kdonq2ec"}"#, r#"{"wa_id":"wa:2027:4h5kdonq2ecx","user_id":"user:4h5kdonq2ecx","user_id":"[redacted:user_id]"}"#),
    ("wa_id=wa:4h5kdonq2ecx;x wa_id=[redacted:x]|x wa_id=[redacted:x]x", "wa_id=wa:4h5kdonq2ecx;x wa_id=[redacted:x]|x wa_id=[redacted:phone_number]"),
    (r#"phone:name:Some("x") phone:name:Some("[redacted:phone_number]") phone:name:Some("[redacted:x]")"#, r#"phone:name:Some("[redacted:phone_number]") phone:name:Some("[redacted:phone_number]") phone:name:Some("[redacted:name]")"#),
    (r#"pin:name:Some("[redacted:pin]") pin:name:Some("[redacted:pin]x") pin:name:Some("[redacted:x]")"#, r#"pin:name:Some("[redacted:pin]") pin:name:Some("[redacted:name]") pin:name:Some("[redacted:name]")"#),
    (r#"{"to":["[redacted:phone_number]","x"],"to":["[redacted:x]","y"]} "#, r#"{"to":["[redacted:phone_number]","[redacted:phone_number]"],"to":["[redacted:x]","y"]} "#),
    ("'from':16505551234[redacted:x] 'pin':123456[redacted:x]", "'from':16505551234[redacted:x] 'pin':123456[redacted:x]"),
    (r#"{"wa_id":["wa:4h5kdonq2ecx"],"to":["wa:4h5kdonq2ecx"]}"#, r#"{"wa_id":["[redacted:phone_number]"],"to":["wa:4h5kdonq2ecx"]}"#),
    // The longer of two values that are registered.
    (r#"pä ss"w/o\rd&=+? pä ss"w/o\rd&=+? or more"#, "[redacted:password] [redacted:longer]"),
    (r#"access_token="pä ss"w/o\rd&=+? or more" x"#, r#"access_token="[redacted:access_token]" x"#),
    (r#"access_token=pä ss"w/o\rd&=+? or more x"#, "access_token=[redacted:access_token] x"),
    ("wacid.HBgLMTY1MDU1NTEyMzQVAgASGA==.", "[redacted:call_id]."),
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
    ("wacid.HBgLMTY1MDU1NTEyMzQVAgASGA==", "wacid:wa:2igmfzpomvuz"),
    ("wacid.abcdefgh", "[redacted:call_id]"),
    (r#"{"user_id":"US.13491208655302741918"}"#, r#"{"user_id":"user:esncsermlsqx"}"#),
    (r#"{"wa_id":["16505551234","1"]}"#, r#"{"wa_id":["[redacted:phone_number]","[redacted:phone_number]"]}"#),
    (r#"to:name:Some("wa:2igmfzpomvuz") to:name:Some("[redacted:user_id]") wa_id:wa:2igmfzpomvuz: x"#, r#"to:name:Some("wa:2igmfzpomvuz") to:name:Some("[redacted:name]") wa_id:wa:2igmfzpomvuz: x"#),
];
