//! Signature headers: missing, repeated, malformed and forged.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::{case::Case, target::Target};
use crate::{
    rejection::RejectionKind::{
        SignatureMalformed, SignatureMismatch, SignatureMissing, SignatureRepeated,
    },
    signature::{KeyRing, Signature},
    testing::{
        request::{Request, Sending},
        sample,
    },
};

pub(super) fn cases(target: &Target<'_>) -> Vec<Case> {
    let mut cases = forms(target);
    cases.extend(malformed(target));
    cases.extend(forged(target));
    cases
}

/// The header: present, missing and repeated.
fn forms(target: &Target<'_>) -> Vec<Case> {
    let genuine = target.genuine();
    let signature = Signature::sign(target.secret, &genuine.body);
    let text = signature.to_string();
    let zeros = format!("sha256={:064}", 0);
    let name = "x-hub-signature-256";
    let upper = text.get(7..).unwrap_or_default().to_uppercase();
    let trailer = Sending::Trailer {
        name: name.into(),
        value: text.clone(),
    };

    [
        Case::genuine("genuine text message", genuine.clone()),
        Case::genuine(
            "header name in capitals",
            target.unsigned().header("X-HUB-SIGNATURE-256", &*text),
        ),
        Case::genuine(
            "digits in capitals",
            target.with_signature(format!("sha256={upper}")),
        ),
        Case::genuine(
            "legacy signature beside the genuine one",
            genuine
                .clone()
                .header("x-hub-signature", format!("sha1={:040}", 0)),
        ),
        Case::rejected("no signature", SignatureMissing, target.unsigned()),
        Case::rejected(
            "empty signature",
            SignatureMalformed,
            target.with_signature(""),
        ),
        Case::rejected(
            "the same signature twice",
            SignatureRepeated,
            genuine.clone().header(name, &*text),
        ),
        Case::rejected(
            "a forged signature before the genuine one",
            SignatureRepeated,
            target.with_signature(zeros.clone()).header(name, &*text),
        ),
        Case::rejected(
            "a forged signature after the genuine one",
            SignatureRepeated,
            genuine.clone().header(name, zeros.clone()),
        ),
        Case::rejected(
            "legacy SHA-1 signature alone",
            SignatureMissing,
            target
                .unsigned()
                .header("x-hub-signature", format!("sha1={:040}", 0)),
        ),
        Case::rejected(
            "genuine signature under the legacy header",
            SignatureMissing,
            target.unsigned().header("x-hub-signature", &*text),
        ),
        Case::rejected("signature in the query", SignatureMissing, {
            let target_with_query = format!("{}?{name}={text}", target.path);
            Request {
                target: target_with_query,
                ..target.unsigned()
            }
        }),
        Case::rejected(
            "signature in a trailer",
            SignatureMissing,
            target
                .unsigned()
                .without("content-length")
                .header("transfer-encoding", "chunked")
                .header("trailer", name)
                .sending(trailer),
        ),
        Case::rejected(
            "no signature, and the body waits to be asked for",
            SignatureMissing,
            target
                .unsigned()
                .header("expect", "100-continue")
                .sending(Sending::AfterContinue),
        ),
        Case::rejected(
            "no signature, and the body is never sent",
            SignatureMissing,
            target.unsigned().sending(Sending::Withheld),
        ),
    ]
    .into()
}

/// Malformed values, most of them made from the genuine one.
fn malformed(target: &Target<'_>) -> Vec<Case> {
    let body = sample::text_message();
    let signature = Signature::sign(target.secret, &body);
    let text = signature.to_string();
    let digits = text.get(7..).unwrap_or_default();
    let start = |count: usize| digits.get(..count).unwrap_or_default();
    let end = |from: usize| digits.get(from..).unwrap_or_default();

    let values: [(&'static str, Vec<u8>); 26] = [
        ("no prefix", digits.into()),
        ("prefix alone", "sha256=".into()),
        ("prefix of SHA-1", format!("sha1={digits}").into()),
        ("prefix of SHA-512", format!("sha512={digits}").into()),
        ("prefix in capitals", format!("SHA256={digits}").into()),
        ("prefix with a colon", format!("sha256:{digits}").into()),
        ("prefix with a hyphen", format!("sha-256={digits}").into()),
        ("prefix twice", format!("sha256={text}").into()),
        ("space after the prefix", format!("sha256= {digits}").into()),
        ("63 digits", format!("sha256={}", start(63)).into()),
        ("62 digits", format!("sha256={}", start(62)).into()),
        ("32 digits", format!("sha256={}", start(32)).into()),
        ("2 digits", format!("sha256={}", start(2)).into()),
        ("65 digits", format!("{text}0").into()),
        ("128 digits", format!("{text}{digits}").into()),
        ("a letter past F", format!("sha256={}g", start(63)).into()),
        (
            "a sign among the digits",
            format!("sha256=+{}", end(1)).into(),
        ),
        ("digits marked 0x", format!("sha256=0x{}", end(2)).into()),
        (
            "a space among the digits",
            format!("sha256={} {}", start(32), end(33)).into(),
        ),
        ("colons between the digits", {
            let bytes: Vec<String> = signature
                .as_bytes()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            format!("sha256={}", bytes.join(":")).into()
        }),
        ("bytes that are not ASCII", {
            let mut value = format!("sha256={}", start(62)).into_bytes();
            value.extend_from_slice(&[0xff, 0xfe]);
            value
        }),
        (
            "a character of two bytes",
            format!("sha256={}é", start(62)).into(),
        ),
        (
            "two signatures in one value",
            format!("{text}, {text}").into(),
        ),
        ("signature in quotes", format!("\"{text}\"").into()),
        (
            "parameter after the signature",
            format!("{text};v=1").into(),
        ),
        (
            "signature in base64",
            format!("sha256={}", BASE64_STANDARD.encode(signature.as_bytes())).into(),
        ),
    ];
    let reject =
        |(label, value)| Case::rejected(label, SignatureMalformed, target.with_signature(value));
    values.into_iter().map(reject).collect()
}

/// Well-formed signatures of another body or under another key.
fn forged(target: &Target<'_>) -> Vec<Case> {
    let body = sample::text_message();
    let secret = target.secret.expose_secret().as_bytes();
    let under = |key: &[u8]| sign(&KeyRing::of_bytes(key), &body);
    let genuine = *Signature::sign(target.secret, &body).as_bytes();
    let flipped = |at: usize, bit: u8| {
        let mut tag = genuine;
        if let Some(byte) = tag.get_mut(at) {
            *byte ^= bit;
        }
        Signature::from_bytes(tag).to_string()
    };

    let values: [(&'static str, String); 12] = [
        ("a signature of zeros", format!("sha256={:064}", 0)),
        ("a signature of ones", format!("sha256={}", "f".repeat(64))),
        ("first bit flipped", flipped(0, 0x80)),
        ("last bit flipped", flipped(31, 0x01)),
        (
            "signature of another body",
            Signature::sign(target.secret, "{}").to_string(),
        ),
        ("signed with an empty key", under(b"")),
        ("signed with a key of zeros", under(&[0; 64])),
        (
            "signed with the verify token",
            under(target.verify_token.expose_secret().as_bytes()),
        ),
        (
            "signed with the secret and a newline",
            under(&[secret, b"\n"].concat()),
        ),
        (
            "signed with the hash of the secret",
            under(&Sha256::digest(secret)),
        ),
        (
            "hash of the body without a key",
            Signature::from_bytes(Sha256::digest(&body).into()).to_string(),
        ),
        ("hash of secret and body in a row", {
            let hash = Sha256::new()
                .chain_update(secret)
                .chain_update(&body)
                .finalize();
            Signature::from_bytes(hash.into()).to_string()
        }),
    ];
    let reject =
        |(label, value)| Case::rejected(label, SignatureMismatch, target.with_signature(value));
    values.into_iter().map(reject).collect()
}

fn sign(ring: &KeyRing, body: &[u8]) -> String {
    ring.sign(body).to_string()
}
