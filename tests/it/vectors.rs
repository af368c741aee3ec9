//! Published vectors, each checked four ways: at once, split in two at every offset, byte by
//! byte, and with every bit of the tag flipped.

mod known;
mod rfc4231;
mod wycheproof;

use hubseal::{Endpoint, KeyRing, RejectionKind, Signature};

use crate::verify_paths::{Outcome, one_shot, in_chunks, through_endpoint};

/// The one acceptable tag of a body, whole and tampered with.
fn assert_accepts(label: &str, keys: impl Into<KeyRing>, body: &[u8], tag: &[u8]) {
    let endpoint = Endpoint::builder(keys).build().unwrap();
    let key = endpoint.verifier().keys().names().next();
    let key = key.expect("a ring has a key");
    assert_on_every_path(label, &endpoint, body, tag, &Ok((body.to_vec(), key)));
    assert_rejects_flipped_bits(label, &endpoint, body, tag);
}

/// A tag that is not the body's, or no tag at all.
fn assert_rejects(label: &str, keys: impl Into<KeyRing>, body: &[u8], tag: &[u8], kind: RejectionKind) {
    let endpoint = Endpoint::builder(keys).build().unwrap();
    assert_on_every_path(label, &endpoint, body, tag, &Err(kind));
}

fn assert_on_every_path(label: &str, endpoint: &Endpoint, body: &[u8], tag: &[u8], expected: &Outcome) {
    let header = header(tag);
    let header = header.as_bytes();
    assert_eq!(
        &one_shot(endpoint, header, body),
        expected,
        "{label}, at once"
    );
    let halves = offsets(body.len()).map(|offset| {
        let (before, after) = body.split_at(offset);
        vec![before, after]
    });
    let bytes = body.chunks(1).collect::<Vec<_>>();
    for pieces in halves.chain([bytes]) {
        let divided = || {
            let lengths = pieces.iter().map(|piece| piece.len());
            lengths.take(2).collect::<Vec<_>>()
        };
        let outcome = in_chunks(endpoint, header, &pieces);
        assert_eq!(&outcome, expected, "{label}, in pieces {:?}", divided());
        let outcome = through_endpoint(endpoint, header, &pieces);
        assert_eq!(&outcome, expected, "{label}, taken in {:?}", divided());
    }
}

/// Every offset of a short body; of a long one those beside the hash's blocks at both ends, and
/// those beside the storage's pages.
fn offsets(length: usize) -> impl Iterator<Item = usize> {
    (0..=length).filter(move |offset| {
        let beside = |size: usize| (offset + 1) % size <= 2;
        let at_an_end = *offset <= 300 || length - *offset <= 300;
        length <= 600 || beside(4_096) || (at_an_end && beside(64))
    })
}

fn assert_rejects_flipped_bits(label: &str, endpoint: &Endpoint, body: &[u8], tag: &[u8]) {
    let (before, after) = body.split_at(body.len() / 2);
    let refused = Err(RejectionKind::SignatureMismatch);
    for bit in 0..8 * Signature::BYTES {
        let mut tampered = tag.to_vec();
        tampered[bit / 8] ^= 1 << (bit % 8);
        let header = header(&tampered);
        let header = header.as_bytes();

        let outcome = one_shot(endpoint, header, body);
        assert_eq!(outcome, refused, "{label}, bit {bit}, at once");
        let outcome = in_chunks(endpoint, header, &[before, after]);
        assert_eq!(outcome, refused, "{label}, bit {bit}, in pieces");
        let outcome = through_endpoint(endpoint, header, &[before, after]);
        assert_eq!(outcome, refused, "{label}, bit {bit}, taken in");
    }
}

fn header(tag: &[u8]) -> String {
    format!("sha256={}", hex::encode(tag))
}

/// The bytes of a full tag as its source prints it.
fn decode_tag(digits: &str) -> [u8; Signature::BYTES] {
    let mut tag = [0; Signature::BYTES];
    hex::decode_to_slice(digits, &mut tag).expect("64 digits");
    tag
}
