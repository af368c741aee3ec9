//! What a refusal may say, to the operator and to the sender.

use hubseal::{Kind, Rejection};

/// The table of the documentation.
pub(crate) fn status(kind: Kind, flows: bool) -> u16 {
    match kind {
        Kind::LengthMismatch | Kind::BodyUnreadable => 400,
        Kind::SignatureMissing
        | Kind::SignatureRepeated
        | Kind::SignatureMalformed
        | Kind::SignatureMismatch => {
            if flows {
                432
            } else {
                401
            }
        }
        Kind::HandshakeMalformed | Kind::HandshakeRefused => 403,
        Kind::MethodNotAllowed => 405,
        Kind::DeadlinePassed => 408,
        Kind::PayloadTooLarge => 413,
        Kind::ContentEncoded => 415,
        Kind::JsonMismatch => 422,
        Kind::BudgetExhausted => 503,
        other => panic!("nothing here is refused for {other:?}"),
    }
}

/// A refusal of this kind, which tells the sender nothing but its status and the operator nothing that
/// depends on the input.
pub(crate) fn assert_refused(rejection: &Rejection, kind: Kind, flows: bool) {
    assert_eq!(rejection.kind(), kind);
    let reply = rejection.reply();
    assert_eq!(rejection.status(), status(kind, flows), "{kind:?}");
    assert_eq!(reply.status(), rejection.status());
    assert!(reply.body().is_empty());
    let header = match kind {
        Kind::MethodNotAllowed => Some(("allow", "GET, POST")),
        Kind::BudgetExhausted => Some(("retry-after", "10")),
        _ => None,
    };
    assert!(
        reply
            .headers()
            .eq([("content-length", "0")].into_iter().chain(header))
    );

    assert_eq!(rejection.to_string(), kind.to_string());
    // Nothing of it depends on anything else.
    let answered = if rejection.status() == 432 {
        "Flows"
    } else {
        "Unauthorized"
    };
    let start = format!("Rejection {{ kind: {kind:?}, signature_status: {answered}, ");
    let shown = format!("{rejection:?}");
    assert!(shown.starts_with(&start), "{shown}");
    let rest = &shown[start.len()..];
    let seconds = if kind == Kind::BudgetExhausted { 10 } else { 0 };
    // A body that is not base64 is unreadable without a cause.
    let caused = kind == Kind::BodyUnreadable && rest.ends_with("cause: Some(..) }");
    let cause = if caused { "Some(..)" } else { "None" };
    let expected = format!("retry_after: {seconds}, position: None, cause: {cause} }}");
    assert_eq!(rest, expected);
}
