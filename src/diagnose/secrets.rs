//! The secrets to try. All of them are borrowed.

use alloc::vec::Vec;

use super::cause::Cause;

#[derive(Clone)]
pub(super) struct Secrets<'a> {
    pub(super) configured: &'a [u8],
    pub(super) others: Vec<Other<'a>>,
}

/// Another secret, and the cause that a match with it proves.
#[derive(Clone, Copy)]
pub(super) struct Other<'a> {
    pub(super) secret: &'a [u8],
    pub(super) cause: Cause,
    pub(super) name: Option<&'a str>,
}

/// The maximum number of layers that are removed from a secret.
const MAX_LAYERS: usize = 8;

/// Returns the secret without white space, quotes or a variable name: one result for each layer.
pub(super) fn unwrapped(secret: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::successors(unwrap_once(secret), |secret| unwrap_once(secret)).take(MAX_LAYERS)
}

/// Returns the secret itself, and then without its layers.
pub(super) fn with_layers(secret: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::once(secret).chain(unwrapped(secret))
}

/// Returns the secret without any layer around it.
pub(super) fn innermost(secret: &[u8]) -> &[u8] {
    unwrapped(secret).last().unwrap_or(secret)
}

fn unwrap_once(secret: &[u8]) -> Option<&[u8]> {
    let trimmed = trim(secret);
    let inner = if trimmed.len() < secret.len() {
        trimmed
    } else {
        unquote(secret).or_else(|| after_name(secret))?
    };
    (!inner.is_empty()).then_some(inner)
}

fn trim(secret: &[u8]) -> &[u8] {
    let is_blank = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    match core::str::from_utf8(secret) {
        Ok(text) => text.trim_matches(is_blank).as_bytes(),
        Err(_) => secret.trim_ascii(),
    }
}

fn unquote(secret: &[u8]) -> Option<&[u8]> {
    [b"\"", b"'", b"`"]
        .iter()
        .find_map(|quote| secret.strip_prefix(*quote)?.strip_suffix(*quote))
}

/// Matches `NAME=value`, `export NAME=value` and `NAME: value`.
fn after_name(secret: &[u8]) -> Option<&[u8]> {
    let secret = secret.strip_prefix(b"export ").unwrap_or(secret);
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let length = secret.iter().position(|byte| !in_name(byte))?;
    let (name, rest) = secret.split_at_checked(length)?;
    match rest {
        [b'=' | b':', value @ ..] if !name.is_empty() => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(secret: &str) -> Vec<&str> {
        unwrapped(secret.as_bytes())
            .map(|layer| core::str::from_utf8(layer).unwrap())
            .collect()
    }

    #[test]
    fn unwraps_one_layer_at_a_time() {
        assert_eq!(
            layers("export APP_SECRET=\" 'key'\"\n"),
            [
                "export APP_SECRET=\" 'key'\"",
                "\" 'key'\"",
                " 'key'",
                "'key'",
                "key",
            ]
        );
        assert_eq!(layers("secret: key"), [" key", "key"]);
        assert_eq!(layers("\u{feff}key\u{200b}"), ["key"]);
        for whole in [
            "", " ", "\"", "''", "=key", "key", "key=", "\"key", "a key=b",
        ] {
            assert_eq!(layers(whole), [""; 0], "{whole:?}");
        }
    }

    #[test]
    fn limits_the_number_of_layers() {
        assert_eq!(layers(&"'".repeat(1_001)).len(), MAX_LAYERS);
        assert_eq!(unwrapped(b"\xff\xff \n").collect::<Vec<_>>(), [b"\xff\xff"]);
    }
}
