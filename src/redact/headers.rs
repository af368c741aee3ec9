//! Redacted HTTP headers.

use alloc::string::String;
use core::fmt;

/// The names of headers whose values are shown, between blanks.
const HARMLESS: &str = "accept accept-charset accept-encoding accept-language accept-ranges age allow \
    cache-control connection content-encoding content-language content-length content-type \
    date expect expires facebook-api-version host keep-alive last-modified pragma \
    retry-after server te trailer transfer-encoding upgrade user-agent vary \
    x-content-type-options x-fb-request-id x-fb-rev x-fb-trace-id";

const MAX_SHOWN: usize = 256;

const MARKER: &str = "[redacted:header]";

/// The `Debug` output of headers, with all names and only the values of harmless headers.
///
/// Accepts `&http::HeaderMap`, actix-web's `&HeaderMap`, arrays, and other cloneable iterators of names
/// and values. Every value but those of these headers becomes `[redacted:header]`:
///
/// | group | headers |
/// |---|---|
/// | content | `content-encoding`, `content-language`, `content-length`, `content-type`, `x-content-type-options` |
/// | negotiation | `accept`, `accept-charset`, `accept-encoding`, `accept-language`, `accept-ranges`, `vary` |
/// | caching | `age`, `cache-control`, `date`, `expires`, `last-modified`, `pragma`, `retry-after` |
/// | connection | `connection`, `expect`, `keep-alive`, `te`, `trailer`, `transfer-encoding`, `upgrade` |
/// | programs | `allow`, `host`, `server`, `user-agent` |
/// | Graph API | `facebook-api-version`, `x-fb-request-id`, `x-fb-rev`, `x-fb-trace-id` |
///
/// It is an allow-list, because a list of headers to hide misses unknown ones. It leaves out headers with
/// URLs (`location`, `referer`, `origin`, `link`) and with the sender's address (`forwarded`,
/// `x-forwarded-for`, `via`).
///
/// # Security
/// - Shown values are not searched. A sender can put a token into `user-agent`, for example. With the
///   feature `redact`, pass the output through a `Redactor` too.
/// - Names and values are cut to 256 bytes, and control characters are escaped.
///
/// # Examples
/// ```
/// use hubseal::redact::RedactedHeaders;
///
/// let headers = RedactedHeaders([("host", "example.com"), ("authorization", "Basic YTpi")]);
/// assert_eq!(format!("{headers:?}"), r#"{"host": "example.com", "authorization": [redacted:header]}"#);
/// ```
#[derive(Clone, Copy)]
pub struct RedactedHeaders<I>(pub I);

impl<I, N, V> fmt::Debug for RedactedHeaders<I>
where
    I: IntoIterator<Item = (N, V)> + Clone,
    N: AsRef<str>,
    V: AsRef<[u8]>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(name, value): (N, V)| {
            let (name, value) = (name.as_ref(), value.as_ref());
            let is_harmless = HARMLESS
                .split(' ')
                .any(|one| name.eq_ignore_ascii_case(one));
            (
                shorten(name.as_bytes()),
                Value(is_harmless.then(|| shorten(value))),
            )
        };
        // With quoted names and an unquoted marker, a redacting writer leaves this output unchanged.
        f.debug_map()
            .entries(self.0.clone().into_iter().map(shown))
            .finish()
    }
}

struct Value(Option<String>);

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => fmt::Debug::fmt(value, f),
            None => f.write_str(MARKER),
        }
    }
}

fn shorten(text: &[u8]) -> String {
    let mut shown = String::from_utf8_lossy(text).into_owned();
    if shown.len() > MAX_SHOWN {
        let mut end = MAX_SHOWN;
        while !shown.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        shown.truncate(end);
        shown.push('…');
    }
    shown
}
