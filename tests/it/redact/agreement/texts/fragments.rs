//! Fragments of the generated texts.

#[rustfmt::skip]
pub(in super::super) const KEYS: &[&str] = &[
    "access_token", "ACCESS_TOKEN", "Page_Access_Token", "fb_exchange_token", "input_token",
    "accessToken", "hub.verify_token", "verifyToken", "app_secret", "client_secret", "appSecret",
    "clientSecret", "appsecret_proof", "code", "code", "&code", "?code", "%26code", "Code", "pin",
    "pin", "spin", "Authorization", "authorization", "AUTHORIZATION", "X-Hub-Signature-256",
    "x-hub-signature", "HTTP_X_HUB_SIGNATURE_256", "Cookie", "set-cookie", "HTTP_COOKIE",
    "X-Internal-Key", "x-internal-key", "user_id", "Access-Token", "client-secret", "X-Hub_Sig-nature",
    "wa_id", "phone", "display_phone_number", "phone_number", "from", "from", "to", "recipient_user_id",
    "name", "text", "body", "email", "latitude", "phone_number_id", "id", "id", "recipient", "user", "group_id",
    "identity", "new_wa_id", "customer.name", "text.body",
];

#[rustfmt::skip]
pub(super) const SEPARATORS: &[&str] = &[
    "=", "=", "=", ":", ":", ":", "=>", "=>", "%3D", "%3d", "%253D", "%25253D", "%3A", "%253A",
    "%25253a", r"\u003d", r"\u003a", r"\\u003D", r"\\\u003A", r"\=", "==", ":=", "=%3E", ";",
    ",", ",", "=>",
];

#[rustfmt::skip]
pub(super) const QUOTES: &[&str] = &[
    "\"", "\"", "\"", "'", r#"\""#, r"\'", r#"\\""#, r#"\\\""#, r#"\\\\\\\""#, "%22", "%2522",
    "%252522", "%27", "%2527", r"\u0022", r"\\u0022", r"\u0027", "%5C%22", "%255C%2522",
    r"\u005c\u0022",
];

#[rustfmt::skip]
pub(super) const BETWEEN: &[&str] = &[
    " ", " ", "\n", "\r", "\t", "&", "?", "|", "/", "+", ",", ";", "%", "%25", "%20", "%09", "%0A",
    "%26", "%2526", "%5C", "%5c%5C", "%7C", "%257c", "%25257C", r"\u007c", r"\\u007C", r"\n",
    r"\\n", r"\t", r"\u0026", r"\u003c", r"\u005c", r"\u0020", r"\x26", r"\/", "[", "]", "{", "}",
    "(", ")", "Some(", "Some( ", "string(12) ", "string(1)", "string()", "Number(",
    "Token(", "a::b( ", "wacid.", "messages", "context", "b", "...", "…", "; ", ").", ",,,", "']}",
    "\u{1b}[3m", "\u{1b}[0m", r"\u001b[1;31m", r"\x1b[0m", "%1B[m", "+", "%2B", "%2b", "wamid.", "=\"",
    "realm=\"a, b\"", r#"nonce=\"x\""#, "[redacted:", "\u{0}", "\u{7f}", "é", "🔒", "_", "bearer", "Bearer ", "BEARER%20",
    "bearer\\u0020", "TH|", "TH%7C", "sk_live_", "$k-",
];

/// What tokens begin with.
#[rustfmt::skip]
pub(super) const HEADS: &[&str] = &[
    "EAAB", "EAAF", "EAA", "EAG", "IGAA", "IGQ", "IGQV", "THAA", "12345678901234|", "1234567890123|",
    "12345678901234567890|", "12345678901234%7C", "12345678901234%257c", r"12345678901234\\\u007C",
    "TH|12345678901234|", "TH|123456789012345678901|", r"TH%7c12345678901234\u007c", "wamid.", "wacid.", "+49", "Bearer ", "bearer%20",
    r"BEARER	", "bearer  +", "sk_live_", "$k-", "EAABsbCS1iH", "EAAAAUaZ",
];

#[rustfmt::skip]
pub(super) const TOKENS: &[&str] = &[
    "EAABabcdefghijklmnopqrstuvwxy", "EAABabcdefghijklmnopqrstuvwxy0",
    "EAAFabcdefghijklmnopqrstuvwxy01-_", "EAABabcdefg", "EAABabcdefgh",
    "EAA0123456789ABCDEF0123456789A", "IGAAabc-def_ghijklmnopqrstuvwx", "IGQabcdefghijklm",
    "THAAabc-def_ghijklmnopqrstuvwxyz", "EAABsbCS1iHgabc", "xEAABsbCS1iHj", "EAABsbCS1iHk",
    "EAAAAUaZA8jlA", "EAAAAUaZB8jlA", "12345678901234|", "12345678901234|abcdefghijklmnopqrstuvwxyz0",
    "12345678901234|abcdefghijklmnopqrst", "123456789012345|0123456789abcdef0123456789abcdef",
    "12345678901234%7Cabcdefghijklmnopqrstuvwxyz0", r"12345678901234\u007cabcdefghijklmnopqrstuvwxyz0",
    "TH|12345678901234|abcdefghijklmnop", "TH%7C12345678901234%257Cabcdefghijklmnop-_",
    "Bearer abcdefghijklmno1", "bearer\\tabcdefghijklmnopqrstuvwxyzabcd", "BEARER%20abcdefghijklmn1",
    "abcdefABCDEF12ghijklGHIJKL34mnop/", "abcdefABCDEF12ghijklGHIJKL34mno+",
    "sk_live_abcdefghijklmnopqrstuvwx", "sk_live_abcdefghijkl", "$k-0123-5678", "$k-0123-56",
    "9f8e7d6c5b4a39281706f5e4d3c2b1a0", "9f8e7d6c", "9f8e7d6", "9f8e7d6c5b4a39281706f5e4d3c2b1a",
    "%39%66%38%65%37%64%36%63%35%62%34%61%33%39%32%38%31%37%30%36%66%35%65%34%64%33%63%32%62%31%61%30",
    "pä ss\"w/o\\rd&=+?", "pä ss\"w/o\\rd&=+? or more", "pä ss\"w/o\\rd&=+? or", "p%C3%A4+ss%22w%2fo%5Crd&=%2B?",
    "p%25C3%25A4%2520ss%2522w%252Fo%255Crd%2526%253D%252B%253F",
    "p%2525c3%2525a4+ss%252522w%25252Fo%25255Crd%252526%25253D%25252B%25253F",
    r#"p\u00e4 ss\"w\/o\\rd\u0026=+?"#, r#"p\\u00E4 ss\\\"w/o\\\\rd&=+\\u003f"#, "pä ss\"w",
    r"\ud83d\udd11 open sesame\t\uD83D\uDD12", "🔑 open sesame\t🔒", "🔑 open sesame",
    "OWY4ZTdkNmM1YjRhMzkyODE3MDZmNWU0ZDNjMmIxYT", "cMOkIHNzIncvb1xyZCY9Kz",
    "DDpCBzcyJ3L29ccmQmPSs/", "ww6Qgc3Midy9vXHJkJj0rP", r"DDpCBzcyJ3L29ccmQmPSs\/AB==",
    "v1.0-Zm9v/YmFy+cXV4==.corge-grault_garply.waldo%20fred~plugh/xyzzy.0123456789abcdef0123456789abcdef.thud-wibble_wobble.wubble+flob/0123456789",
    "v1.0-Zm9v%2FYmFy%2BcXV4%3D%3D.corge-grault_garply.waldo%2520fred%7eplugh%2Fxyzzy.0123456789abcdef0123456789abcdef.thud-wib",
    "v1.0-Zm9v/YmFy+cXV4==.corge-grault",
    "+16505551234", "%2B4915112345678", "%2b16505551234", "+0123456789", "+1234567", "+1650555123456789",
    "wamid.HBgLMTY1MDU1NTEyMzQVAgASGA==", "wamid.HBgLMTY1MDU1NTEyMzQ", "wacid.HBgLMTY1MDU1NTEyMzQVAgASGA==", "wamid.abcdefg",
    "EAABabcdefgh...", "EAABabcdefg0...", "EAABabcdefg0…", "12345678901234|abcdefghijklmnopqrst...",
    "sk_live_abcdefghijk1...",
];

#[rustfmt::skip]
pub(super) const VALUES: &[&str] = &[
    "", "x", "123456", "1234567", "-1", "0.5e+3", "abcdefg", "abcdefg1", "abcdefghijklmnop", "null",
    "nullx", "true", "None", "{}", "[]", "(a)", "Basic dXNlcjpw", "bearer%20a", "Token+x y",
    "Digest username=\\\"a\\\", b", "oauth", "sha256=abcdef", "sha1%3Dabcdef", r"sha256\u003dab",
    "0123456789abcdef0123456789abcdef", "a=b; c=d", "a=b", "=", "%20a=b", "a\\\"b", "a\\\\\\\"b",
    "a\\u0022b", "a%22b", "a%2522b", "a%5C%22b", "a\\u005c\\u0022b", "a'b", "a\\'b", "a b&c", "a<b",
    "a\\u003cb", "a\\nb", "a\nb", "abcdefghijklmnopqrstuvwxyz0123", "abcdefghijklmnopqrstuvwxyz012",
    "[redacted:access_token]", "[redacted:cookie]", "[redacted:", "[redacted:phone_number:34]",
    "(650) 5551234", " 16505551234", "16505551234", "+16505551234", "%2B16505551234", "+1 (650) 555-1234", "1-- 650--- 5551234", "1234567",
    "123456", "2026-01-31", "203.0.113.17", "12.4-56-78", "1 203.0.113.17", "+203.0.113.17", "+1-650-555-1234",
    "+1(650)5551234)", "1650%20555%2D1234", "%281650%29555%201234", "1650+5551234", "1650 555...", "16505551234;x",
    "16505551234|x", "16505551234, x", "US.ENT.11815799212886844830", "US.ENT.1181579", "US.12345678…", "US.12345678>",
    "[redacted:phone_number],x", "wa:2027:4h5kdonq2ecx;", "user:4h5kdonq2ecx...", "US.1234567890123456", "US.1234567", "wa:4h5kdonq2ecx", "user:4h5kdonq2ecx",
    "wamid:wa:2027:gmxv4ks6ud3c", "wa:4h5kdonq2ec", "Sheena Nelson", "37.48", "-122.15",
    "Bearer abc1", "Bearer abc", "Digest username=\"a, b\", realm=\"c\"", "Custom abcdefghijklmnop",
    "Custom abcdefgH", "AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host", "SHA256=ab",
    "AbcdefghijklmnopqrstuvwxyzAbc1", "abcdefgh", "12345678", "a, b", "a=\\\"b]\\\" c]", "a=\"b]\" c]", "a=\"b\\u0022c\" d", "a]", "a=b]", "=a", "true,",
];

#[rustfmt::skip]
pub(super) const ORDINARY: &[&str] = &[
    "GET /webhook HTTP/1.1", "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\"}]}",
    "https://graph.facebook.com/v21.0/me?fields=id", "status", "0", "7", "C", "u", "x", "end",
    "2026-01-02T03:04:05Z INFO ", "aGVsbG8gd29ybGQ=", "[redacted:x]",
];

#[rustfmt::skip]
pub(super) const LINES: &[&str] = &[
    "GET /webhook?hub.mode=subscribe&hub.verify_token=pa55&hub.challenge=1158201444 HTTP/1.1",
    "https://graph.facebook.com/oauth/access_token?client_id=1234567890&client_secret=0123456789abcdef0123456789abcdef&code=AQBx",
    "curl -H 'Authorization: Bearer EAABabcdefghijklmnopqrstuvwxy0' -d '{\"pin\":\"123456\"}'",
    "{\"headers\":{\"x-hub-signature-256\":\"sha256=9f8e\",\"cookie\":[\"a=b\",\"c=d\"]},\"body\":\"{\\\"access_token\\\":\\\"abc\\\",\\\"code\\\":131030}\"}",
    "X-Hub-Signature-256: sha256=0123456789abcdef0123456789abcdef\r\nCookie: a=b; c=d\r\nAuthorization: Basic dXNlcjpw\r\n",
    "WARN request{uri=/cb?code=abc&state=x} access_token=Some(\"EAABabcdefghijklmnopqrstuvwxy0\") pin: 123456",
    "redirect=https%3A%2F%2Fexample.com%2Fcb%3Fcode%3Dabc%26access_token%3DEAABabc%26next%3D%252Fa%253Fcode%253Dx",
    "payload=%7B%22access_token%22%3A%22abc%22%2C%22pin%22%3A123456%7D&x=1",
    "array('app_secret' => 'x', 'verify_token' => 'y') {:access_token=>\"z\", \"client_secret\"=>\"w\"}",
    "/debug_token?input_token=12345678901234|abcdefghijklmnopqrstuvwxyz0&access_token=TH|12345678901234|abcdefghijklmnop",
];
