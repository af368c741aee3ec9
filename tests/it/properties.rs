//! Property tests that compare the crate with simple oracles.
//!
//! `PROPTEST_CASES` sets the number of inputs. The default is 256.

#[cfg(feature = "testing")]
mod body;
mod handshake;
mod keys;
mod secret;
mod signature;

use proptest::{collection::vec, prelude::*, sample::Index};

/// Runs fewer cases of a slow property.
pub(super) fn with_cases_divided_by(divisor: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: (usual.cases / divisor).max(1),
        ..usual
    }
}

/// An edit that always changes the bytes.
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

/// Small bodies of any bytes, and larger ones near multiples of 8 KiB and beyond 64 KiB.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let beside_segments = (1..=5_usize, 0..=4_usize).prop_map(|(n, more)| n * 8 * 1024 + more - 2);
    let lengths = prop_oneof![300..20_000_usize, 20_000..90_000_usize, beside_segments];
    prop_oneof![
        vec(any::<u8>(), 0..300),
        (lengths, any::<u32>()).prop_map(|(length, seed)| filler(length, seed)),
    ]
}

/// Makes pseudo-random bytes. A proptest vector would be far slower to generate and to shrink.
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

/// The lengths of the chunks of a body. Chunks can be empty.
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

/// Splits the body into chunks of these lengths and a last chunk with the rest.
fn split<'a>(mut body: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut chunks = Vec::new();
    for length in lengths {
        let (chunk, rest) = body.split_at(body.len().min(*length));
        chunks.push(chunk);
        body = rest;
    }
    chunks.push(body);
    chunks
}

/// Valid secrets, shorter and longer than a block of the hash.
fn secrets() -> impl Strategy<Value = String> {
    "key-[0-9a-f]{12,80}"
}
