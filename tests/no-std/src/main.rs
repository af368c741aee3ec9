//! Receives a delivery and a handshake, observes both, and redacts a URL and headers, without the standard library.
//!
//! It is linked with the C runtime only, or with no runtime at all on a Cortex-M. The exit status
//! is 0, or the number of the first failed check. With the feature `std` it must not build, because
//! the standard library has its own panic handler.
#![no_std]
#![no_main]

extern crate alloc;

mod runtime;

use alloc::{format, string::ToString};
use core::{
    ffi::c_int,
    sync::atomic::{AtomicUsize, Ordering},
};

use hubseal::{
    AppSecret, End, Endpoint, Outcome, RejectionKind, RequestHead, Scheme, Verifier, VerifyToken,
    redact::{RedactedHeaders, RedactedUrl},
};

const SECRET: &str = "It's a Secret to Everybody";
const TOKEN: &str = "correct-horse-battery-staple";
const BODY: &[u8] = b"Hello, World!";
const HEADER: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

// The C runtime calls this name. No other function has it.
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    let checks: [fn() -> Option<bool>; 11] = [
        verifies_genuine_body,
        rejects_forged_body,
        formats_signature,
        receives_delivery_in_chunks,
        rejects_forged_delivery,
        verifies_whole_request_in_base64,
        answers_handshake,
        observes_each_request_once,
        redacts_url,
        redacts_headers,
        rejects_every_timestamp_without_a_clock,
    ];
    (1..)
        .zip(checks)
        .find(|(_, check)| check() != Some(true))
        .map_or(0, |(number, _)| number)
}

fn verifier() -> Option<Verifier> {
    AppSecret::new(SECRET).ok().map(Verifier::new)
}

/// The outcomes that an observer got, by their end: verified, handshake, abandoned.
static OUTCOMES: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];

fn endpoint() -> Option<Endpoint> {
    let builder = Endpoint::builder(AppSecret::new(SECRET).ok()?);
    builder
        .verify_token(VerifyToken::new(TOKEN).ok()?)
        .add_observer(count)
        .build()
        .ok()
}

fn count(outcome: &Outcome<'_>) {
    let [verified, handshakes, abandoned] = &OUTCOMES;
    match outcome.end() {
        End::Verified { .. } if outcome.elapsed().is_none() => verified,
        End::Handshake => handshakes,
        End::Abandoned => abandoned,
        _ => return,
    }
    .fetch_add(1, Ordering::Relaxed);
}

fn verifies_genuine_body() -> Option<bool> {
    let verified = verifier()?.verify(HEADER, BODY).ok()?;
    Some(*verified == BODY && verified.key().as_str() == "current")
}

fn rejects_forged_body() -> Option<bool> {
    let rejection = verifier()?.verify(HEADER, b"Hello, World?").err()?;
    Some(rejection.kind() == RejectionKind::SignatureMismatch)
}

fn formats_signature() -> Option<bool> {
    Some(verifier()?.sign(BODY).to_string() == HEADER)
}

fn receives_delivery_in_chunks() -> Option<bool> {
    let headers = [("x-hub-signature-256", HEADER), ("content-length", "13")];
    let mut body_verifier = endpoint()?
        .receive(&RequestHead::new("POST", &headers))
        .ok()?;
    body_verifier.push(&b"Hello, "[..]).ok()?;
    body_verifier.push(&b"World!"[..]).ok()?;
    Some(body_verifier.finish().ok()?.as_ref() == BODY)
}

fn rejects_forged_delivery() -> Option<bool> {
    let headers = [("x-hub-signature-256", HEADER)];
    let mut body_verifier = endpoint()?
        .receive(&RequestHead::new("POST", &headers))
        .ok()?;
    body_verifier.push(&b"Hello, World?"[..]).ok()?;
    Some(body_verifier.finish().err()?.status() == 401)
}

fn verifies_whole_request_in_base64() -> Option<bool> {
    let headers = [("x-hub-signature-256", HEADER)];
    let head = RequestHead::new("POST", &headers);
    let body = endpoint()?.verify_request(&head, "SGVsbG8sIFdvcmxkIQ==", true);
    let reply = endpoint()?.verify_request(&head, "SGVsbG8", true).err()?;
    Some(body.ok()?.as_ref() == BODY && reply.status() == 400)
}

fn answers_handshake() -> Option<bool> {
    let query = "hub.mode=subscribe&hub.challenge=1158201444&\
                 hub.verify_token=correct-horse-battery-staple";
    let reply = endpoint()?.handshake(query).ok()?.reply();
    Some(reply.status() == 200 && reply.body() == "1158201444")
}

fn observes_each_request_once() -> Option<bool> {
    let counts = || {
        OUTCOMES
            .each_ref()
            .map(|count| count.load(Ordering::Relaxed))
    };
    let [verified, handshakes, abandoned] = counts();
    receives_delivery_in_chunks()?;
    answers_handshake()?;
    let headers = [("x-hub-signature-256", HEADER)];
    drop(endpoint()?.receive(&RequestHead::new("POST", &headers)));
    Some(counts() == [verified + 1, handshakes + 1, abandoned + 1])
}

fn redacts_url() -> Option<bool> {
    let redacted = RedactedUrl("/me?access_token=EAAGm0PX4ZCps&limit=5").to_string();
    Some(redacted == "/me?access_token=[redacted:access_token]&limit=5")
}

fn redacts_headers() -> Option<bool> {
    let headers = [("host", "example.com"), ("authorization", "Basic YTpi")];
    let shown = format!("{:?}", RedactedHeaders(headers));
    Some(shown == r#"{"host": "example.com", "authorization": [redacted:header]}"#)
}

fn rejects_every_timestamp_without_a_clock() -> Option<bool> {
    let verifier = verifier()?.with_scheme(Scheme::SLACK);
    let rejected = [0, 1_700_000_000, u64::MAX].into_iter().all(|timestamp| {
        let headers = verifier
            .sign_headers("", timestamp, BODY)
            .unwrap_or_default();
        let rejection = verifier.verify_headers(&headers, BODY).err();
        rejection.is_some_and(|rejection| rejection.kind() == RejectionKind::NotConfigured)
    });
    let shopify = verifier.with_scheme(Scheme::SHOPIFY);
    let headers = shopify.sign_headers("", 0, BODY).ok()?;
    Some(rejected && shopify.verify_headers(&headers, BODY).is_ok())
}
