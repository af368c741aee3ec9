//! Rules that are configured.

use super::Table;

#[rustfmt::skip]
pub(super) const TABLE: Table = &[
    // Registered values, raw or in part.
    ("x9f8e7d6c5b4a39281706f5e4d3c2b1a0y", "x[redacted:app_secret]y"),
    ("9f8e7d6c5b4a39281706f5e4d3c2b1a x", "9f8e7d6c5b4a39281706f5e4d3c2b1a x"),
    ("9f8e7d6c", "[redacted:app_secret]"),
    ("9f8e7d6", "9f8e7d6"),
    ("v1.0-Zm9v/YmFy+cXV4==.corge-grault_garply.waldo%20fred~plugh/xyzzy.0123456789abcdef0123456789abcdef.thud-wibble_wobble.wubble+flob/0123456789|", "[redacted:session]|"),
    ("v1.0-Zm9v/YmFy+cXV4==.corge-grau|", "[redacted:session]|"),
    ("v1.0-Zm9v/YmFy+cXV4==.corge-gra|", "v1.0-Zm9v/YmFy+cXV4==.corge-gra|"),
    ("v1.0-Zm9v/YmFy+cXV4==.corge-grault_garply.waldo%20fred~plugh/xyzzy.0123456789abcdef0123456789abcdef.thud-wibble_wobble.wubble+flob|x", "[redacted:session]|x"),
    // Encoded.
    ("%70%C3%A4%20%73%73%22%77%2f%6F%5c%72%64%26%3D%2B%3F|", "[redacted:password]|"),
    (r#"pä ss"w/o\rd&=+?|"#, "[redacted:password]|"),
    ("p%C3%A4+ss%22w%2fo%5Crd&=%2B?|", "[redacted:password]|"),
    ("p%25C3%25A4%2520ss%2522w%252Fo%255Crd%2526%253D%252B%253F|", "[redacted:password]|"),
    ("p%2525c3%2525a4+ss%252522w%25252Fo%25255Crd%252526%25253D%25252B%25253F|", "[redacted:password]|"),
    ("p%25C3%A4%2520ss%2522w%252Fo%255Crd%2526%253D%252B%22|", "p%25C3%A4%2520ss%2522w%252Fo%255Crd%2526%253D%252B%22|"),
    (r#"p\u00e4 ss\"w\/o\\rd\u0026=+?|"#, "[redacted:password]|"),
    (r#"p\\u00E4 ss\\\"w/o\\\\rd&=+\\u003f|"#, "[redacted:password]|"),
    (r#"p\\u00E4 ss\"w/o\\\\rd&=+?|"#, r#"p\\u00E4 ss\"w/o\\\\rd&=+?|"#),
    (r"\ud83d\udd11 open sesame\t\uD83D\uDD12|", "[redacted:phrase]|"),
    (r"\\ud83d\\udd11 open sesame\\t🔒|", "[redacted:phrase]|"),
    ("🔑 open sesame\t|", "🔑 open sesame\t|"),
    ("🔑 open sesame\t", "[redacted:phrase]"),
    ("🔑 ope", "[redacted:phrase]"),
    ("🔑 op", "🔑 op"),
    ("%39%66%38%65%37%64%36%63%35%62%34%61%33%39%32%38%31%37%30%36%66%35%65%34%64%33%63%32%62%31%61%30|", "[redacted:app_secret]|"),
    ("%39%66%38%65%37%64%36%63", "[redacted:app_secret]"),
    ("%39%66%38%65%37%64%36%6", "%39%66%38%65%37%64%36%6"),
    // In base64: whole fragments, and what follows them.
    ("<OWY4ZTdkNmM1YjRhMzkyODE3MDZmNWU0ZDNjMmIxYT>", "<[redacted:app_secret]>"),
    ("<lmOGU3ZDZjNWI0YTM5MjgxNzA2ZjVlNGQzYzJiMWEw>", "<[redacted:app_secret]>"),
    ("<5ZjhlN2Q2YzViNGEzOTI4MTcwNmY1ZTRkM2MyYjFhM>", "<[redacted:app_secret]>"),
    ("<OWY4ZTdkNmM1YjRhMzkyODE3MDZmNWU0ZDNjMmIxYTAB==>", "<[redacted:app_secret]>"),
    ("<OWY4ZTdkNmM1YjRhMzkyODE3MDZmNWU>", "<OWY4ZTdkNmM1YjRhMzkyODE3MDZmNWU>"),
    ("<OWY4ZTdkNmM1YjRhMzkyODE3MDZmNWU0!>", "<[redacted:app_secret]!>"),
    ("lmOGU3ZD", "[redacted:app_secret]"),
    ("cMOkIHNzIncvb1xyZCY9Kz|", "[redacted:password]|"),
    (r"DDpCBzcyJ3L29ccmQmPSs\/|", "[redacted:password]|"),
    ("ww6Qgc3Midy9vXHJkJj0rP|", "[redacted:password]|"),
    // Access tokens of configured apps.
    ("xEAABsbCS1iHgabc.", "x[redacted:access_token]."),
    ("xEAABsbCS1iHjabc-_.", "x[redacted:access_token]."),
    ("xEAABsbCS1iHkabc.", "xEAABsbCS1iHkabc."),
    ("xEAABsbCS1iH", "xEAABsbCS1iH"),
    ("xEAAAAUaZA8jlA.", "x[redacted:access_token]."),
    ("xEAAAAUaZ8jlA.", "xEAAAAUaZ8jlA."),
    ("xEAACEdEose0cabc.", "xEAACEdEose0cabc."),
    // Keys and shapes of your own.
    ("X-Internal-Key=x y", "X-Internal-Key=[redacted:internal] y"),
    ("x-internal-key: abcdefg1", "x-internal-key: [redacted:internal]"),
    (r#"MYX-INTERNAL-KEY: "x""#, r#"MYX-INTERNAL-KEY: "[redacted:internal]""#),
    ("x-Internal-key=x", "x-Internal-key=x"),
    ("sk_live_abcdefghijklmnopqrstuvwxyz-", "[redacted:live_key]-"),
    ("sk_live_abcdefghijklmnopqrstuvw-", "sk_live_abcdefghijklmnopqrstuvw-"),
    ("sk_live_abcdefghijkl", "[redacted:live_key]"),
    ("sk_live_abcdefghijk", "sk_live_abcdefghijk"),
    ("xsk_live_abcdefghijklmnopqrstuvwx", "xsk_live_abcdefghijklmnopqrstuvwx"),
    ("$k-0123-5678 x", "[redacted:short_key] x"),
    ("$k-0123-567 x", "$k-0123-567 x"),
    ("$k-0123-567", "[redacted:short_key]"),
    ("$k-0123-56", "$k-0123-56"),
];

#[rustfmt::skip]
pub(super) const WITHOUT_FAMILIES: Table = &[
    ("Bearer abcdefghijklmno1 x", "Bearer abcdefghijklmno1 x"),
    ("/?code=x&y", "/?code=x&y"),
    ("Cookie: a=b; c=d", "Cookie: a=b; c=d"),
    ("Authorization: Bearer abcdefghijklmno1 x", "Authorization: [redacted:authorization]"),
    ("/?code=9f8e7d6c5b4a39281706f5e4d3c2b1a0", "/?code=[redacted:app_secret]"),
];
