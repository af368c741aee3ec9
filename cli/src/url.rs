//! The URL of an endpoint.

use std::str::FromStr;

use hyper::Uri;

/// An `http` or `https` URL.
#[derive(Clone)]
pub(crate) struct Url {
    pub(crate) is_https: bool,
    /// Without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The value of the `Host` header.
    pub(crate) authority: String,
    /// The path and the query.
    pub(crate) target: String,
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|error| format!("{error}"))?;
        let is_https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err("start it with http:// or https://".into()),
        };
        let authority = uri
            .authority()
            .ok_or("it has no host; write http://host/path")?;
        if authority.as_str().contains('@') {
            return Err("remove the user name before the host".into());
        }
        let host = authority.host();
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        if host.is_empty() {
            return Err("it has no host; write http://host/path".into());
        }
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        Ok(Self {
            is_https,
            host: host.to_owned(),
            port: authority
                .port_u16()
                .unwrap_or(if is_https { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            target: target.to_owned(),
        })
    }
}

impl Url {
    /// Returns the URL with another path and query.
    pub(crate) fn with_target(&self, target: &str) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}{target}", self.authority)
    }
}
