//! Where the page leaves a choice: what the definition makes of it.

use super::Table;

#[rustfmt::skip]
pub(super) const TABLE: Table = &[
    // `=>` is read as a whole, and is not what a bare code asks for.
    ("code=>abcdefghijklmnopqrstuvwxyz0123", "code=>abcdefghijklmnopqrstuvwxyz0123"),
    // `Some(` behind every separator; its quote may stand apart like any.
    (r#"access_token= Some("x")"#, r#"access_token= Some("[redacted:access_token]")"#),
    (r#"access_token%3DSome("x")"#, r#"access_token%3DSome("[redacted:access_token]")"#),
    (r#""access_token":[Some("a"), Some("b")]"#, r#""access_token":[Some("[redacted:access_token]"), Some("b")]"#),
    (r#""access_token":Some(1)"#, r#""access_token":Some("[redacted:access_token]")"#),
    // Lists: nothing is not replaced and goes on; only the first value must look like one.
    (r#""access_token":["a","","b"]"#, r#""access_token":["[redacted:access_token]","","[redacted:access_token]"]"#),
    (r#""access_token":["","b"]"#, r#""access_token":["","b"]"#),
    (r#""pin":["123456","x"]"#, r#""pin":["[redacted:pin]","[redacted:pin]"]"#),
    // The backslashes of a `"` that ends another quote's value are its unit, and stay.
    (r#"access_token='a\\"b"#, r#"access_token='[redacted:access_token]\\"b"#),
    (r#"access_token=%22a\\"b"#, r#"access_token=%22[redacted:access_token]\\"b"#),
    // Before a closing quote every backslash counts: 17 of them are 5 modulo 6.
    (r#"\\"access_token\\":\\"a\\\\\\\\\\\\\\\\\"b\\"c"#, r#"\\"access_token\\":\\"[redacted:access_token]\\"c"#),
    // Delete is a control character.
    ("access_token=a\u{7f}b", "access_token=[redacted:access_token]\u{7f}b"),
    (r"access_token=a\u007fb", r"access_token=[redacted:access_token]\u007fb"),
    (r"access_token=a\u0085b", "access_token=[redacted:access_token]"),
    // A line is looked for before a bare value is found to be empty.
    ("cookie%3A%20a=b&c\nd", "cookie%3A[redacted:cookie]\nd"),
    // Schemes and names of cookies are part of the value; nothing need follow.
    ("Authorization: Basic \nx", "Authorization: [redacted:authorization]\nx"),
    ("Authorization => Basic a b", "Authorization => [redacted:authorization] b"),
    ("authorization=Basic  a", "authorization=[redacted:authorization] a"),
    (r#""cookie": 1=a b"#, r#""cookie": "[redacted:cookie]""#),
    // A digit may be written in any way.
    ("access_token: abcdefg%31 x", "access_token: [redacted:access_token] x"),
    ("access_token: abcdefg%4a x", "access_token: abcdefg%4a x"),
    // As many blanks as there may be, then the token.
    ("bearer +++++++abcdefghijklmn1 x", "bearer +++++++abcdefghijklmn1 x"),
    ("bearer ++++++++abcdefghijklmn1 x", "bearer +++++++[redacted:bearer] x"),
    // The end of the text is a value's end.
    (r#""pin":"123456"#, r#""pin":"[redacted:pin]"#),
    // Only so.
    ("x-hub-signature: SHA256=abcdefgh x", "x-hub-signature: SHA256=abcdefgh x"),
    ("Authorization: Basic\ta x", "Authorization: Basic\ta x"),
    // `TH` needs no boundary.
    ("xTH|1234567890|abcdefghijklmnop ", "xTH|1234567890|[redacted:access_token] "),
];
