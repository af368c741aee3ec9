//! Bodies: changed, large, slow, chunked and cut off.

use alloc::{format, string::String, vec, vec::Vec};
use core::time::Duration;

use super::{
    case::Case,
    target::{CHUNKED_BYTES, Target},
};
use crate::{
    rejection::RejectionKind::{
        BodyUnreadable, DeadlinePassed, PayloadTooLarge, SignatureMismatch,
    },
    testing::{request::Sending, sample},
};

pub(super) fn cases(target: &Target<'_>) -> Vec<Case> {
    let mut cases = if target.updates_only {
        updates(target)
    } else {
        any_bytes(target)
    };
    cases.extend(genuine(target));
    cases.extend(changed(target));
    cases.extend(large(target));
    cases.extend(slow(target));
    cases
}

/// Genuine bodies of any bytes.
fn any_bytes(target: &Target<'_>) -> Vec<Case> {
    let escaped = r#"{"text":"\ud83d\ude0a \/ \u0040"}"#;
    let byte_by_byte = Sending::Pieces {
        size: 1,
        pause: Duration::from_millis(1),
    };
    [
        Case::genuine("empty body", target.signed("")),
        Case::genuine("body with escapes", target.signed(escaped)),
        Case::genuine("body in raw UTF-8", target.signed("{\"text\":\"😊\"}")),
        Case::genuine("body that is not text", target.signed(vec![0xff; 1_000])),
        Case::genuine("body that ends in a newline", target.signed("{}\n")),
        Case::genuine(
            "byte by byte",
            target.signed("{\"entry\":[]}").sending(byte_by_byte),
        ),
    ]
    .into()
}

/// The same for a handler that takes updates only. All are JSON of the same content.
fn updates(target: &Target<'_>) -> Vec<Case> {
    let update = sample::text_message();
    let update = String::from_utf8_lossy(&update);
    let message = |text: &str| update.replace("\\ud83d\\ude4f", text);
    // Without pauses, because the body is longer.
    let byte_by_byte = Sending::Pieces {
        size: 1,
        pause: Duration::ZERO,
    };
    [
        Case::genuine("body without text", target.signed(sample::of_size(0))),
        Case::genuine(
            "body with escapes",
            target.signed(message(r"\ud83d\ude0a \/ \u0040")),
        ),
        Case::genuine("body in raw UTF-8", target.signed(message("😊"))),
        Case::genuine(
            "body with line breaks",
            target.signed(update.replace(',', ",\r\n\t")),
        ),
        Case::genuine(
            "body that starts with a space",
            target.signed(format!(" {update}")),
        ),
        Case::genuine(
            "body that ends in a newline",
            target.signed(format!("{update}\n")),
        ),
        Case::genuine("byte by byte", target.genuine().sending(byte_by_byte)),
    ]
    .into()
}

/// Genuine bodies in any chunks, up to the limit.
fn genuine(target: &Target<'_>) -> Vec<Case> {
    let large = target.payload_limit.min(3 * 1024 * 1024);
    let pieces = |size, pause| Sending::Pieces {
        size,
        pause: Duration::from_millis(pause),
    };
    [
        Case::genuine("in two halves", target.genuine().sending(pieces(300, 20))),
        Case::genuine("chunks of 1 byte", target.genuine().chunked(1)),
        Case::genuine("chunks of 7 bytes", target.genuine().chunked(7)),
        Case::genuine(
            "128 KiB in chunks of 1,000 bytes",
            target.signed(sample::of_size(CHUNKED_BYTES)).chunked(1_000),
        ),
        Case::genuine("3 MiB, or the limit", target.signed(sample::of_size(large))),
        Case::genuine(
            "3 MiB, or the limit, in chunks of 64 KiB",
            target.signed(sample::of_size(large)).chunked(65_536),
        ),
        Case::genuine(
            "a body of the limit",
            target.signed(sample::of_size(target.payload_limit)),
        ),
        Case::genuine(
            "a body that waits to be asked for",
            target
                .genuine()
                .header("expect", "100-continue")
                .sending(Sending::AfterContinue),
        ),
    ]
    .into()
}

/// Changed bodies with the signature of the original.
fn changed(target: &Target<'_>) -> Vec<Case> {
    let body = sample::text_message();
    let edit = |from: &str, to: &str| String::from_utf8_lossy(&body).replacen(from, to, 1);
    let reject =
        |label, body: String| Case::rejected(label, SignatureMismatch, target.genuine().body(body));
    let text = || String::from_utf8_lossy(&body);
    [
        reject("one byte changed", edit("entry", "entrY")),
        reject("a newline added", format!("{}\n", text())),
        reject("a byte-order mark added", format!("\u{feff}{}", text())),
        reject(
            "last byte missing",
            text()
                .get(..body.len().saturating_sub(1))
                .unwrap_or_default()
                .into(),
        ),
        reject("nothing left of it", String::new()),
        reject("the same body twice", text().repeat(2)),
        reject("written again with spaces", edit(":", ": ")),
        reject("escapes decoded", edit("\\ud83d\\ude4f", "🙏")),
        reject("escapes in capitals", edit("\\ud83d", "\\uD83D")),
        reject("a null byte added", format!("{}\0", text())),
        reject("in base64, unasked for", {
            use base64::{Engine, prelude::BASE64_STANDARD};
            BASE64_STANDARD.encode(&body)
        }),
    ]
    .into()
}

fn large(target: &Target<'_>) -> Vec<Case> {
    let over =
        |more: usize| target.signed(sample::of_size(target.payload_limit.saturating_add(more)));
    let forged = target
        .signed("{}")
        .body(sample::of_size(target.payload_limit));
    [
        Case::rejected("one byte too many", PayloadTooLarge, over(1)),
        Case::rejected(
            "one byte too many, in chunks",
            PayloadTooLarge,
            over(1).chunked(65_536),
        ),
        Case::rejected(
            "64 KiB too many, in chunks of 1,000 bytes",
            PayloadTooLarge,
            over(65_536).chunked(1_000),
        ),
        Case::rejected("forged, of the limit", SignatureMismatch, forged.clone()),
        Case::rejected(
            "forged, of the limit, in chunks",
            SignatureMismatch,
            forged.chunked(65_536),
        ),
    ]
    .into()
}

fn slow(target: &Target<'_>) -> Vec<Case> {
    let stalled = |after| target.genuine().sending(Sending::Stalled { after });
    let cut = |after| target.genuine().sending(Sending::CutShort { after });
    let tenth = target.read_deadline.checked_div(10).unwrap_or_default();
    let pieces = |size, pause| Sending::Pieces { size, pause };
    [
        Case::genuine(
            "slow but in time",
            target.genuine().sending(pieces(200, tenth)),
        ),
        Case::rejected("stalled before the body", DeadlinePassed, stalled(0)),
        Case::rejected("stalled within the body", DeadlinePassed, stalled(100)),
        Case::rejected("stalled before the last byte", DeadlinePassed, {
            stalled(sample::text_message().len().saturating_sub(1))
        }),
        Case::rejected(
            "dribbling past the deadline",
            DeadlinePassed,
            target.genuine().sending(pieces(20, tenth)),
        ),
        Case::rejected("cut off before the body", BodyUnreadable, cut(0)),
        Case::rejected("cut off within the body", BodyUnreadable, cut(100)),
    ]
    .into()
}
