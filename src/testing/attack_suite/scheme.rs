//! Signature headers of any scheme: missing, repeated, malformed and forged.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::{
    case::Case,
    list, message,
    target::{Target, id},
};
use crate::{
    rejection::RejectionKind::{
        SignatureMalformed, SignatureMismatch, SignatureMissing, SignatureRepeated,
    },
    signature::{Encoding, Scheme, SignedPart},
    testing::{
        request::{Request, Sending},
        sample,
    },
};

pub(super) fn cases(target: &Target<'_>) -> Vec<Case> {
    let mut cases = forms(target);
    cases.extend(malformed(target));
    if target.scheme.separator.is_some() {
        cases.extend(list::cases(target));
    }
    cases.extend(forged(target));
    cases.extend(message::cases(target));
    cases
}

/// The header: present, missing and repeated.
fn forms(target: &Target<'_>) -> Vec<Case> {
    let genuine = target.genuine();
    let name = target.scheme.header();
    let value = header(&genuine, name);
    let unsigned = || target.genuine().without(name);
    let mut capitals = genuine.clone();
    for (name, _) in &mut capitals.headers {
        *name = name.to_uppercase();
    }
    let reject = Case::rejected;
    vec![
        Case::genuine("genuine text message", genuine.clone()),
        Case::genuine("header names in capitals", capitals),
        reject(
            "no header of the scheme",
            SignatureMissing,
            target.unsigned(),
        ),
        reject("no signature", SignatureMissing, unsigned()),
        reject(
            "empty signature",
            SignatureMalformed,
            target.with_signature(""),
        ),
        reject(
            "the same signature twice",
            SignatureRepeated,
            genuine.clone().header(name, &*value),
        ),
        reject(
            "a forged signature before the genuine one",
            SignatureRepeated,
            target
                .with_signature(target.signature_under(b"forged"))
                .header(name, &*value),
        ),
        reject("signature in the query", SignatureMissing, {
            let target_with_query = format!("{}?{name}={value}", target.path);
            Request {
                target: target_with_query,
                ..unsigned()
            }
        }),
        reject(
            "signature in a trailer",
            SignatureMissing,
            unsigned()
                .without("content-length")
                .header("transfer-encoding", "chunked")
                .header("trailer", name)
                .sending(Sending::Trailer {
                    name: name.into(),
                    value,
                }),
        ),
        reject(
            "no signature, and the body is never sent",
            SignatureMissing,
            unsigned().sending(Sending::Withheld),
        ),
    ]
}

/// Malformed values, made from the genuine one.
fn malformed(target: &Target<'_>) -> Vec<Case> {
    let scheme = &target.scheme;
    let tag = genuine_tag(target);
    let encoded = encode(scheme, &tag);
    let prefix = scheme.prefix;
    let other = match scheme.encoding {
        Encoding::Hex => BASE64_STANDARD.encode(tag),
        Encoding::Base64 => base16ct::lower::encode_string(&tag),
    };
    let mark = if scheme.separator == Some(b';') {
        ','
    } else {
        ';'
    };
    let short = encoded.get(1..).unwrap_or_default();
    let mut values = vec![
        ("prefix alone", prefix.to_owned()),
        ("one character missing", format!("{prefix}{short}")),
        ("one character too many", format!("{prefix}{encoded}0")),
        ("a character of no encoding", format!("{prefix}!{short}")),
        ("a character of two bytes", format!("{prefix}é{short}")),
        ("signature in quotes", format!("\"{prefix}{encoded}\"")),
        (
            "parameter after the signature",
            format!("{prefix}{encoded}{mark}v=1"),
        ),
        (
            "signature in the other encoding",
            format!("{prefix}{other}"),
        ),
    ];
    if let Some(last) = prefix.chars().last() {
        values.extend([
            ("no prefix", encoded.clone()),
            ("space after the prefix", format!("{prefix} {encoded}")),
            ("another version", format!("v9{last}{encoded}")),
            (
                "prefix in capitals",
                format!("{}{encoded}", prefix.to_uppercase()),
            ),
            ("prefix twice", format!("{prefix}{prefix}{encoded}")),
        ]);
    }
    if scheme.separator.is_none() {
        let twice = format!("{prefix}{encoded}, {prefix}{encoded}");
        values.push(("two signatures in one value", twice));
    }
    if matches!(scheme.encoding, Encoding::Base64) {
        let unpadded = encoded.trim_end_matches('=');
        let mut loose = unpadded.to_owned();
        // The last character has two bits too many, which must be zero.
        let last = loose
            .pop()
            .and_then(|last| char::from_u32(u32::from(last).wrapping_add(1)));
        loose.extend(last);
        values.extend([
            ("base64 without padding", format!("{prefix}{unpadded}")),
            ("base64 with more bits", format!("{prefix}{loose}=")),
        ]);
    }
    let reject = |(label, item): (_, String)| {
        let value = around(target, &[item]);
        Case::rejected(label, SignatureMalformed, target.with_signature(value))
    };
    values.into_iter().map(reject).collect()
}

/// Well-formed signatures of another message or under another key.
fn forged(target: &Target<'_>) -> Vec<Case> {
    let scheme = &target.scheme;
    let body = sample::text_message();
    let tag = genuine_tag(target);
    let flipped = |at: usize, bit: u8| {
        let mut tag = tag;
        if let Some(byte) = tag.get_mut(at) {
            *byte ^= bit;
        }
        tag
    };
    let of_tag = |tag: [u8; 32]| {
        around(
            target,
            &[format!("{}{}", scheme.prefix, encode(scheme, &tag))],
        )
    };
    let key = target.secret.with_key(<[u8]>::to_vec);
    let under = |key: &[u8]| target.signature_under(key);
    let text = target.secret.expose_secret().as_bytes();

    let mut values = vec![
        ("a signature of zeros", of_tag([0; 32])),
        ("a signature of ones", of_tag([0xff; 32])),
        ("first bit flipped", of_tag(flipped(0, 0x80))),
        ("last bit flipped", of_tag(flipped(31, 0x01))),
        (
            "signature of another body",
            header(&target.sent(target.time, &id(&body), "{}"), scheme.header()),
        ),
        ("signed with an empty key", under(b"")),
        ("signed with a key of zeros", under(&[0; 64])),
        (
            "signed with the verify token",
            under(target.verify_token.expose_secret().as_bytes()),
        ),
        (
            "signed with the key and a newline",
            under(&[&*key, b"\n"].concat()),
        ),
        (
            "signed with the hash of the key",
            under(&Sha256::digest(&key)),
        ),
        (
            "hash of the body without a key",
            of_tag(Sha256::digest(&body).into()),
        ),
    ];
    if key != text {
        values.push(("signed with the text of the secret", under(text)));
    }
    if !scheme.before_body.is_empty() {
        let of_body = crate::signature::Signature::sign(target.secret, &body);
        values.push(("signature of the body alone", of_tag(*of_body.as_bytes())));
    }
    let reject =
        |(label, value)| Case::rejected(label, SignatureMismatch, target.with_signature(value));
    values.into_iter().map(reject).collect()
}

/// Returns the tag of the genuine text message.
pub(super) fn genuine_tag(target: &Target<'_>) -> [u8; 32] {
    let scheme = &target.scheme;
    let value = header(&target.genuine(), scheme.header());
    let items = value.split(|character| scheme.separator.map(char::from) == Some(character));
    let signature = items
        .rev()
        .find_map(|item| scheme.parse_one(item.as_bytes()).ok());
    signature.map_or([0; 32], |signature| *signature.as_bytes())
}

pub(super) fn encode(scheme: &Scheme, tag: &[u8; 32]) -> String {
    match scheme.encoding {
        Encoding::Hex => base16ct::lower::encode_string(tag),
        Encoding::Base64 => BASE64_STANDARD.encode(tag),
    }
}

/// Returns the value of the signature header with these items, and with the timestamp if it belongs there.
pub(super) fn around(target: &Target<'_>, items: &[String]) -> String {
    let stamps = target
        .scheme
        .before_body
        .iter()
        .filter_map(|part| match part {
            SignedPart::TimestampItem(prefix) => Some(format!("{prefix}{}", target.time)),
            _ => None,
        });
    let items: Vec<String> = stamps.chain(items.iter().cloned()).collect();
    let separator = target
        .scheme
        .separator
        .map(|byte| char::from(byte).to_string());
    items.join(&separator.unwrap_or_default())
}

/// Returns the value of a header as text.
pub(super) fn header(request: &Request, name: &str) -> String {
    let found = request.headers.iter().find(|(known, _)| known == name);
    let value = found.map(|(_, value)| value.as_slice()).unwrap_or_default();
    String::from_utf8_lossy(value).into_owned()
}
