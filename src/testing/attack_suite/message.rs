//! Signed timestamps and ids: missing, repeated, malformed, old and of another request.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::{
    case::Case,
    scheme::header,
    target::{Target, id},
};
use crate::{
    rejection::RejectionKind::{
        self, SignatureMalformed, SignatureMismatch, SignatureMissing, SignatureRepeated,
        TimestampInFuture, TimestampTooOld,
    },
    signature::{Scheme, SignedPart},
    testing::{request::Request, sample},
};

pub(super) fn cases(target: &Target<'_>) -> Vec<Case> {
    let parts = target.scheme.before_body;
    let mut cases = Vec::new();
    for (at, part) in (0..).zip(parts) {
        let next = parts.get(1_usize.saturating_add(at));
        match *part {
            SignedPart::TimestampHeader(name) => {
                cases.extend(header_cases(target, name, &TIMESTAMP));
                cases.extend(timestamps(target, part));
            }
            SignedPart::TimestampItem(_) => cases.extend(timestamps(target, part)),
            SignedPart::IdHeader(name) => {
                cases.extend(header_cases(target, name, &ID));
                cases.extend(ids(target, name, next));
            }
            SignedPart::Text(_) => {}
        }
    }
    cases
}

const TIMESTAMP: [&str; 2] = ["no timestamp", "two timestamps"];
const ID: [&str; 2] = ["no id", "two ids"];

fn header_cases(target: &Target<'_>, name: &str, labels: &[&'static str; 2]) -> Vec<Case> {
    let [missing, repeated] = *labels;
    let genuine = target.genuine();
    let twice = genuine.clone().header(name, header(&genuine, name));
    vec![
        Case::rejected(missing, SignatureMissing, genuine.without(name)),
        Case::rejected(repeated, SignatureRepeated, twice),
    ]
}

fn timestamps(target: &Target<'_>, part: &SignedPart) -> Vec<Case> {
    let time = target.time;
    let tolerance = target.scheme.tolerance.as_secs();
    // The receiver may judge the request long after it was made.
    let (minute, hour) = (60, 3_600);
    let old = time.saturating_sub(tolerance).saturating_sub(minute);
    let future = time.saturating_add(tolerance).saturating_add(hour);
    let milliseconds = time.saturating_mul(1_000);
    let id = id(&sample::text_message());
    let signed = |time| target.sent(time, &id, sample::text_message());
    let stamped = |text: &str| with_timestamp(target, part, text);

    let mut cases: Vec<Case> = [
        ("timestamp too old", TimestampTooOld, signed(old)),
        ("timestamp in the future", TimestampInFuture, signed(future)),
        ("timestamp of 1970", TimestampTooOld, signed(0)),
        (
            "timestamp in milliseconds",
            TimestampInFuture,
            signed(milliseconds),
        ),
        ("largest timestamp", TimestampInFuture, signed(u64::MAX)),
        (
            "timestamp that is not signed",
            SignatureMismatch,
            stamped(&time.saturating_add(1).to_string()),
        ),
    ]
    .map(|(label, kind, request): (_, RejectionKind, Request)| Case::rejected(label, kind, request))
    .into();
    let malformed: [(&'static str, String); 9] = [
        ("empty timestamp", String::new()),
        ("timestamp of 2^64", "18446744073709551616".into()),
        ("timestamp of 100 digits", "9".repeat(100)),
        ("negative timestamp", format!("-{time}")),
        ("timestamp with a plus sign", format!("+{time}")),
        ("timestamp with a leading zero", format!("0{time}")),
        ("timestamp with a fraction", format!("{time}.0")),
        ("timestamp in hexadecimal digits", format!("{time:#x}")),
        ("timestamp that is no number", "now".into()),
    ];
    let reject =
        |(label, text): (_, String)| Case::rejected(label, SignatureMalformed, stamped(&text));
    cases.extend(malformed.into_iter().map(reject));
    if let SignedPart::TimestampItem(prefix) = part {
        let value = header(&target.genuine(), target.scheme.header());
        let separator = target.scheme.separator.map_or(',', char::from);
        let first = format!("{prefix}{time}{separator}");
        let without = value.replace(&first, "");
        cases.extend(
            [
                ("no timestamp", without.clone()),
                ("two timestamps", format!("{first}{first}{without}")),
            ]
            .map(|(label, value)| {
                Case::rejected(label, SignatureMalformed, target.with_signature(value))
            }),
        );
    }
    cases
}

/// Returns the genuine text message with another timestamp, which is not signed.
fn with_timestamp(target: &Target<'_>, part: &SignedPart, text: &str) -> Request {
    match *part {
        SignedPart::TimestampItem(prefix) => {
            let value = header(&target.genuine(), target.scheme.header());
            let genuine = format!("{prefix}{}", target.time);
            target.with_signature(value.replace(&genuine, &format!("{prefix}{text}")))
        }
        _ => target.with(part.header().unwrap_or_default(), text),
    }
}

fn ids(target: &Target<'_>, name: &str, next: Option<&SignedPart>) -> Vec<Case> {
    let longest = "i".repeat(Scheme::MAX_ID_BYTES);
    let end = match next {
        Some(SignedPart::Text(text)) => *text,
        _ => "\u{7f}",
    };
    let mut cases = vec![
        Case::genuine(
            "id of 256 characters",
            target.sent(target.time, &longest, sample::text_message()),
        ),
        Case::rejected(
            "id of another delivery",
            SignatureMismatch,
            target.with(name, id(b"another")),
        ),
    ];
    let malformed = [
        ("empty id", String::new()),
        ("id of 257 characters", format!("{longest}i")),
        ("id with a space", "an id".into()),
        ("id that is not ASCII", "é".into()),
        ("id with the end of an id", format!("one{end}two")),
    ];
    let reject = |(label, id)| {
        Case::rejected(
            label,
            SignatureMalformed,
            target.with(name, String::into_bytes(id)),
        )
    };
    cases.extend(malformed.into_iter().map(reject));
    cases
}
