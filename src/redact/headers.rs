//! Redacted HTTP headers.

use alloc::string::String;
use core::fmt;

use super::Redactor;

/// The headers whose values are shown. They describe the message, the programs and the connection. They
/// are not meant for credentials or for the sender's identity.
const HARMLESS: [&str; 33] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "expect",
    "expires",
    "facebook-api-version",
    "host",
    "keep-alive",
    "last-modified",
    "pragma",
    "retry-after",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "x-content-type-options",
    "x-fb-request-id",
    "x-fb-rev",
    "x-fb-trace-id",
];

/// The maximum length of a shown name or value, in bytes.
const MAX_SHOWN: usize = 256;

const MARKER: &str = "[redacted:header]";

impl Redactor {
    /// Returns headers that are safe to log.
    ///
    /// Accepts `&http::HeaderMap`, `&actix_web::http::header::HeaderMap`, an array, or any other
    /// cloneable iterator of names and values.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Redactor;
    ///
    /// let headers = [("host", "example.com"), ("x-hub-signature-256", "sha256=0f1e2d3c")];
    /// assert_eq!(
    ///     Redactor::new().headers(headers).to_string(),
    ///     r#"{"host": "example.com", "x-hub-signature-256": [redacted:header]}"#,
    /// );
    /// ```
    pub const fn headers<I, N, V>(&self, headers: I) -> RedactedHeaders<'_, I>
    where
        I: IntoIterator<Item = (N, V)> + Clone,
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        RedactedHeaders {
            redactor: self,
            headers,
        }
    }
}

/// Headers with all names and only the values of harmless headers. [`Redactor::headers`] creates it.
///
/// `Display` and `Debug` print the same. `{:#}` prints each header on its own line.
///
/// Only the values of these headers are shown. Every other value is `[redacted:header]`.
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
/// It is an allow-list, because a list of headers to hide would miss unknown ones. It leaves out some
/// headers that look harmless:
/// - `location`, `referer`, `origin` and `link` contain URLs, which can contain tokens.
/// - `etag`, `if-match` and request identifiers can contain anything.
/// - `forwarded`, `x-forwarded-for` and `via` identify the sender.
///
/// Meta asks for `x-fb-request-id`, `x-fb-rev` and `x-fb-trace-id` in bug reports (source: Meta,
/// *Graph API: Debugging*).
///
/// # Security
/// - Names and shown values are redacted too, because senders choose them. For example, a token in
///   `user-agent` is replaced.
/// - Each name and each value is cut to 256 bytes after redaction, so one header cannot fill the log.
/// - Control characters are escaped, so a header cannot forge a log line.
/// - The `is_sensitive` mark of `http::HeaderValue` is ignored. Such a value is hidden unless its header
///   is in the list.
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("content-length", 12.into());
/// headers.insert("x-api-key", http::HeaderValue::from_static("correct-horse"));
///
/// let redactor = Redactor::new();
/// let shown = redactor.headers(&headers).to_string();
/// assert!(shown.contains(r#""content-length": "12""#) && !shown.contains("horse"));
/// ```
#[derive(Clone, Copy)]
pub struct RedactedHeaders<'r, I> {
    redactor: &'r Redactor,
    headers: I,
}

impl<I, N, V> fmt::Display for RedactedHeaders<'_, I>
where
    I: IntoIterator<Item = (N, V)> + Clone,
    N: AsRef<str>,
    V: AsRef<[u8]>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(name, value): (N, V)| {
            let (name, value) = (name.as_ref(), value.as_ref());
            let is_harmless = HARMLESS.iter().any(|one| name.eq_ignore_ascii_case(one));
            let value = is_harmless.then(|| shorten(self.redactor, value));
            (shorten(self.redactor, name.as_bytes()), Value(value))
        };
        // With quoted names and an unquoted marker, a redacting writer leaves this output unchanged.
        f.debug_map()
            .entries(self.headers.clone().into_iter().map(shown))
            .finish()
    }
}

impl<I, N, V> fmt::Debug for RedactedHeaders<'_, I>
where
    I: IntoIterator<Item = (N, V)> + Clone,
    N: AsRef<str>,
    V: AsRef<[u8]>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A header value, or `None` to print the marker.
struct Value(Option<String>);

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => fmt::Debug::fmt(value, f),
            None => f.write_str(MARKER),
        }
    }
}

fn shorten(redactor: &Redactor, text: &[u8]) -> String {
    let redacted = redactor.redact_bytes(text);
    let mut shown = String::from_utf8_lossy(&redacted).into_owned();
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
