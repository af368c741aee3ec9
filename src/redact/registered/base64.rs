//! Fragments of a registered value in base64.

use alloc::{boxed::Box, vec::Vec};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use zeroize::Zeroizing;

/// The minimum length of a fragment, in characters.
const MIN_CHARACTERS: usize = 8;

/// Returns the base64 characters that depend only on `value`, for each of the three alignments: after
/// 0, 1 and 2 unknown bytes.
pub(super) fn fragments(value: &[u8]) -> impl Iterator<Item = Zeroizing<Box<str>>> {
    (0..3_usize).filter_map(move |before| {
        let mut bytes = Zeroizing::new(Vec::with_capacity(before.saturating_add(value.len())));
        bytes.resize(before, 0);
        bytes.extend_from_slice(value);
        let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(bytes.as_slice()));

        // A character encodes six bits. Skip those that contain bits of the bytes before or after.
        let first = before.saturating_mul(8).div_ceil(6);
        let whole = bytes.len().saturating_mul(8) / 6;
        let fragment = encoded.get(first..whole)?;
        (fragment.len() >= MIN_CHARACTERS).then(|| Zeroizing::new(fragment.into()))
    })
}
