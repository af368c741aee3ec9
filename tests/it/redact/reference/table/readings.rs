//! Where the page leaves a choice: what the definition makes of it.

use super::Table;

#[rustfmt::skip]
pub(super) const TABLE: Table = &[
    // Of five marks in a row, the last four are those that end the value.
    ("access_token=x.,;:) y", "access_token=[redacted:access_token],;:) y"),
    // Colours do not count as blanks, not even where there is nothing else.
    ("access_token\u{1b}[0m=\u{1b}[0mabcdefg x", "access_token\u{1b}[0m=\u{1b}[0m[redacted:access_token] x"),
    ("access_token\u{1b}[0m= \u{1b}[0mabcdefg x", "access_token\u{1b}[0m= \u{1b}[0mabcdefg x"),
    // Nor does the plus behind a percent sign.
    ("access_token%3D+abcdefg x", "access_token%3D+[redacted:access_token] x"),
    // No digits are up to 32.
    (r#"access_token=string() "x""#, r#"access_token=[redacted:access_token]) "x""#),
    ("%22Authorization%22,%22Bearer abc1%22 %22Authorization%22,%22Bearer%20abc1%22", "%22Authorization%22,%22Bearer abc1%22 %22Authorization%22,%22[redacted:authorization]%22"),
    // Behind blanks, what begins with another sign is no comparison.
    ("authorization= =abcdefg1 x", "authorization= [redacted:authorization] x"),
    (r"access_token\u003d =abcdefg1 x", r"access_token\u003d [redacted:access_token] x"),
    (r#"access_token=string(12345678901234567890123456789012) "x""#, r#"access_token=string(12345678901234567890123456789012) "[redacted:access_token]""#),
    (r#"access_token=string(123456789012345678901234567890123) "x""#, r#"access_token=[redacted:access_token]) "x""#),
    (r#"access_token=string("x")"#, r#"access_token=string("[redacted:access_token]")"#),
    (r#""access_token": Number(12)"#, r#""access_token": Number("[redacted:access_token]")"#),
    (r#""access_token": Some(Number(12))"#, r#""access_token": Some(Number("[redacted:access_token]"))"#),
    (r#"access_token: Some(a::Secret( "x"))"#, r#"access_token: Some(a::Secret( "[redacted:access_token]"))"#),
    (r#"access_token%3DSecret("x")"#, r#"access_token%3D[redacted:access_token]"x")"#),
    ("access_token: Secret(x)", "access_token: Secret(x)"),
    // The end of a line ends a parameter's value with it.
    ("Authorization: Digest username=\"a1\nb\"", "Authorization: [redacted:authorization]\nb\""),
    // Only the last four marks before a marker do not count.
    ("access_token:abcdefghijklmno.[redacted:x access_token:abcdefghijklmnop.[redacted:x", "access_token:abcdefghijklmno.[redacted:x access_token:[redacted:access_token]"),
    ("access_token:abcdefghijkl....[redacted:x access_token:abcdefghijkl.....[redacted:x", "access_token:abcdefghijkl....[redacted:x access_token:abcdefghijkl.....[redacted:x"),
    ("access_token:abcdefghijklmno....[redacted:x access_token:abcdefghijklmno.....[redacted:x", "access_token:abcdefghijklmno....[redacted:x access_token:[redacted:access_token]"),
    // A name may be longer than the pair's value.
    (r#"("cookie", 'a')=b"#, r#"("cookie", 'a')=b"#),
];
