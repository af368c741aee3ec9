//! Properties of any input, held against oracles that are as plain as can be.
//!
//! `PROPTEST_CASES` sets how many inputs are tried; 256 unless it is set.

#[cfg(feature = "testing")]
mod body;
mod handshake;
mod keys;
mod secret;
mod signature;

use proptest::{collection::vec, prelude::*, sample::Index};

/// Fewer cases than usual, for a property whose cases are slow.
pub(super) fn with_cases_divided_by(divisor: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: (usual.cases / divisor).max(1),
        ..usual
    }
}

/// One edit that always leaves something else behind.
#[derive(Debug, Clone)]
enum Edit {
    Change(Index, u8),
    Insert(Index, u8),
    Remove(Index),
}

impl Edit {
    fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut edited = bytes.to_vec();
        match self {
            Self::Change(at, bits) if !bytes.is_empty() => edited[at.index(bytes.len())] ^= bits,
            Self::Remove(at) if !bytes.is_empty() => drop(edited.remove(at.index(bytes.len()))),
            Self::Insert(at, byte) => edited.insert(at.index(bytes.len() + 1), *byte),
            Self::Change(..) | Self::Remove(_) => edited.push(0),
        }
        edited
    }
}

fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any::<Index>(), 1..=u8::MAX).prop_map(|(at, bits)| Edit::Change(at, bits)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Insert(at, byte)),
        any::<Index>().prop_map(Edit::Remove),
    ]
}

/// Small bodies of any bytes, and larger ones around and beyond the storage segments of 8 KiB
/// and the 64 KiB that no budget counts.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let beside_segments = (1..=5_usize, 0..=4_usize).prop_map(|(n, more)| n * 8 * 1024 + more - 2);
    let lengths = prop_oneof![300..20_000_usize, 20_000..90_000_usize, beside_segments];
    prop_oneof![
        vec(any::<u8>(), 0..300),
        (lengths, any::<u32>()).prop_map(|(length, seed)| filler(length, seed)),
    ]
}

/// Bytes of which no two stretches are alike. A vector of a strategy's bytes would take far
/// longer to make and to shrink.
fn filler(length: usize, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// The lengths of a body's pieces, empty ones included.
fn chunk_lengths() -> impl Strategy<Value = Vec<usize>> {
    let length = prop_oneof![
        Just(0),
        1..4_usize,
        1..200_usize,
        16_382..16_387_usize,
        0..40_000_usize,
    ];
    vec(length, 0..24)
}

/// The body in pieces of these lengths, as far as it goes, and the rest of it.
fn split<'a>(mut body: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for length in lengths {
        let (piece, rest) = body.split_at(body.len().min(*length));
        pieces.push(piece);
        body = rest;
    }
    pieces.push(body);
    pieces
}

/// Texts that every secret may be, shorter and longer than a block of the hash.
fn secrets() -> impl Strategy<Value = String> {
    "key-[0-9a-f]{12,80}"
}
