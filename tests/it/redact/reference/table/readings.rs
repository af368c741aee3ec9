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
    (r#"access_token=string() "x""#, r#"access_token=string() "[redacted:access_token]""#),
    // The end of a line ends a parameter's value with it.
    ("Authorization: Digest username=\"a1\nb\"", "Authorization: [redacted:authorization]\nb\""),
    // A name may be longer than the pair's value.
    (r#"("cookie", 'a')=b"#, r#"("cookie", 'a')=b"#),
];
