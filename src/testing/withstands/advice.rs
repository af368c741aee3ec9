//! One sentence for each failure: its meaning, or its remedy.

use crate::{rejection::RejectionKind as Kind, testing::expected::Expected};

/// Returns a sentence for a case that got this status, or no response.
pub(super) fn advice(expected: &Expected, got: Option<u16>) -> &'static str {
    match (expected, got) {
        (_, None) => "The receiver hangs or drops the connection; its log may name the reason.",
        (_, Some(404)) => "No route has this path and method; see `Target::new` and the router.",
        (Expected::Rejected(Kind::PayloadTooLarge), Some(408)) => {
            "The payload limit is missing or too high, or the machine is too slow to read that much in time."
        }
        (_, Some(408)) => {
            "The read deadline is shorter than `Target::read_deadline`, or too short for this machine."
        }
        (_, Some(429 | 503)) => {
            "A limit of the receiver is too low for the suite; raise it in the test."
        }
        (Expected::Verified, Some(status)) => genuine(status),
        (Expected::Challenge(_), Some(status)) => handshake(status),
        (Expected::Rejected(kind), Some(200..=299)) => accepted(*kind),
        (Expected::Rejected(_), Some(500..=599)) => {
            "A request that anyone can send makes the receiver fail."
        }
        (Expected::Rejected(kind), Some(status)) if status == kind.status() => {
            "The request is rejected, but the response differs from that of hubseal."
        }
        (Expected::Rejected(_), Some(_)) => "The request is rejected, but for another reason.",
    }
}

/// A genuine delivery got this status.
fn genuine(status: u16) -> &'static str {
    match status {
        401 | 432 => {
            "The secret or the scheme differs from that of `Target`, or other code changes the body."
        }
        405 => "The route does not take POST.",
        413 => "The payload limit is lower than `Target::payload_limit`, or another layer has one.",
        422 => {
            "The body does not fit the handler's type; for WhatsApp updates, see `Target::updates_only`."
        }
        500..=599 => "The handler failed; Meta repeats such a delivery for days.",
        _ => "Meta repeats a delivery for days after any other status than 200.",
    }
}

/// A genuine handshake got this status.
fn handshake(status: u16) -> &'static str {
    match status {
        200 => "A browser could run the challenge as a script.",
        401 | 403 => "The receiver has another verify token than `Target`.",
        405 => "The route does not take GET.",
        _ => "Meta cannot register the callback URL.",
    }
}

/// A request that must be rejected for this reason was accepted.
fn accepted(kind: Kind) -> &'static str {
    match kind {
        Kind::SignatureMissing => "Anyone who knows the URL can send deliveries.",
        Kind::SignatureRepeated => {
            "A proxy and the receiver may read different signatures, so one can be deceived."
        }
        Kind::SignatureMalformed => {
            "Other code may read such a header differently; require the exact format."
        }
        Kind::SignatureMismatch => "A forged or changed delivery reaches the handler.",
        Kind::KeyExpired => "A leaked secret can be used after its deadline.",
        Kind::HandshakeMalformed | Kind::HandshakeRejected => {
            "Anyone can make the receiver echo text, or register the URL."
        }
        Kind::LengthMismatch | Kind::BodyUnreadable => {
            "An incomplete body is handled like a complete one."
        }
        Kind::MethodNotAllowed => "A method that nobody expects reaches the handler.",
        Kind::DeadlinePassed => "Slow senders can hold connections and memory without a limit.",
        Kind::PayloadTooLarge => "A sender without the secret can fill the memory.",
        Kind::ContentEncoded => {
            "The body is changed before verification, and a few bytes can become gigabytes."
        }
        _ => "A request that must be rejected reaches the handler.",
    }
}
