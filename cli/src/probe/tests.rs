//! The tables of the probe agree with the attack suite.

use std::time::{Duration, SystemTime};

use clap::ValueEnum;
use hubseal::{
    AppSecret, RejectionKind, Verifier, VerifyToken,
    testing::{Case, Expected, Target, attack_suite},
};

use super::{
    classify::{Secrets, accepted, signature},
    kind::Kind,
    labels::{BY_LABEL, SEVERAL_SIGNATURES, UNUSUAL_DELIVERIES, UNUSUAL_HANDSHAKES, WRONG_TOKEN},
};
use crate::schemes::SchemeName;

/// Accepted requests whose kind follows from the expected rejection, in every scheme.
const BY_REJECTION: &[(Kind, &[&str])] = &[
    (
        Kind::AcceptsUnsigned,
        &[
            "POST of a handshake",
            "legacy SHA-1 signature alone",
            "no header of the scheme",
            "no signature",
            "no signature, and the body is never sent",
            "no signature, and the body waits to be asked for",
        ],
    ),
    (
        Kind::RepeatedHeader,
        &[
            "a forged signature after the genuine one",
            "a forged signature before the genuine one",
            "the same signature twice",
            "two ids",
        ],
    ),
    (
        Kind::LenientHeader,
        &[
            "128 digits",
            "65 digits",
            "a malformed signature beside the genuine one",
            "another version",
            "base64 with more bits",
            "base64 without padding",
            "colons between the digits",
            "no prefix",
            "one character too many",
            "parameter after the signature",
            "prefix in capitals",
            "prefix of SHA-1",
            "prefix of SHA-512",
            "prefix twice",
            "prefix with a colon",
            "prefix with a hyphen",
            "signature in base64",
            "signature in quotes",
            "signature in the other encoding",
            "signatures of other versions only",
            "space after the prefix",
            "timestamp in hexadecimal digits",
            "timestamp with a fraction",
            "timestamp with a leading zero",
            "timestamp with a plus sign",
            "two signatures in one value",
        ],
    ),
    (
        Kind::LongTolerance,
        &["timestamp of 1970", "timestamp too old"],
    ),
    (
        Kind::FutureTimestamp,
        &[
            "largest timestamp",
            "timestamp in milliseconds",
            "timestamp in the future",
        ],
    ),
    (
        Kind::AcceptsForged,
        &[
            "a signature of ones",
            "a signature of zeros",
            "eight forged signatures",
            "first bit flipped",
            "forged, of the limit",
            "forged, of the limit, in chunks",
            "hash of secret and body in a row",
            "hash of the body without a key",
            "last bit flipped",
            "last byte missing",
            "nothing left of it",
            "one byte changed",
            "signature of another body",
            "signed with a key of zeros",
            "signed with an empty key",
            "signed with the hash of the key",
            "signed with the hash of the secret",
            "signed with the key and a newline",
            "signed with the secret and a newline",
            "signed with the text of the secret",
            "the same body twice",
        ],
    ),
];

/// Since 1970.
const TIME: Duration = Duration::from_secs(1_700_000_000);

fn secret(name: SchemeName) -> AppSecret {
    let secret = AppSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    if name.is_standard() {
        return secret.decode_whsec().unwrap();
    }
    secret
}

/// Returns the attack suite of each scheme.
fn suites() -> Vec<(SchemeName, Vec<Case>)> {
    let token = VerifyToken::new("correct-horse").unwrap();
    let suite = |name: &SchemeName| {
        let secret = secret(*name);
        let target = Target::new("/webhook", &secret, &token)
            .scheme(name.scheme())
            .time(SystemTime::UNIX_EPOCH.checked_add(TIME).unwrap());
        (*name, attack_suite(&target))
    };
    SchemeName::value_variants().iter().map(suite).collect()
}

#[test]
fn every_accepted_signature_header_has_a_kind_on_purpose() {
    use RejectionKind::{
        SignatureMalformed, SignatureMismatch, SignatureMissing, SignatureRepeated,
        TimestampInFuture, TimestampTooOld,
    };
    for (name, suite) in suites() {
        for case in suite {
            let Expected::Rejected(rejection) = case.expected else {
                continue;
            };
            let is_of_signature = matches!(
                rejection,
                SignatureMalformed
                    | SignatureMismatch
                    | SignatureMissing
                    | SignatureRepeated
                    | TimestampInFuture
                    | TimestampTooOld
            );
            let kind = accepted(&case, rejection);
            let is_listed = |(listed, labels): &(Kind, &[&str])| {
                *listed == kind && labels.contains(&case.label)
            };
            assert!(
                !is_of_signature
                    || BY_LABEL.iter().any(|(label, _)| *label == case.label)
                    || BY_REJECTION.iter().any(is_listed),
                "{name:?}: choose a kind for {:?}, now {kind:?}",
                case.label
            );
        }
    }
}

#[test]
fn knows_the_right_signature_of_every_scheme() {
    for (name, suite) in suites() {
        let secret = secret(name);
        let secrets = Secrets {
            verifier: Verifier::new(&secret).with_scheme(name.scheme()),
            secret: &secret,
            token: None,
            time: TIME.as_secs(),
        };
        let request = &suite[0].request;
        let signature = signature(&secrets, request).unwrap();
        let header = name.scheme().header();
        let (_, value) = request
            .headers
            .iter()
            .find(|(name, _)| name == header)
            .unwrap();
        let value = String::from_utf8_lossy(value);
        assert!(
            signature.len() >= 43 && value.contains(&signature),
            "{name:?}: {value}"
        );
    }
}

#[test]
fn genuine_deliveries_of_other_schemes_are_those_of_meta_or_known() {
    let suites = suites();
    let (_, meta) = &suites[0];
    for (name, suite) in &suites {
        let genuine = suite
            .iter()
            .filter(|case| case.expected == Expected::Verified);
        for case in genuine {
            assert!(
                meta.iter().any(|known| known.label == case.label)
                    || SEVERAL_SIGNATURES.contains(&case.label)
                    || UNUSUAL_DELIVERIES.contains(&case.label)
                    || case.label == "header names in capitals",
                "{name:?}: choose a kind for a rejection of {:?}",
                case.label
            );
        }
    }
}

#[test]
fn every_label_of_the_tables_is_a_case_of_the_attack_suite() {
    let suites = suites();
    let cases = || suites.iter().flat_map(|(_, suite)| suite);
    let by_rejection = BY_REJECTION.iter().flat_map(|(_, labels)| *labels);
    let labels = BY_LABEL.iter().map(|(label, _)| label);
    for label in labels
        .chain(by_rejection)
        .chain(WRONG_TOKEN)
        .chain(SEVERAL_SIGNATURES)
        .chain(UNUSUAL_DELIVERIES)
        .chain(UNUSUAL_HANDSHAKES)
    {
        assert!(
            cases().any(|case| case.label == *label),
            "no such case: {label}"
        );
    }
}

#[test]
fn kinds_have_names_of_their_own_and_are_in_order_of_severity() {
    let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.id()).collect();
    assert!(Kind::ALL.is_sorted_by_key(|kind| kind.severity()));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Kind::ALL.len());
}
