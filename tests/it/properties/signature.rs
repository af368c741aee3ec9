//! The grammar of the signature header.

mod grammar;

use hubseal::{Rejection, RejectionKind, Scheme, Signature};
use proptest::{collection::vec, prelude::*};

use self::grammar::is_signature;
use super::{Edit, edits};

/// Values of the grammar, values one or two edits away, similar values, and any bytes.
fn values() -> impl Strategy<Value = Vec<u8>> {
    let genuine = || "sha256=[0-9a-fA-F]{64}".prop_map(String::into_bytes);
    let edited = |(value, edits): (Vec<u8>, Vec<Edit>)| {
        edits.iter().fold(value, |value, edit| edit.apply(&value))
    };
    prop_oneof![
        3 => genuine(),
        2 => (genuine(), vec(edits(), 1..3)).prop_map(edited),
        1 => "[Ss][Hh][Aa](256|512)[=:][0-9a-fA-F]{64}".prop_map(String::into_bytes),
        1 => "(sha256|SHA256|Sha256|sha1|sha512|sha-256|v0|)[=: ]{0,2}[0-9a-fA-F]{60,68}"
            .prop_map(String::into_bytes),
        1 => "[ \t\r\n\0]{0,2}sha256=[ \t]?(0x)?[0-9a-fA-F]{62,64}[ \t\r\n,;\0]{0,2}"
            .prop_map(String::into_bytes),
        1 => "sha256=[0-9a-gA-G+]{64}".prop_map(String::into_bytes),
        // The right number of characters with more bytes, and the right number of bytes.
        1 => "sha256=[0-9a-f０-９é]{64}".prop_map(String::into_bytes),
        1 => "sha256=[0-9a-f]{60,62}é{1,2}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 64).prop_map(|digits| [b"sha256=".as_slice(), &digits].concat()),
        1 => vec(any::<u8>(), 0..100),
    ]
}

fn text(parsed: Result<Signature, Rejection>) -> Result<String, RejectionKind> {
    parsed
        .map(|signature| signature.to_string())
        .map_err(|rejection| rejection.kind())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2 * ProptestConfig::default().cases))]

    #[test]
    fn accepts_exactly_the_signature_grammar(value in values()) {
        match Signature::parse(&value) {
            Ok(signature) => {
                prop_assert!(is_signature(&value));
                let written = signature.to_string();
                prop_assert_eq!(written.as_bytes(), value.to_ascii_lowercase());
                for (at, byte) in signature.as_bytes().iter().enumerate() {
                    let digits = &written[7 + 2 * at..9 + 2 * at];
                    prop_assert_eq!(u8::from_str_radix(digits, 16), Ok(*byte));
                }
            }
            Err(rejection) => {
                prop_assert!(!is_signature(&value));
                prop_assert_eq!(rejection.kind(), RejectionKind::SignatureMalformed);
            }
        }
    }

    #[test]
    fn parses_single_signature_header_only(values in vec(values(), 0..4)) {
        for scheme in [Scheme::META, Scheme::GITHUB] {
            let expected = match &values[..] {
                [] => Err(RejectionKind::SignatureMissing),
                [one] => text(Signature::parse(one)),
                _ => Err(RejectionKind::SignatureRepeated),
            };
            prop_assert_eq!(text(scheme.find(&values)), expected);
        }
    }

    #[test]
    fn rejects_repeated_equal_signature_headers(value in values(), count in 2..5_usize) {
        let found = Scheme::META.find(std::iter::repeat_n(&value, count));
        prop_assert_eq!(text(found), Err(RejectionKind::SignatureRepeated));
    }
}
