//! From an observation to the kind of its finding.

use hubseal::{
    AppSecret, RejectionKind, Verifier, VerifyToken,
    testing::{Answer, Case, Expected, Request, Sending},
};

use super::{
    kind::Kind,
    labels::{BY_LABEL, UNUSUAL_HANDSHAKES, WRONG_TOKEN},
    observation::{Observation, Observed},
};

/// The secrets that a response must not contain.
pub(super) struct Secrets<'a> {
    pub(super) secret: &'a AppSecret,
    /// For Meta only.
    pub(super) token: Option<&'a VerifyToken>,
    /// Signs with the secret.
    pub(super) verifier: Verifier,
    /// The timestamp of the genuine deliveries, in seconds since 1970.
    pub(super) time: u64,
}

/// The kinds for one observation. A genuine delivery that fails is `RejectsSome` until all are known.
pub(super) fn kinds(seen: &Observation, secrets: &Secrets<'_>) -> Vec<Kind> {
    let mut kinds = Vec::new();
    if let Observed::Answer(answer) = &seen.observed {
        if leaks(answer, &seen.case, secrets) {
            kinds.push(Kind::LeaksSecret);
        }
    }
    kinds.extend(match (&seen.case.expected, &seen.observed) {
        (_, Observed::Unreachable) => Some(Kind::StopsAnswering),
        (
            _,
            Observed::Answer(Answer {
                status: 429 | 503, ..
            }),
        ) => Some(Kind::Busy),
        (Expected::Verified, observed) => genuine(observed, secrets.token.is_some()),
        (Expected::Challenge(challenge), observed) => handshake(&seen.case, challenge, observed),
        (Expected::Rejected(kind), observed) => rejected(&seen.case, *kind, observed),
    });
    kinds
}

/// The other platforms accept every 2xx.
fn genuine(observed: &Observed, is_meta: bool) -> Option<Kind> {
    match observed.status() {
        Some(200) => None,
        Some(201..=299) => is_meta.then_some(Kind::OtherSuccess),
        _ => Some(Kind::RejectsSome),
    }
}

fn handshake(case: &Case, challenge: &str, observed: &Observed) -> Option<Kind> {
    match observed {
        Observed::Answer(answer) if answer.status == 200 && answer.body == challenge.as_bytes() => {
            content_type(answer)
        }
        _ if UNUSUAL_HANDSHAKES.contains(&case.label) => Some(Kind::RejectsUnusualHandshake),
        _ => Some(Kind::RejectsHandshake),
    }
}

/// Judges the type of a response with the challenge.
fn content_type(answer: &Answer) -> Option<Kind> {
    let is_nosniff = answer.header("x-content-type-options") == Some("nosniff");
    match answer.header("content-type").map(str::to_ascii_lowercase) {
        None if !is_nosniff => Some(Kind::ChallengeAsHtml),
        Some(kind) if kind.contains("html") || kind.contains("xml") || kind.contains("svg") => {
            Some(Kind::ChallengeAsHtml)
        }
        Some(kind) if kind.starts_with("text/plain") && is_nosniff => None,
        _ => Some(Kind::Sniffable),
    }
}

fn rejected(case: &Case, kind: RejectionKind, observed: &Observed) -> Option<Kind> {
    use RejectionKind::{
        BodyUnreadable, DeadlinePassed, HandshakeMalformed, HandshakeRejected, LengthMismatch,
        PayloadTooLarge,
    };
    match observed {
        Observed::Answer(answer) => match answer.status {
            200..=299 if [HandshakeMalformed, HandshakeRejected].contains(&kind) => {
                Some(answered_handshake(case, answer))
            }
            200..=299 => Some(accepted(case, kind)),
            // Not implemented, and the version of HTTP: both reject the request.
            501 | 505 => None,
            500..=599 => Some(Kind::Crashes),
            _ if answer.continued && is_decided_by_head(kind) => Some(Kind::ContinuesFirst),
            _ => None,
        },
        Observed::Silent => Some(Kind::NoDeadline),
        // The usual reactions to broken framing, cut and slow bodies.
        Observed::Closed
            if [
                LengthMismatch,
                BodyUnreadable,
                DeadlinePassed,
                PayloadTooLarge,
            ]
            .contains(&kind) =>
        {
            None
        }
        Observed::Closed => Some(Kind::ClosesSilently),
        Observed::NotHttp => Some(Kind::NotHttp),
        Observed::Unreachable => None,
    }
}

pub(super) fn accepted(case: &Case, kind: RejectionKind) -> Kind {
    let by_label = BY_LABEL.iter().find(|(label, _)| *label == case.label);
    if let Some((_, kind)) = by_label {
        return *kind;
    }
    match kind {
        RejectionKind::SignatureMissing => Kind::AcceptsUnsigned,
        RejectionKind::SignatureRepeated => Kind::RepeatedHeader,
        RejectionKind::SignatureMalformed => Kind::LenientHeader,
        RejectionKind::TimestampTooOld => Kind::LongTolerance,
        RejectionKind::TimestampInFuture => Kind::FutureTimestamp,
        RejectionKind::MethodNotAllowed => Kind::OtherMethod,
        RejectionKind::ContentEncoded => Kind::ContentEncoding,
        // The body was not sent or not complete, unless it was too large or only slow.
        RejectionKind::PayloadTooLarge if sends_whole_body(case) => Kind::NoPayloadLimit,
        RejectionKind::DeadlinePassed if sends_whole_body(case) => Kind::NoDeadline,
        _ => Kind::AcceptsForged,
    }
}

fn sends_whole_body(case: &Case) -> bool {
    matches!(
        case.request.sending,
        Sending::Whole | Sending::Pieces { .. } | Sending::Chunked { .. }
    )
}

/// Judges a 2xx for a handshake that must be rejected.
fn answered_handshake(case: &Case, answer: &Answer) -> Kind {
    if answer
        .header("set-cookie")
        .is_some_and(|value| value.trim() == "a=b")
    {
        return Kind::HeaderInjection;
    }
    let body = String::from_utf8_lossy(&answer.body);
    if body.contains("<script>") && content_type(answer) == Some(Kind::ChallengeAsHtml) {
        return Kind::ChallengeAsHtml;
    }
    let has_challenge = case.request.target.contains("challenge=") && !answer.body.is_empty();
    if !has_challenge {
        return Kind::AnswersOther;
    }
    if !WRONG_TOKEN.contains(&case.label) {
        return Kind::LenientHandshake;
    }
    // A page that does not repeat the challenge registers nothing.
    if body.contains("1158201444") {
        Kind::AcceptsWrongToken
    } else {
        Kind::AnswersOther
    }
}

/// Whether a request can be rejected before its body.
fn is_decided_by_head(kind: RejectionKind) -> bool {
    matches!(
        kind,
        RejectionKind::SignatureMissing
            | RejectionKind::SignatureRepeated
            | RejectionKind::SignatureMalformed
            | RejectionKind::TimestampTooOld
            | RejectionKind::TimestampInFuture
            | RejectionKind::MethodNotAllowed
            | RejectionKind::ContentEncoded
    )
}

/// Whether the response contains a secret, or the right signature, that the request does not contain.
fn leaks(answer: &Answer, case: &Case, secrets: &Secrets<'_>) -> bool {
    let mut response = String::from_utf8_lossy(&answer.body).to_lowercase();
    for (_, value) in &answer.headers {
        response.push('\n');
        response.push_str(&value.to_lowercase());
    }
    let mut request = case.request.target.to_lowercase();
    for (_, value) in &case.request.headers {
        request.push('\n');
        request.push_str(&String::from_utf8_lossy(value).to_lowercase());
    }
    let signature = signature(secrets, &case.request);
    // A shorter token may occur in a page by chance.
    let token = secrets.token.map(VerifyToken::expose_secret);
    let token = token.filter(|token| token.len() >= 8 && !request.contains("verify_token="));
    let secret = secrets.secret.expose_secret();
    [Some(secret), signature.as_deref(), token]
        .into_iter()
        .flatten()
        .map(str::to_lowercase)
        .any(|hidden| response.contains(&hidden) && !request.contains(&hidden))
}

/// Returns the right signature of a request, without its prefix and padding.
pub(super) fn signature(secrets: &Secrets<'_>, request: &Request) -> Option<String> {
    let is_id = |(name, _): &&(String, _)| name.ends_with("-id");
    let id = request.headers.iter().find(is_id);
    let id = id.map_or("", |(_, value)| {
        std::str::from_utf8(value).unwrap_or_default()
    });
    let headers = secrets
        .verifier
        .sign_headers(id, secrets.time, &request.body);
    let (_, value) = headers.ok()?.into_iter().next()?;
    let encoded = value.trim_end_matches('=').rsplit(['=', ',']).next()?;
    Some(encoded.to_owned())
}
