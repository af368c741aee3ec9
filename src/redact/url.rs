//! URLs and queries with secret parameters replaced, without a search.

use alloc::string::String;
use core::fmt;

use super::keys::{Look, SECRETS};

/// The `Display` and `Debug` output of a URL or a query, with the values of secret parameters replaced.
///
/// - A parameter is secret by its name: `access_token`, `client_secret`, `code`, `hub.verify_token` and
///   so on, and every name that ends with `token`, `secret` or `password`. Names may be percent-encoded.
/// - Parameters are read in the query and in the fragment.
/// - A password before the host is replaced too: `https://user:[redacted:password]@host/`.
/// - A text that does not begin with `/` and contains neither `://` nor `?` is a query without its `?`.
///
/// # Security
/// It is not a search: tokens in the path, in a user name and under other names stay. A `Redactor` of the
/// feature `redact` finds tokens by their shape and registered values, but no password before a host. Such
/// a password stays if it contains a raw `/`, `?` or `#`.
///
/// # Examples
/// ```
/// use hubseal::redact::RedactedUrl;
///
/// let url = RedactedUrl("/webhook?hub.mode=subscribe&hub.verify_token=correct-horse");
/// assert_eq!(url.to_string(), "/webhook?hub.mode=subscribe&hub.verify_token=[redacted:verify_token]");
///
/// let query = RedactedUrl("access_token=EAAGm0PX4ZCps&fields=id");
/// assert_eq!(format!("{query:?}"), r#""access_token=[redacted:access_token]&fields=id""#);
/// ```
#[derive(Clone, Copy)]
pub struct RedactedUrl<T>(pub T);

impl<T: AsRef<str>> fmt::Display for RedactedUrl<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0.as_ref();
        let is_url = url.starts_with('/') || url.contains("://") || url.contains('?');
        let query = if is_url {
            url.find(['?', '#']).unwrap_or(url.len())
        } else {
            0
        };
        let (place, query) = url.split_at_checked(query).unwrap_or_default();
        write_place(f, place)?;
        for parameter in query.split_inclusive(['?', '&', '#', ';']) {
            let end = parameter.trim_end_matches(['?', '&', '#', ';']).len();
            let (parameter, separator) = parameter.split_at_checked(end).unwrap_or_default();
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match label(name) {
                Some(label) if !value.is_empty() => write!(f, "{name}=[redacted:{label}]")?,
                _ => f.write_str(parameter)?,
            }
            f.write_str(separator)?;
        }
        Ok(())
    }
}

impl<T: AsRef<str>> fmt::Debug for RedactedUrl<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&alloc::format!("{self}"), f)
    }
}

/// Writes the part before the query, without a password.
fn write_place(f: &mut fmt::Formatter<'_>, place: &str) -> fmt::Result {
    let parts = place.split_once("://").and_then(|(scheme, rest)| {
        let authority = rest.find('/').unwrap_or(rest.len());
        let at = rest.get(..authority)?.rfind('@')?;
        let (user, _) = rest.get(..at)?.split_once(':')?;
        Some((scheme, user, rest.get(at..)?))
    });
    match parts {
        Some((scheme, user, rest)) => write!(f, "{scheme}://{user}:[redacted:password]{rest}"),
        None => f.write_str(place),
    }
}

/// Returns the label of a secret parameter.
fn label(name: &str) -> Option<&'static str> {
    let (decoded, _) = form_urlencoded::parse(name.as_bytes()).next()?;
    let normal = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let decoded = normal(&decoded);
    let is_name = |look: Look, key: &str| match look {
        Look::Code | Look::Pin => decoded == key,
        _ => decoded.ends_with(&normal(key)),
    };
    let mut keys = SECRETS.iter();
    let key = keys.find(|(_, look, names)| names.split(' ').any(|name| is_name(*look, name)));
    let is_other = ["token", "secret", "password"]
        .iter()
        .any(|end| decoded.ends_with(end));
    key.map(|(label, ..)| *label)
        .or(is_other.then_some("secret"))
}
