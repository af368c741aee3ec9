//! Timestamps against the clock.

use core::time::Duration;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use hubseal::{
    Endpoint, KeyRing, RejectionKind, RequestHead, Scheme, SignatureFailureStatus, Verifier,
};

use super::{ALL, NOW, at, ring, secret, signs_only_body};
use crate::common::kind;

const OLD: Option<RejectionKind> = Some(RejectionKind::TimestampTooOld);
const FUTURE: Option<RejectionKind> = Some(RejectionKind::TimestampInFuture);

fn timestamped() -> impl Iterator<Item = Scheme> {
    ALL.into_iter().filter(|scheme| !signs_only_body(scheme))
}

/// Verifies a delivery of this time, when the clock shows `now`.
fn at_clock(scheme: Scheme, time: u64, now: SystemTime) -> Option<RejectionKind> {
    let ring = KeyRing::from(secret(&scheme)).with_clock(move || now);
    let verifier = Verifier::new(ring).with_scheme(scheme);
    let headers = verifier.sign_headers("id", time, "{}").unwrap();
    kind(verifier.verify_headers(&headers, "{}"))
}

#[test]
fn accepts_difference_of_tolerance_both_ways() {
    for scheme in timestamped() {
        for (time, expected) in [
            (NOW, None),
            (NOW - 300, None),
            (NOW - 301, OLD),
            (NOW + 300, None),
            (NOW + 301, FUTURE),
            (0, OLD),
            (u64::MAX, FUTURE),
        ] {
            let name = scheme.name();
            assert_eq!(at_clock(scheme, time, at(NOW)), expected, "{name} {time}");
        }
    }
}

#[test]
fn tolerance_counts_whole_seconds() {
    let zero = Scheme::SLACK.tolerance(Duration::from_millis(999));
    let later = at(NOW) + Duration::from_millis(999);
    assert_eq!(at_clock(zero, NOW, later), None);
    assert_eq!(at_clock(zero, NOW - 1, later), OLD);
    assert_eq!(at_clock(zero, NOW + 1, later), FUTURE);
    let endless = Scheme::SLACK.tolerance(Duration::MAX);
    assert_eq!(at_clock(endless, 0, at(NOW)), None);
    assert_eq!(at_clock(endless, u64::MAX, at(NOW)), None);
}

#[test]
fn clock_before_1970_counts_as_1970() {
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1_000);
    assert_eq!(at_clock(Scheme::STRIPE, 300, before), None);
    assert_eq!(at_clock(Scheme::STRIPE, 301, before), FUTURE);
}

#[test]
fn clock_is_that_of_the_system_by_default() {
    for scheme in timestamped() {
        let verifier = Verifier::new(secret(&scheme)).with_scheme(scheme);
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = since.unwrap().as_secs();
        let judged = |time| {
            let headers = verifier.sign_headers("id", time, "{}").unwrap();
            kind(verifier.verify_headers(&headers, "{}"))
        };
        assert_eq!(judged(now), None);
        assert_eq!(judged(now - 400), OLD);
        assert_eq!(judged(now + 400), FUTURE);
    }
}

#[test]
fn timestamp_is_checked_at_the_head() {
    let clock = Arc::new(AtomicU64::new(NOW));
    let read = Arc::clone(&clock);
    for scheme in timestamped() {
        clock.store(NOW, Ordering::Relaxed);
        let read = Arc::clone(&read);
        let ring =
            KeyRing::from(secret(&scheme)).with_clock(move || at(read.load(Ordering::Relaxed)));
        let endpoint = Endpoint::builder(ring).scheme(scheme).build().unwrap();
        let headers = endpoint.verifier().sign_headers("id", NOW, "{}").unwrap();
        let head = RequestHead::new("POST", &headers);
        let begun = endpoint.receive(&head).unwrap();
        clock.store(NOW + 301, Ordering::Relaxed);
        assert!(begun.finish_with("{}").is_ok());
        assert_eq!(kind(endpoint.receive(&head)), OLD);
    }
}

#[test]
fn sender_learns_nothing_from_rejected_timestamp() {
    for status in [
        SignatureFailureStatus::Unauthorized,
        SignatureFailureStatus::Flows,
    ] {
        for scheme in timestamped() {
            let builder = Endpoint::builder(ring(&scheme)).scheme(scheme);
            let endpoint = builder.signature_failure_status(status).build().unwrap();
            let reply = |time, body: &str| {
                let headers = endpoint.verifier().sign_headers("id", time, "{}").unwrap();
                let head = RequestHead::new("POST", &headers);
                let verified = endpoint
                    .receive(&head)
                    .and_then(|verifier| verifier.finish_with(body.to_owned()));
                verified.err().unwrap().reply()
            };
            let forged = reply(NOW, "forged");
            assert_eq!(reply(NOW - 301, "{}"), forged);
            assert_eq!(reply(NOW + 301, "{}"), forged);
            assert_eq!(reply(NOW - 301, "forged"), forged);
        }
    }
}

/// A scheme that signs no time does not ask for it.
#[test]
fn clock_is_not_read_without_timestamp() {
    for scheme in ALL.into_iter().filter(signs_only_body) {
        let ring = KeyRing::from(secret(&scheme)).with_clock(|| panic!("the clock is read"));
        let verifier = Verifier::new(ring).with_scheme(scheme);
        let headers = verifier.sign_headers("", 0, "{}").unwrap();
        assert!(verifier.verify_headers(&headers, "{}").is_ok());
    }
}

/// Nobody proves with such a timestamp that the platform has sent the request.
#[cfg(feature = "edge")]
#[test]
fn rejected_timestamps_count_for_the_failure_limit() {
    for time in [NOW - 301, NOW + 301] {
        let limit = hubseal::edge::FailureLimit::per_minute(1);
        let builder = Endpoint::builder(ring(&Scheme::SLACK)).scheme(Scheme::SLACK);
        let endpoint = builder.failure_limit(limit).build().unwrap();
        let receive = |time| {
            let headers = endpoint.verifier().sign_headers("", time, "{}").unwrap();
            let head = RequestHead::new("POST", &headers).peer([192, 0, 2, 7].into());
            endpoint
                .receive(&head)
                .and_then(|verifier| verifier.finish_with("{}"))
        };
        assert!(receive(NOW).is_ok());
        assert!(receive(time).is_err());
        assert_eq!(kind(receive(NOW)), Some(RejectionKind::TooManyFailures));
    }
}
