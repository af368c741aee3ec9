//! Hops of the header `Forwarded` (RFC 7239), read from the right.
//!
//! A client can write an unbalanced quote, and a proxy appends its element to that. From the left, the
//! quote would swallow the element. From the right, elements of proxies are complete before the quote.

use core::{iter, net::IpAddr};

use super::client_address::{is_port, node};

/// The maximum length of a quoted value of `for` without its backslashes, in bytes.
const MAX_NODE: usize = 128;

/// Returns the hops of a line, from right to left. A malformed hop is `None`, and the last one.
pub(super) fn hops(line: &[u8]) -> impl Iterator<Item = Option<IpAddr>> {
    let mut unread = Some(line);
    iter::from_fn(move || {
        let element = last_element(unread.take()?);
        unread = element.and_then(|(_, left)| left);
        Some(element.and_then(|(value, _)| value.address()))
    })
}

/// Splits the last element off: its value of `for`, and the text left of its comma.
fn last_element(line: &[u8]) -> Option<(Value<'_>, Option<&[u8]>)> {
    let mut found = None;
    let mut unread = line;
    loop {
        unread = trim_end(unread);
        // RFC 7239, section 4, allows empty pairs.
        if !matches!(unread.last(), None | Some(b',' | b';')) {
            let (value, left) = Value::split_last(unread)?;
            let (name, left) = split_token(left.strip_suffix(b"=")?)?;
            if name.eq_ignore_ascii_case(b"for") && found.replace(value).is_some() {
                return None;
            }
            unread = trim_end(left);
        }
        match unread.split_last() {
            None => return Some((found?, None)),
            Some((b',', left)) => return Some((found?, Some(left))),
            Some((b';', left)) => unread = left,
            Some(_) => return None,
        }
    }
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Token(&'a [u8]),
    /// Without the quotes, with all backslashes.
    Quoted(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Splits a value off the right end.
    fn split_last(text: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let Some(text) = text.strip_suffix(b"\"") else {
            return split_token(text).map(|(token, left)| (Self::Token(token), left));
        };
        if is_escaped(text) {
            return None;
        }
        let mut left = text;
        loop {
            // The first quote without a backslash opens the string.
            let quote = left.iter().rposition(|byte| *byte == b'"')?;
            left = left.get(..quote)?;
            if !is_escaped(left) {
                let quoted = text.get(quote.checked_add(1)?..)?;
                let is_text = |byte: &u8| *byte == b'\t' || !byte.is_ascii_control();
                return quoted
                    .iter()
                    .all(is_text)
                    .then_some((Self::Quoted(quoted), left));
            }
        }
    }

    /// Parses a node of RFC 7239, section 6. One without an address, such as `unknown`, is `None`.
    fn address(self) -> Option<IpAddr> {
        let mut buffer = [0; MAX_NODE];
        let text = match self {
            Self::Token(token) => token,
            Self::Quoted(quoted) => unescape(quoted, &mut buffer)?,
        };
        let (address, port) = node(core::str::from_utf8(text).ok()?)?;
        port.is_none_or(|port| is_port(port) || is_obfuscated(port))
            .then_some(address)
    }
}

/// Removes the backslashes of quoted pairs. Returns `None` if the text is too long for the buffer.
fn unescape<'a>(quoted: &[u8], buffer: &'a mut [u8; MAX_NODE]) -> Option<&'a [u8]> {
    let mut length = 0_usize;
    let mut bytes = quoted.iter();
    while let Some(byte) = bytes.next() {
        *buffer.get_mut(length)? = match byte {
            b'\\' => *bytes.next()?,
            _ => *byte,
        };
        length = length.checked_add(1)?;
    }
    buffer.get(..length)
}

/// Returns whether a byte behind this text is part of a quoted pair.
fn is_escaped(text: &[u8]) -> bool {
    let backslashes = text.iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.count() % 2 == 1
}

/// Splits a token of at least one character off the right end: the token, and the text left of it.
fn split_token(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let length = text.iter().rev().take_while(|byte| is_token(byte)).count();
    let (left, token) = text.split_at_checked(text.len().checked_sub(length)?)?;
    (length > 0).then_some((token, left))
}

/// Returns whether the text is an obfuscated port, such as `_web`.
fn is_obfuscated(port: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    port.strip_prefix('_')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(allowed))
}

fn trim_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !b" \t".contains(byte));
    let length = end.map_or(0, |end| end.saturating_add(1));
    text.get(..length).unwrap_or_default()
}
