//! The formats of a list of networks.

use ipnet::IpNet;

use super::networks::{self, Networks, NetworksError, Problem};

/// Parses a list. Its lines are networks, objects of a routing registry, or a geofeed, in any order.
pub(super) fn parse(text: &str) -> Result<Networks, NetworksError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut in_object = false;
    let lines = (1..).zip(text.lines());
    Networks::collect(lines.filter_map(|(number, line)| {
        let content = classify(line, in_object);
        in_object = match content {
            Line::Blank | Line::Network(_) => false,
            Line::Skipped => in_object,
            Line::Route(_) => true,
        };
        match content {
            Line::Blank | Line::Skipped => None,
            Line::Route(network) => Some(networks::parse(number, network)),
            Line::Network(fields) => Some(first_field(number, fields)),
        }
    }))
}

enum Line<'l> {
    /// Ends an object.
    Blank,
    /// A comment, or a line of an object without a network.
    Skipped,
    /// The network of a `route` or `route6` attribute.
    Route(&'l str),
    /// A network, or a line of a geofeed.
    Network(&'l str),
}

/// Sorts a line by its form. `in_object`: a line with `route` or `route6` precedes it, without a blank line
/// in between.
fn classify(line: &str, in_object: bool) -> Line<'_> {
    let line = line.trim_ascii_end();
    if line.is_empty() {
        return Line::Blank;
    }
    let is_continuation = in_object && line.starts_with([' ', '\t', '+']);
    let before_comment = line.split('#').next().unwrap_or_default().trim_ascii();
    if line.starts_with('%') || before_comment.is_empty() || is_continuation {
        return Line::Skipped;
    }
    match before_comment.split_once(':') {
        Some((name, value)) if is_route(name) => Line::Route(value.trim_ascii()),
        Some((name, _)) if in_object && is_attribute(name) => Line::Skipped,
        _ => Line::Network(before_comment),
    }
}

fn is_route(name: &str) -> bool {
    name.eq_ignore_ascii_case("route") || name.eq_ignore_ascii_case("route6")
}

/// Returns whether this is the name of an attribute (RFC 2622, section 2), and not the first part of an IPv6
/// address. No attribute is named with hexadecimal digits only.
fn is_attribute(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && !name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Parses the first field of a geofeed (RFC 8805), or a line without other fields. The others are a country, a
/// region, a city and a postal code. A network there would be lost.
fn first_field(number: usize, fields: &str) -> Result<IpNet, NetworksError> {
    let mut separate = fields.split(',').map(str::trim_ascii);
    let network = networks::parse(number, separate.next().unwrap_or_default())?;
    if separate.any(|field| networks::read(field).is_some()) {
        return Err(NetworksError::refused(number, fields, Problem::Several));
    }
    Ok(network)
}
