//! The documented rules for the headers of a scheme, without the library's code.

use hubseal::{RejectionKind, Scheme};

/// The largest difference between a timestamp and the clock, in seconds.
const TOLERANCE: u128 = 300;

/// Each value is `None` if the header is missing.
pub(crate) struct Head<'a> {
    pub(crate) signature: Option<&'a [u8]>,
    pub(crate) timestamp: Option<&'a [u8]>,
    pub(crate) id: Option<&'a [u8]>,
}

/// Returns the kind of the rejection at the head, if there is one.
pub(crate) fn judged(scheme: &Scheme, head: &Head<'_>, now: u64) -> Result<(), RejectionKind> {
    let signature = head.signature.ok_or(RejectionKind::SignatureMissing)?;
    let malformed = |is_good: bool| {
        is_good
            .then_some(())
            .ok_or(RejectionKind::SignatureMalformed)
    };
    match scheme.name() {
        "slack" => malformed(signature.strip_prefix(b"v0=").is_some_and(is_hex))?,
        "shopify" => return malformed(is_base64(signature)),
        "stripe" => {
            malformed(signature.len() <= 2_048)?;
            let items: Vec<&[u8]> = signature.split(|byte| *byte == b',').collect();
            let values = |name: &str| {
                let of = |item: &&[u8]| item.strip_prefix(name.as_bytes()).map(<[u8]>::to_vec);
                items.iter().filter_map(of).collect::<Vec<_>>()
            };
            let signatures = values("v1=");
            malformed((1..=8).contains(&signatures.len()))?;
            malformed(signatures.iter().all(|value| is_hex(value)))?;
            let times = values("t=");
            malformed(times.len() == 1)?;
            return timestamp(&times[0], now);
        }
        _ => {
            malformed(signature.len() <= 2_048)?;
            let items = signature.split(|byte| *byte == b' ');
            let signatures: Vec<_> = items.filter_map(|item| item.strip_prefix(b"v1,")).collect();
            malformed((1..=8).contains(&signatures.len()))?;
            malformed(signatures.iter().all(|value| is_base64(value)))?;
            let id = head.id.ok_or(RejectionKind::SignatureMissing)?;
            malformed((1..=256).contains(&id.len()))?;
            malformed(
                id.iter()
                    .all(|byte| (b'!'..=b'~').contains(byte) && *byte != b'.'),
            )?;
        }
    }
    timestamp(head.timestamp.ok_or(RejectionKind::SignatureMissing)?, now)
}

fn timestamp(text: &[u8], now: u64) -> Result<(), RejectionKind> {
    let malformed = RejectionKind::SignatureMalformed;
    if text.is_empty() || text.len() > 20 || !text.iter().all(u8::is_ascii_digit) {
        return Err(malformed);
    }
    if text.len() > 1 && text[0] == b'0' {
        return Err(malformed);
    }
    let time: u128 = std::str::from_utf8(text).unwrap().parse().unwrap();
    if time > u128::from(u64::MAX) {
        return Err(malformed);
    }
    if time + TOLERANCE < u128::from(now) {
        return Err(RejectionKind::TimestampTooOld);
    }
    if time > u128::from(now) + TOLERANCE {
        return Err(RejectionKind::TimestampInFuture);
    }
    Ok(())
}

fn is_hex(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(u8::is_ascii_hexdigit)
}

/// 32 bytes in base64, in the only form that an encoder writes.
fn is_base64(text: &[u8]) -> bool {
    let in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
    // The last character has 4 bits of the last byte, and two zeros.
    let last = b"AEIMQUYcgkosw048";
    text.len() == 44
        && text[43] == b'='
        && text[..43].iter().all(in_alphabet)
        && last.contains(&text[42])
}
