//! Variants of the body that the sender may have signed.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{cmp::Ordering, hash::BuildHasher, iter::once};
use std::{collections::HashSet, hash::RandomState};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};

use super::{
    cause::Cause,
    escapes::{Escapes, STYLES},
    layout::{LAYOUTS, Layout, rewrite},
    tokens::is_json,
};

/// Standard base64, with or without padding.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The maximum length of a body that is changed, and of a variant.
pub(super) const MAX_BYTES: usize = 8 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A variant, and the cause that it proves if it matches. The body itself proves none.
pub(super) type Variant<'a> = (Option<Cause>, Cow<'a, [u8]>);

/// Returns the body, and then its variants: one at a time, and none twice.
pub(super) fn variants(body: &[u8]) -> impl Iterator<Item = Variant<'_>> {
    let state = RandomState::new();
    let mut seen = HashSet::new();
    let changeable = Some(body).filter(|body| body.len() <= MAX_BYTES);
    let changed = changeable
        .into_iter()
        .flat_map(|body| newlines(body).chain(encodings(body)).chain(json(body)));
    once((None, Cow::Borrowed(body)))
        .chain(changed)
        .filter(move |(_, variant)| seen.insert(state.hash_one(variant)))
}

fn newlines(body: &[u8]) -> impl Iterator<Item = Variant<'_>> {
    let removed = [&b"\r\n"[..], b"\n"]
        .into_iter()
        .filter_map(|end| body.strip_suffix(end))
        .map(Cow::Borrowed);
    let added = [&b"\n"[..], b"\r\n"]
        .into_iter()
        .map(move |end| Cow::Owned([body, end].concat()));
    let converted = [without_returns, with_returns]
        .into_iter()
        .map(move |convert| Cow::Owned(convert(body)));
    let newlines = removed.chain(added).chain(converted);
    newlines.map(|variant| (Some(Cause::BodyNewline), variant))
}

/// Replaces each `\r\n` by `\n`.
fn without_returns(body: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => lines.extend([line, b"\n"].into_iter().flatten()),
            None => lines.extend_from_slice(line),
        }
    }
    lines
}

/// Replaces each `\n` by `\r\n`.
fn with_returns(body: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(body.len());
    for line in without_returns(body).split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => lines.extend([line, b"\r\n"].into_iter().flatten()),
            None => lines.extend_from_slice(line),
        }
    }
    lines
}

fn encodings(body: &[u8]) -> impl Iterator<Item = Variant<'_>> {
    const ENCODINGS: [(Cause, Encoding); 4] = [
        (Cause::BodyByteOrderMark, byte_order_mark),
        (Cause::BodyBase64, base64_decoded),
        (Cause::BodyInJsonString, json_string),
        (Cause::BodyBase64Decoded, base64_encoded),
    ];
    // One at a time, because each can be as large as the body.
    ENCODINGS
        .iter()
        .filter_map(move |(cause, encode)| Some((Some(*cause), encode(body)?)))
}

type Encoding = fn(&[u8]) -> Option<Cow<'_, [u8]>>;

/// Removes or adds the mark.
fn byte_order_mark(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    let removed = body.strip_prefix(BYTE_ORDER_MARK).map(Cow::Borrowed);
    removed.or_else(|| Some(Cow::Owned([BYTE_ORDER_MARK, body].concat())))
}

#[expect(clippy::unnecessary_wraps, reason = "it is one of several encodings")]
fn base64_encoded(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    Some(Cow::Owned(BASE64_STANDARD.encode(body).into_bytes()))
}

/// Decodes either alphabet. Ignores line breaks and padding.
fn base64_decoded(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    let text = body.iter().filter(|byte| !byte.is_ascii_whitespace());
    let mut text: Vec<u8> = text.copied().collect();
    while text.last() == Some(&b'=') {
        text.pop();
    }
    let decoded = BASE64.decode(&text);
    decoded
        .or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(&text))
        .ok()
        .map(Cow::Owned)
}

/// Returns the contents of the JSON string that is the whole body.
fn json_string(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    let is_string = body.trim_ascii_start().starts_with(b"\"");
    let contents: Option<String> = is_string.then(|| serde_json::from_slice(body).ok())?;
    contents.map(|contents| Cow::Owned(contents.into_bytes()))
}

/// Returns the JSON body in every layout and with every style of escapes.
fn json(body: &[u8]) -> impl Iterator<Item = Variant<'_>> {
    let body = Some(body).filter(|body| is_json(body));
    body.into_iter().flat_map(|body| {
        LAYOUTS.iter().flat_map(move |layout| {
            let styles = STYLES.iter().map(Some);
            once(None).chain(styles).filter_map(move |style| {
                let variant = rewrite(body, *layout, style, MAX_BYTES)?;
                let cause = json_cause(*layout, style, body.len(), variant.len());
                Some((Some(cause), Cow::Owned(variant)))
            })
        })
    })
}

fn json_cause(layout: Layout, style: Option<&Escapes>, received: usize, signed: usize) -> Cause {
    let only_escapes = matches!(layout, Layout::AsReceived) && style.is_some();
    match signed.cmp(&received) {
        Ordering::Greater if only_escapes => Cause::EscapesDecoded,
        Ordering::Less if only_escapes => Cause::EscapesAdded,
        _ => Cause::JsonRewritten,
    }
}
