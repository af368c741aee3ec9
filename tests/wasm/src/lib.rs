//! Receives deliveries and a handshake on `wasm32-unknown-unknown`. `run.mjs` calls it in node.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};

use hubseal::{
    AppSecret, End, Endpoint, Health, KeyRing, Outcome, RejectionKind, Reply, RequestHead,
    Verified, Verifier, VerifyToken,
};

const SECRET: &str = "It's a Secret to Everybody";
const TOKEN: &str = "correct-horse-battery-staple";
const BODY: &str = "Hello, World!";
const BASE64: &str = "SGVsbG8sIFdvcmxkIQ==";
const HEADER: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

/// Returns 0, or the number of the first check that fails. `now` is the time in seconds since 1970.
// No other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn first_failed_check(now: f64) -> u32 {
    let checks = [
        verifies_known_signature() == Some(true),
        verifies_whole_request() == Some(true),
        answers_handshake() == Some(true),
        observes_each_request_once() == Some(true),
        deadline_has_passed_without_clock() == Some(true),
        deadline_is_compared_with_injected_clock(now) == Some(true),
        environment_is_empty(),
        all::features_work() == Some(true),
    ];
    (1..)
        .zip(checks)
        .find(|(_, holds)| !holds)
        .map_or(0, |(number, _)| number)
}

fn key_ring() -> Option<KeyRing> {
    Some(KeyRing::from(AppSecret::new(SECRET).ok()?))
}

fn endpoint(observer: impl hubseal::Observer + 'static) -> Option<Endpoint> {
    Endpoint::builder(key_ring()?)
        .verify_token(VerifyToken::new(TOKEN).ok()?)
        .add_observer(observer)
        .build()
        .ok()
}

fn deliver(endpoint: &Endpoint, body: &'static str) -> Result<Verified<impl AsRef<[u8]>>, Reply> {
    let headers = [("X-Hub-Signature-256", HEADER)];
    endpoint.verify_request(&RequestHead::new("POST", &headers), body, body == BASE64)
}

fn verifies_known_signature() -> Option<bool> {
    let verifier = Verifier::new(key_ring()?);
    let forged = verifier.verify(HEADER, "Hello, World?").err()?;
    Some(verifier.verify(HEADER, BODY).is_ok() && forged.status() == 401)
}

fn verifies_whole_request() -> Option<bool> {
    let endpoint = endpoint(|_: &Outcome<'_>| {})?;
    let decoded = deliver(&endpoint, BASE64).ok()?;
    let forged = deliver(&endpoint, "Hello, World?").err()?;
    Some(decoded.as_ref() == BODY.as_bytes() && forged.status() == 401)
}

fn answers_handshake() -> Option<bool> {
    let query = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={TOKEN}");
    let headers: [(&str, &str); 0] = [];
    let head = RequestHead::new("GET", &headers).query(&query);
    let endpoint = endpoint(|_: &Outcome<'_>| {})?;
    let reply = endpoint.verify_request(&head, "", false).err()?;
    Some(reply.status() == 200 && reply.body() == "1158201444")
}

fn observes_each_request_once() -> Option<bool> {
    static VERIFIED: AtomicU32 = AtomicU32::new(0);
    let count = |outcome: &Outcome<'_>| {
        if matches!(outcome.end(), End::Verified { .. }) && outcome.elapsed().is_none() {
            VERIFIED.fetch_add(1, Ordering::Relaxed);
        }
    };
    deliver(&endpoint(count)?, BODY).ok()?;
    let health = Health::new();
    deliver(&endpoint(health.clone())?, BODY).ok()?;
    let report = health.report();
    Some(
        VERIFIED.load(Ordering::Relaxed) == 1
            && report.verified() == 1
            && report.silent_for().is_none(),
    )
}

/// A ring whose key matches until 2100.
fn until_2100() -> Option<KeyRing> {
    let deadline = SystemTime::UNIX_EPOCH + Duration::from_secs(4_102_444_800);
    key_ring()?.with_deadline("current", deadline).ok()
}

fn deadline_has_passed_without_clock() -> Option<bool> {
    let rejection = Verifier::new(until_2100()?).verify(HEADER, BODY).err()?;
    Some(rejection.kind() == RejectionKind::KeyExpired)
}

fn deadline_is_compared_with_injected_clock(now: f64) -> Option<bool> {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(now);
    let verifier = Verifier::new(until_2100()?.with_clock(move || now));
    Some(verifier.verify(HEADER, BODY).is_ok())
}

fn environment_is_empty() -> bool {
    AppSecret::from_env("APP_SECRET").is_err()
}

#[cfg(not(feature = "all"))]
mod all {
    pub(super) fn features_work() -> Option<bool> {
        Some(true)
    }
}

#[cfg(feature = "all")]
mod all {
    use super::{BODY, HEADER, RequestHead, key_ring};
    use hubseal::{
        AuditLog, Endpoint,
        diagnose::{Cause, Diagnose},
        edge::{AllowList, FailureLimit},
        redact::Redactor,
    };

    /// None of them panics for the lack of a clock.
    pub(super) fn features_work() -> Option<bool> {
        let audit = AuditLog::new(std::io::sink());
        let endpoint = Endpoint::builder(key_ring()?)
            .allow_list(AllowList::parse("192.0.2.0/24").ok()?)
            .failure_limit(FailureLimit::per_minute(1))
            .add_observer(audit.clone())
            .build()
            .ok()?;
        let headers = [("X-Hub-Signature-256", HEADER)];
        let head = RequestHead::new("POST", &headers).peer([192, 0, 2, 7].into());
        for _ in 0..3 {
            let reply = endpoint.verify_request(&head, "forged", false).err()?;
            assert_eq!(reply.status(), 401);
        }
        let body = endpoint.verify_request(&head, BODY, false).ok()?;
        let diagnosis = Diagnose::new("It's a Secret to Everybody\n").delivery(&headers, BODY);
        let redacted = Redactor::new()
            .redact("client_secret=0f1e2d3c")
            .into_owned();
        let other_source = head.peer([203, 0, 113, 7].into());
        Some(
            body.updates().is_err()
                && audit.lost_lines() == 0
                && diagnosis.causes() == [Cause::SecretWrapped]
                && redacted == "client_secret=[redacted:app_secret]"
                && endpoint
                    .verify_request(&other_source, BODY, false)
                    .is_err_and(|reply| reply.status() == 403),
        )
    }
}
