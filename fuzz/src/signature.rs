//! The signature header: exactly the grammar, and exactly one value.
//!
//! The input is one value; and once more, cut at its line feeds, it is as many values as that gives.

use hubseal::{RejectionKind, Scheme, Signature};

pub(crate) use self::grammar::is_signature;
use crate::refusal::assert_refused;

#[path = "../../tests/it/properties/signature/grammar.rs"]
mod grammar;

pub fn check(input: &[u8]) {
    one(input);

    let values: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    for value in &values {
        one(value);
    }
    // Without the last: none at all is among them.
    for values in [&values[..], &values[..values.len() - 1]] {
        for scheme in [Scheme::META, Scheme::GITHUB] {
            match (scheme.find(values), values) {
                (Ok(signature), [one]) => same(&signature, one),
                (Ok(_), _) => panic!("found one of {} signatures", values.len()),
                (Err(rejection), []) => {
                    assert_refused(&rejection, RejectionKind::SignatureMissing, false)
                }
                (Err(rejection), [one]) => {
                    assert!(!is_signature(one));
                    assert_refused(&rejection, RejectionKind::SignatureMalformed, false);
                }
                (Err(rejection), _) => {
                    assert_refused(&rejection, RejectionKind::SignatureRepeated, false)
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
            assert_refused(&rejection, RejectionKind::SignatureMalformed, false);
        }
    }
}

/// The signature is of the grammar and means these digits, and what it is written as is read again.
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
