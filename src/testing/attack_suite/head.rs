//! Methods, content codings and declared lengths.

use alloc::vec::Vec;

use super::{case::Case, target::Target};
use crate::{
    rejection::RejectionKind::{
        ContentEncoded, HandshakeMalformed, LengthMismatch, MethodNotAllowed, PayloadTooLarge,
    },
    testing::request::Sending,
};

pub(super) fn cases(target: &Target<'_>) -> Vec<Case> {
    let mut cases = methods(target);
    cases.extend(codings(target));
    cases.extend(lengths(target));
    cases
}

fn methods(target: &Target<'_>) -> Vec<Case> {
    let genuine = || target.genuine();
    let reject =
        |label, method: &str| Case::rejected(label, MethodNotAllowed, genuine().method(method));
    [
        reject("PUT of a genuine delivery", "PUT"),
        reject("PATCH of a genuine delivery", "PATCH"),
        reject("DELETE of a genuine delivery", "DELETE"),
        reject("OPTIONS of a genuine delivery", "OPTIONS"),
        reject("TRACE of a genuine delivery", "TRACE"),
        reject("a method in lower case", "post"),
        reject("a method nobody knows", "BREW"),
        Case::rejected(
            "HEAD",
            MethodNotAllowed,
            genuine().method("HEAD").body("").without("content-length"),
        ),
        Case::rejected(
            "PUT that asks to be taken for POST",
            MethodNotAllowed,
            genuine()
                .method("PUT")
                .header("x-http-method-override", "POST"),
        ),
        Case::rejected(
            "GET of a genuine delivery",
            HandshakeMalformed,
            genuine().method("GET"),
        ),
    ]
    .into()
}

fn codings(target: &Target<'_>) -> Vec<Case> {
    let coded = |value: &str| target.genuine().header("content-encoding", value);
    let reject = |label, value| Case::rejected(label, ContentEncoded, coded(value));
    [
        Case::genuine("identity coding", coded("identity")),
        Case::genuine("identity coding in capitals", coded("Identity")),
        reject("gzip", "gzip"),
        reject("gzip in capitals", "GZIP"),
        reject("deflate", "deflate"),
        reject("brotli", "br"),
        reject("zstd", "zstd"),
        reject("identity, then gzip", "identity, gzip"),
        reject("a coding nobody knows", "rot13"),
        Case::rejected(
            "two coding headers",
            ContentEncoded,
            coded("identity").header("content-encoding", "gzip"),
        ),
    ]
    .into()
}

fn lengths(target: &Target<'_>) -> Vec<Case> {
    let declared = |value: &str| {
        target
            .genuine()
            .without("content-length")
            .header("content-length", value)
            .sending(Sending::Withheld)
    };
    let one_more = alloc::format!("{}", target.payload_limit.saturating_add(1));
    [
        Case::rejected(
            "1 GiB declared and never sent",
            PayloadTooLarge,
            declared("1073741824"),
        ),
        Case::rejected(
            "one byte too many declared",
            PayloadTooLarge,
            declared(&one_more),
        ),
        Case::rejected(
            "2^62 bytes declared",
            PayloadTooLarge,
            declared("4611686018427387904"),
        ),
        Case::rejected(
            "1 GiB declared, waiting to be asked for",
            PayloadTooLarge,
            declared("1073741824")
                .header("expect", "100-continue")
                .sending(Sending::AfterContinue),
        ),
        Case::rejected(
            "a length that is no number",
            LengthMismatch,
            declared("12abc"),
        ),
        Case::rejected("a negative length", LengthMismatch, declared("-1")),
        Case::rejected(
            "two lengths that differ",
            LengthMismatch,
            declared("10").header("content-length", "11"),
        ),
    ]
    .into()
}
