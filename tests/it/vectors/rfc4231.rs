//! RFC 4231, section 4: test cases for HMAC-SHA-256.

use hubseal::{RejectionKind, testing::ring_of_bytes};

use super::{assert_accepts, assert_rejects, decode_tag};

fn case(number: u8, key: &[u8], data: &[u8], tag: &str) {
    let label = format!("test case {number}");
    assert_accepts(&label, ring_of_bytes(key).unwrap(), data, &decode_tag(tag));
}

#[test]
fn verifies_keys_shorter_than_a_block() {
    let counting = std::array::from_fn::<u8, 25, _>(|index| u8::try_from(index + 1).unwrap());
    case(
        1,
        &[0x0b; 20],
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    );
    case(
        2,
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
    case(
        3,
        &[0xaa; 20],
        &[0xdd; 50],
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    );
    case(
        4,
        &counting,
        &[0xcd; 50],
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    );
}

#[test]
fn verifies_keys_longer_than_a_block() {
    case(
        6,
        &[0xaa; 131],
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    );
    case(
        7,
        &[0xaa; 131],
        b"This is a test using a larger than block-size key and a larger than block-size data. \
          The key needs to be hashed before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    );
}

#[test]
fn rejects_tag_truncated_to_128_bits() {
    let tag = 0xa3b6_1674_7310_0ee0_6e0c_796c_2955_552b_u128.to_be_bytes();
    assert_rejects(
        "test case 5",
        ring_of_bytes(&[0x0c; 20]).unwrap(),
        b"Test With Truncation",
        &tag,
        RejectionKind::SignatureMalformed,
    );
}
