//! Several signatures in one header.

use alloc::{borrow::ToOwned, format, string::String, vec, vec::Vec};

use super::{
    case::Case,
    scheme::{around, encode, genuine_tag},
    target::Target,
};
use crate::{
    rejection::RejectionKind::{SignatureMalformed, SignatureMismatch},
    signature::Scheme,
};

pub(super) fn cases(target: &Target<'_>) -> Vec<Case> {
    let scheme = &target.scheme;
    let prefix = scheme.prefix;
    let tag = genuine_tag(target);
    let genuine = format!("{prefix}{}", encode(scheme, &tag));
    let forged = |number: u8| {
        let mut forged = tag;
        if let Some(byte) = forged.first_mut() {
            *byte ^= number;
        }
        format!("{prefix}{}", encode(scheme, &forged))
    };
    let some = |count: u8| (1..=count).map(forged);
    let last = prefix.chars().last().unwrap_or_default();
    let other = format!("v9{last}{}", encode(scheme, &tag));
    let with = |items: Vec<String>| target.with_signature(around(target, &items));
    let one = || [genuine.clone()];
    vec![
        Case::genuine(
            "genuine signature after seven forged ones",
            with(some(7).chain(one()).collect()),
        ),
        Case::genuine(
            "genuine signature before seven forged ones",
            with(one().into_iter().chain(some(7)).collect()),
        ),
        Case::genuine(
            "genuine signature among other versions",
            with(vec![other.clone(), genuine.clone(), other.clone()]),
        ),
        Case::rejected(
            "eight forged signatures",
            SignatureMismatch,
            with(some(8).collect()),
        ),
        Case::rejected(
            "nine signatures, the genuine one first",
            SignatureMalformed,
            with(one().into_iter().chain(some(8)).collect()),
        ),
        Case::rejected(
            "signatures of other versions only",
            SignatureMalformed,
            with(vec![other.clone(), other]),
        ),
        Case::rejected(
            "a malformed signature beside the genuine one",
            SignatureMalformed,
            with(vec![genuine.clone(), prefix.to_owned()]),
        ),
        Case::rejected(
            "a header of more than 2,048 bytes",
            SignatureMalformed,
            with(vec![genuine.clone(), "x".repeat(Scheme::MAX_HEADER_BYTES)]),
        ),
    ]
}
