//! The signature header: exactly the grammar, and exactly one value.
//!
//! The input is tried as one value, and again as several values, one for each line. Then it is tried as the headers
//! of other [schemes](crate::schemes).

use hubseal::{RejectionKind, Scheme, Signature};

pub(crate) use self::grammar::is_signature;
use crate::rejection::assert_rejected;

#[path = "../../tests/it/properties/signature/grammar.rs"]
mod grammar;

pub fn check(input: &[u8]) {
    one(input);
    crate::schemes::check(input);

    let values: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    for value in &values {
        one(value);
    }
    // All values, and all but the last, which can be none.
    for values in [&values[..], &values[..values.len() - 1]] {
        for scheme in [Scheme::META, Scheme::GITHUB] {
            match (scheme.find(values), values) {
                (Ok(signature), [one]) => same(&signature, one),
                (Ok(_), _) => panic!("found one of {} signatures", values.len()),
                (Err(rejection), []) => {
                    assert_rejected(&rejection, RejectionKind::SignatureMissing, false)
                }
                (Err(rejection), [one]) => {
                    assert!(!is_signature(one));
                    assert_rejected(&rejection, RejectionKind::SignatureMalformed, false);
                }
                (Err(rejection), _) => {
                    assert_rejected(&rejection, RejectionKind::SignatureRepeated, false)
                }
            }
        }
    }
}

fn one(value: &[u8]) {
    match Signature::parse(value) {
        Ok(signature) => same(&signature, value),
        Err(rejection) => {
            assert!(!is_signature(value));
            assert_rejected(&rejection, RejectionKind::SignatureMalformed, false);
        }
    }
}

/// Checks that the signature has these digits, and that its text parses to the same signature.
fn same(signature: &Signature, value: &[u8]) {
    assert!(is_signature(value));
    let written = signature.to_string();
    assert_eq!(written.as_bytes(), value.to_ascii_lowercase());
    for (at, byte) in signature.as_bytes().iter().enumerate() {
        let digits = &written[7 + 2 * at..9 + 2 * at];
        assert_eq!(u8::from_str_radix(digits, 16), Ok(*byte));
    }
    let again = Signature::parse(&written)
        .ok()
        .map(|again| *again.as_bytes());
    assert_eq!(again.as_ref(), Some(signature.as_bytes()));
    assert_eq!(format!("{signature:?}"), "Signature(..)");
}
