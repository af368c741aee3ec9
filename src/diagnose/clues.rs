//! Clues for a signature that matches no variant.

use alloc::{string::String, vec::Vec};

use subtle::ConstantTimeEq;

use super::{
    cause::Cause,
    secrets::{Secrets, innermost, with_layers},
    tokens::{Tokens, is_json, is_unfinished_json},
};
use crate::{endpoint::RequestHead, header_lookup::HeaderLookup, secret::AppSecret};

/// Returns every cause that the secrets, the headers and the body suggest; at least one.
pub(super) fn clues(
    secrets: &Secrets<'_>,
    headers: &(impl HeaderLookup + ?Sized),
    body: &[u8],
) -> Vec<Cause> {
    let clues = [
        of_length(headers, body),
        is_compressed(headers, body).then_some(Cause::ContentEncoded),
        has_sorted_keys(body).then_some(Cause::JsonKeysSorted),
        of_secret(secrets),
    ];
    let mut clues: Vec<Cause> = clues.into_iter().flatten().collect();
    if clues.is_empty() {
        clues.push(Cause::NothingMatches);
    }
    clues
}

fn of_length(headers: &(impl HeaderLookup + ?Sized), body: &[u8]) -> Option<Cause> {
    if body.is_empty() {
        return Some(Cause::BodyEmpty);
    }
    let declared = RequestHead::new("POST", headers).declared_length();
    let received = u64::try_from(body.len()).unwrap_or(u64::MAX);
    match declared.ok().flatten() {
        Some(declared) if declared == received => None,
        Some(declared) if declared < received || is_json(body) => Some(Cause::BodyLengthChanged),
        Some(_) => Some(Cause::BodyTruncated),
        None => is_unfinished_json(body).then_some(Cause::BodyTruncated),
    }
}

fn is_compressed(headers: &(impl HeaderLookup + ?Sized), body: &[u8]) -> bool {
    const GZIP: &[u8] = b"\x1f\x8b";
    const ZSTANDARD: &[u8] = b"\x28\xb5\x2f\xfd";
    RequestHead::new("POST", headers).has_content_coding()
        || body.starts_with(GZIP)
        || body.starts_with(ZSTANDARD)
}

/// The minimum number of adjacent keys that show an order.
const MIN_SORTED: usize = 3;

/// Returns whether the keys of every object are in ascending order.
fn has_sorted_keys(body: &[u8]) -> bool {
    if !is_json(body) {
        return false;
    }
    let mut tokens = Tokens(body)
        .filter(|token| !token.trim_ascii().is_empty())
        .peekable();
    let mut compared = 0_usize;
    // The latest key of each open object or array. The keys are never empty, because they have quotes.
    let mut latest: Vec<&[u8]> = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            b"{" | b"[" => latest.push(b""),
            b"}" | b"]" => drop(latest.pop()),
            [b'"', key @ ..] if tokens.peek() == Some(&&b":"[..]) => {
                let Some(latest) = latest.last_mut() else {
                    continue;
                };
                let before = core::mem::replace(latest, key);
                if !before.is_empty() {
                    if before >= key {
                        return false;
                    }
                    compared = compared.saturating_add(1);
                }
            }
            _ => {}
        }
    }
    compared >= MIN_SORTED
}

fn of_secret(secrets: &Secrets<'_>) -> Option<Cause> {
    let is_one_of = |cause: Cause| {
        let secret = innermost(secrets.configured);
        let others = secrets.others.iter().filter(|other| other.cause == cause);
        let mut others = others.flat_map(|other| with_layers(other.secret));
        !secret.is_empty() && others.any(|other| other.ct_eq(secret).into())
    };
    if is_one_of(Cause::VerifyTokenAsSecret) {
        Some(Cause::VerifyTokenAsSecret)
    } else if is_one_of(Cause::AccessTokenAsSecret) || is_access_token(secrets.configured) {
        Some(Cause::AccessTokenAsSecret)
    } else {
        is_refused(secrets.configured).then_some(Cause::SecretRefused)
    }
}

/// Returns whether the text has the shape of an access token, or of an app id and a token.
fn is_access_token(secret: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 4] = [b"EAA", b"IGAA", b"IGQ", b"THAA"];
    let is_data = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut parts = innermost(secret)
        .trim_ascii()
        .splitn(2, |byte| *byte == b'|');
    match (parts.next(), parts.next()) {
        (Some(token), None) => {
            token.len() >= 30
                && token.iter().all(is_data)
                && PREFIXES.iter().any(|prefix| token.starts_with(prefix))
        }
        (Some(app_id), Some(token)) => {
            app_id.len() >= 14
                && app_id.iter().all(u8::is_ascii_digit)
                && token.len() >= 20
                && token.iter().all(is_data)
        }
        _ => false,
    }
}

fn is_refused(secret: &[u8]) -> bool {
    core::str::from_utf8(secret).map_or(true, |text| AppSecret::meta(String::from(text)).is_err())
}
