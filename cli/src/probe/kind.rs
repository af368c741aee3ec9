//! The kinds of findings. A new kind is one row.

use serde::Serialize;

/// The severity of a finding. A note is no finding: it does not change the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Severity {
    Critical,
    High,
    Medium,
    Low,
    Note,
}

impl Severity {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Note => "note",
        }
    }
}

macro_rules! kinds {
    ($($kind:ident, $id:literal, $severity:ident, $title:literal, $meaning:literal, $remedy:literal;)*) => {
        /// A kind of finding, in the order of the report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind {
            $($kind,)*
        }

        impl Kind {
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// The name in JSON. It does not change between versions.
            pub(super) const fn id(self) -> &'static str {
                match self { $(Self::$kind => $id,)* }
            }

            pub(super) const fn severity(self) -> Severity {
                match self { $(Self::$kind => Severity::$severity,)* }
            }

            pub(super) const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)* }
            }

            /// The consequence: the abilities of an attacker, or the loss.
            pub(super) const fn meaning(self) -> &'static str {
                match self { $(Self::$kind => $meaning,)* }
            }

            pub(super) const fn remedy(self) -> &'static str {
                match self { $(Self::$kind => $remedy,)* }
            }
        }
    };
}

kinds! {
    LeaksSecret, "leaks_secret", Critical,
        "Sends a secret or the right signature in a response",
        "An attacker who reads it can sign any delivery, or register the URL.",
        "Answer rejected requests with an empty body. Log details instead, and redact the log.";
    NotVerified, "not_verified", Critical,
        "Accepts forged signatures",
        "Anybody who knows the URL can send deliveries that look like those of the platform.",
        "Compute the HMAC-SHA256 that the platform documents, of the raw body and with the secret. Compare all \
         32 bytes in constant time before anything else. Answer 401 if they differ.";
    AcceptsUnsigned, "accepts_unsigned", Critical,
        "Accepts deliveries without a signature",
        "An attacker leaves the header out, and the request is processed without a check.",
        "Reject a request whose signature header is missing or empty.";
    AcceptsForged, "accepts_forged", Critical,
        "Accepts some forged or incomplete deliveries",
        "An attacker can send or change deliveries without the secret.",
        "Verify the complete body. Accept nothing but the HMAC-SHA256 of its bytes under the secret.";
    AcceptsTruncated, "accepts_truncated", Critical,
        "Accepts a part of the signature",
        "An attacker guesses a short signature: two digits take 256 attempts.",
        "Require the full length, such as 64 hexadecimal digits or 44 characters of base64. Compare all 32 bytes.";
    AcceptsVerifyToken, "accepts_verify_token_as_key", High,
        "Accepts signatures made with the verify token",
        "The verify token is in the URLs of handshakes and so in access logs. Anyone who reads it can sign.",
        "Use the app secret as the key. The verify token signs nothing.";
    UnsignedParts, "unsigned_timestamp_or_id", High,
        "Accepts a timestamp or an id that the signature does not cover",
        "An attacker sends a captured delivery again with a new timestamp or id, past a check for replays.",
        "Sign the timestamp and the id as they were sent, together with the body. Reject a delivery without them.";
    IgnoresTimestamp, "ignores_timestamp", High,
        "Does not check the signed timestamp",
        "A captured delivery can be replayed for ever.",
        "Reject a delivery whose signed timestamp differs from the clock by more than 5 minutes.";
    HeaderInjection, "header_injection", High,
        "Copies the challenge into response headers",
        "A crafted link sets headers and cookies for your domain.",
        "Return the challenge in the body only. Reject a challenge with control characters.";
    AcceptsWrongToken, "accepts_wrong_verify_token", High,
        "Answers the handshake without the right verify token",
        "Anybody can register your URL for an app of their own.",
        "Compare the whole verify token, and answer 403 if it differs.";
    StopsAnswering, "stops_answering", High,
        "Stops accepting connections during the probe",
        "One of the requests ends the process, or blocks it. An attacker can repeat that.",
        "Look for an unhandled exception in the log at that time. Limit time, memory and connections.";
    RejectsGenuine, "rejects_genuine", High,
        "Rejects every genuine delivery",
        "Deliveries are lost, if the probe uses the secret of the receiver.",
        "Check that both use the same secret, path and clock. Run `hubseal diagnose` with a captured body of Meta or \
         GitHub.";
    RejectsEscapes, "rejects_escapes", High,
        "Rejects genuine bodies with JSON escapes",
        "Deliveries with emoji, accents or slashes are lost, if the platform escapes them as Meta does. The \
         receiver probably parses the body and writes it again before it verifies.",
        "Verify the bytes of the body as they arrive, and parse them afterwards.";
    RejectsHandshake, "rejects_handshake", High,
        "Rejects the genuine handshake",
        "The URL cannot be registered, if the probe uses the verify token of the receiver.",
        "Check the verify token. Return the value of `hub.challenge` as the whole body, with status 200.";
    RejectsSome, "rejects_some_genuine", High,
        "Rejects some genuine deliveries",
        "Deliveries that arrive in this form are lost.",
        "Verify the bytes of the body as they arrive, and read all of them.";
    RejectsLarge, "rejects_large", Medium,
        "Rejects large genuine deliveries",
        "Deliveries over the limit of the receiver are lost. Meta sends up to 3 MB in one.",
        "Raise the body limit of this route to 4 MiB. Keep a limit.";
    RejectsSeveral, "rejects_several_signatures", Medium,
        "Rejects genuine deliveries with several signatures",
        "While a secret is rotated, the platform may send one signature for each secret. Deliveries are lost then.",
        "Compare with each signature of the known version in the list, and accept if one matches.";
    Crashes, "fails_on_rejected", Medium,
        "Answers a server error to a request without a valid signature",
        "The code fails on input of an attacker. That fills logs and alerts, and may end the process.",
        "Check type, length and form of the header before the comparison, and reject with 401.";
    NoDeadline, "no_read_deadline", Medium,
        "Waits for slow bodies longer than the read deadline",
        "A client that stops sending holds a connection, memory or a worker without a limit.",
        "Set a deadline for reading the body. If it is longer on purpose, pass --read-deadline.";
    NoPayloadLimit, "no_payload_limit", Medium,
        "Accepts bodies over the payload limit",
        "The body is read before it is verified, so a few clients can fill the memory if there is no limit.",
        "Limit the body to 4 MiB, by Content-Length and by counting. If it is higher on purpose, pass \
         --payload-limit.";
    ChallengeAsHtml, "challenge_as_html", Medium,
        "Returns the challenge as a page that browsers may run",
        "Anyone who knows the verify token can craft a link that runs a script on your domain.",
        "Send `Content-Type: text/plain` and `X-Content-Type-Options: nosniff`. Accept digits and letters only.";
    AcceptsChanged, "accepts_changed_body", Medium,
        "Accepts a body that was changed after it was signed",
        "The receiver verifies a different text from the one that was sent. The two can differ in meaning.",
        "Verify the bytes of the body as they arrive.";
    LongTolerance, "long_tolerance", Low,
        "Accepts signed timestamps older than 5 minutes",
        "A captured delivery can be replayed for longer than the platforms recommend.",
        "Reject timestamps older than 5 minutes. Remember ids for at least as long as the tolerance.";
    FutureTimestamp, "accepts_future_timestamp", Low,
        "Accepts signed timestamps far in the future",
        "A sender with a wrong clock signs deliveries that can be replayed until that time.",
        "Reject timestamps that are later than the clock by more than 5 minutes.";
    RejectsFraming, "rejects_framing", Low,
        "Does not read chunked bodies, or does not answer `Expect: 100-continue`",
        "A proxy that forwards bodies in chunks makes the receiver lose deliveries.",
        "Use a server that decodes the chunked transfer coding, or a proxy that buffers requests.";
    CrashesOnSigned, "fails_on_signed", Low,
        "Answers a server error to a signed body that is not an update",
        "The platform sends such a delivery again and again.",
        "Answer a body that cannot be parsed with 400, or with 200 after logging it.";
    RejectsUnusualHandshake, "rejects_unusual_handshake", Low,
        "Rejects or changes a valid but unusual handshake",
        "The registration can fail if Meta changes the form of the challenge or the query.",
        "Decode the query with a library, and return the challenge as text. Do not convert it to a number.";
    LenientHeader, "lenient_header", Low,
        "Accepts malformed signature headers",
        "No forgery by itself. Proxies and the receiver may read such a header differently.",
        "Require the documented form, such as `sha256=` in lower case and exactly 64 hexadecimal digits.";
    RepeatedHeader, "repeated_header", Low,
        "Accepts more than one signature or timestamp",
        "No forgery by itself. A proxy that checks another of the headers can be deceived.",
        "Reject a request that repeats a header of the signature.";
    OtherPlace, "signature_elsewhere", Low,
        "Takes the signature from a place other than its header",
        "No forgery by itself. Signatures in URLs end up in logs.",
        "Read the documented header only, such as `X-Hub-Signature-256`.";
    OtherMethod, "other_method", Low,
        "Processes deliveries of other methods than POST",
        "An attacker can bypass the rules of a proxy or a firewall for POST.",
        "Answer other methods with 405.";
    LenientHandshake, "lenient_handshake", Low,
        "Answers a malformed or ambiguous handshake",
        "Nobody can register the URL without the token. The response can contain text of an attacker.",
        "Reject repeated parameters, other modes than `subscribe`, and a challenge of unusual characters.";
    OtherSuccess, "other_success_status", Low,
        "Answers genuine deliveries with another status than 200",
        "Meta documents 200 only. It may deliver again.",
        "Answer 200.";
    RejectsOther, "rejects_unusual_forms", Note,
        "Rejects genuine deliveries in forms that the platform does not send",
        "Harmless today.",
        "No change is needed.";
    ClosesSilently, "closed_without_response", Note,
        "Closes the connection instead of rejecting the request",
        "The request is rejected. A handler may have failed: look for errors in the log.",
        "Answer with a status, so that senders and monitoring see the reason.";
    AnswersOther, "answers_other_requests", Note,
        "Answers HEAD, OPTIONS, or a GET without a challenge with success",
        "Nothing is processed, as far as the probe can see.",
        "No change is needed.";
    ContentEncoding, "ignores_content_encoding", Note,
        "Accepts a signed plain body that is declared as compressed",
        "Harmless alone. Code that decompresses before it verifies can be made to inflate small bodies.",
        "Answer a Content-Encoding other than `identity` with 415.";
    LongLists, "long_signature_list", Note,
        "Accepts long lists of signatures",
        "Harmless if the body is hashed once. Otherwise, each signature in a header multiplies the work.",
        "Limit the header, such as to 8 signatures and 2,048 bytes.";
    ContinuesFirst, "continues_first", Note,
        "Asks for the body although the head is enough to reject",
        "A forged body is transferred before it is rejected.",
        "Reject before `100 Continue`, if the server allows it.";
    Sniffable, "no_nosniff", Note,
        "Returns the challenge without `X-Content-Type-Options: nosniff`, or with an unusual type",
        "Old browsers may guess another type than text.",
        "Send `Content-Type: text/plain` and `X-Content-Type-Options: nosniff`.";
    Busy, "rate_limited", Note,
        "Answers 429 or 503 during the probe",
        "Some results are incomplete.",
        "Probe with --concurrency 1, or allow the address of the probe.";
    NotHttp, "not_http", Note,
        "Answers something that is not HTTP",
        "The request is not accepted.",
        "Check what listens on this port.";
}
