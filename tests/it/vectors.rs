//! Published test vectors. Each is checked in one call, split at offsets, byte by byte, and with
//! every bit of the tag flipped.

mod known;
mod rfc4231;
mod wycheproof;

use hubseal::{Endpoint, KeyRing, RejectionKind, Signature};

use crate::verify_paths::{Outcome, in_chunks, one_shot, through_endpoint};

/// Checks that this tag is accepted and every tag with one flipped bit is rejected.
fn assert_accepts(label: &str, keys: impl Into<KeyRing>, body: &[u8], tag: &[u8]) {
    let endpoint = Endpoint::builder(keys).build().unwrap();
    let key = endpoint.verifier().keys().names().next();
    let key = key.expect("key rings are never empty");
    assert_on_every_path(label, &endpoint, body, tag, &Ok((body.to_vec(), key)));
    assert_rejects_flipped_bits(label, &endpoint, body, tag);
}

/// Checks that this tag is rejected.
fn assert_rejects(
    label: &str,
    keys: impl Into<KeyRing>,
    body: &[u8],
    tag: &[u8],
    kind: RejectionKind,
) {
    let endpoint = Endpoint::builder(keys).build().unwrap();
    assert_on_every_path(label, &endpoint, body, tag, &Err(kind));
}

fn assert_on_every_path(
    label: &str,
    endpoint: &Endpoint,
    body: &[u8],
    tag: &[u8],
    expected: &Outcome,
) {
    let header = header(tag);
    let header = header.as_bytes();
    assert_eq!(
        &one_shot(endpoint, header, body),
        expected,
        "{label}, one shot"
    );
    let halves = offsets(body.len()).map(|offset| {
        let (before, after) = body.split_at(offset);
        vec![before, after]
    });
    let bytes = body.chunks(1).collect::<Vec<_>>();
    for chunks in halves.chain([bytes]) {
        let divided = || {
            let lengths = chunks.iter().map(|chunk| chunk.len());
            lengths.take(2).collect::<Vec<_>>()
        };
        let outcome = in_chunks(endpoint, header, &chunks);
        assert_eq!(&outcome, expected, "{label}, in chunks {:?}", divided());
        let outcome = through_endpoint(endpoint, header, &chunks);
        assert_eq!(
            &outcome,
            expected,
            "{label}, through the endpoint {:?}",
            divided()
        );
    }
}

/// Every offset of a short body. For a long body, offsets near hash blocks at both ends and near
/// multiples of 4 KiB.
fn offsets(length: usize) -> impl Iterator<Item = usize> {
    (0..=length).filter(move |offset| {
        let beside = |size: usize| (offset + 1) % size <= 2;
        let at_an_end = *offset <= 300 || length - *offset <= 300;
        length <= 600 || beside(4_096) || (at_an_end && beside(64))
    })
}

fn assert_rejects_flipped_bits(label: &str, endpoint: &Endpoint, body: &[u8], tag: &[u8]) {
    let (before, after) = body.split_at(body.len() / 2);
    let rejected = Err(RejectionKind::SignatureMismatch);
    for bit in 0..8 * Signature::BYTES {
        let mut tampered = tag.to_vec();
        tampered[bit / 8] ^= 1 << (bit % 8);
        let header = header(&tampered);
        let header = header.as_bytes();

        let outcome = one_shot(endpoint, header, body);
        assert_eq!(outcome, rejected, "{label}, bit {bit}, one shot");
        let outcome = in_chunks(endpoint, header, &[before, after]);
        assert_eq!(outcome, rejected, "{label}, bit {bit}, in chunks");
        let outcome = through_endpoint(endpoint, header, &[before, after]);
        assert_eq!(
            outcome, rejected,
            "{label}, bit {bit}, through the endpoint"
        );
    }
}

fn header(tag: &[u8]) -> String {
    format!("sha256={}", hex::encode(tag))
}

/// Decodes a hexadecimal tag of full length.
fn decode_tag(digits: &str) -> [u8; Signature::BYTES] {
    let mut tag = [0; Signature::BYTES];
    hex::decode_to_slice(digits, &mut tag).expect("64 digits");
    tag
}
