//! The grammar of the signature header.

/// Checks the documented grammar.
pub(crate) fn is_signature(value: &[u8]) -> bool {
    value.len() == 71
        && value.starts_with(b"sha256=")
        && value[7..].iter().all(u8::is_ascii_hexdigit)
}
