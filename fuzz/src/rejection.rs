//! The content of a rejection for the operator and for the sender.

use hubseal::{Rejection, RejectionKind};

/// The documented table.
pub fn status(kind: RejectionKind, flows: bool) -> u16 {
    match kind {
        RejectionKind::LengthMismatch | RejectionKind::BodyUnreadable => 400,
        RejectionKind::SignatureMissing
        | RejectionKind::SignatureRepeated
        | RejectionKind::SignatureMalformed
        | RejectionKind::SignatureMismatch
        | RejectionKind::KeyExpired
        | RejectionKind::TimestampTooOld
        | RejectionKind::TimestampInFuture => {
            if flows {
                432
            } else {
                401
            }
        }
        RejectionKind::HandshakeMalformed | RejectionKind::HandshakeRejected => 403,
        RejectionKind::MethodNotAllowed => 405,
        RejectionKind::DeadlinePassed => 408,
        RejectionKind::PayloadTooLarge => 413,
        RejectionKind::ContentEncoded => 415,
        RejectionKind::JsonMismatch => 422,
        RejectionKind::BudgetExhausted => 503,
        other => panic!("unexpected kind {other:?}"),
    }
}

/// Checks a rejection of this kind. Its response has the documented status only, and its message
/// and `Debug` output do not depend on the input.
pub fn assert_rejected(rejection: &Rejection, kind: RejectionKind, flows: bool) {
    assert_eq!(rejection.kind(), kind);
    let reply = rejection.reply();
    assert_eq!(rejection.status(), status(kind, flows), "{kind:?}");
    assert_eq!(reply.status(), rejection.status());
    assert!(reply.body().is_empty());
    let header = match kind {
        RejectionKind::MethodNotAllowed => Some(("allow", "GET, POST")),
        RejectionKind::BudgetExhausted => Some(("retry-after", "10")),
        _ => None,
    };
    assert!(
        reply
            .headers()
            .eq([("content-length", "0")].into_iter().chain(header))
    );

    assert_eq!(rejection.to_string(), kind.to_string());
    // The rest is fixed for each kind.
    let answered = if rejection.status() == 432 {
        "Flows"
    } else {
        "Unauthorized"
    };
    let start = format!("Rejection {{ kind: {kind:?}, signature_failure_status: {answered}, ");
    let shown = format!("{rejection:?}");
    assert!(shown.starts_with(&start), "{shown}");
    let rest = &shown[start.len()..];
    let seconds = if kind == RejectionKind::BudgetExhausted {
        10
    } else {
        0
    };
    // Invalid base64 is `BodyUnreadable` without a cause.
    let caused = kind == RejectionKind::BodyUnreadable && rest.ends_with("cause: Some(..) }");
    let cause = if caused { "Some(..)" } else { "None" };
    let expected = format!("retry_after: {seconds}, position: None, cause: {cause} }}");
    assert_eq!(rest, expected);
}
