//! The health of an endpoint, and who can change it.

#[cfg(all(feature = "replay", feature = "tower"))]
mod replay;

use std::{
    thread,
    time::{Duration, SystemTime},
};

use hubseal::{Endpoint, Health, HealthProblem, HealthReport, RejectionKind, RequestHead};

use crate::common::{endpoint, receive};

fn observed() -> (Endpoint, Health) {
    let health = Health::new();
    let endpoint = endpoint().add_observer(health.clone()).build().unwrap();
    (endpoint, health)
}

fn deliver(endpoint: &Endpoint) {
    receive(endpoint, b"{}", &[])
        .unwrap()
        .finish_with("{}")
        .unwrap();
}

fn forge(endpoint: &Endpoint) {
    let forged = receive(endpoint, b"{}", &[]).unwrap().finish_with("[]");
    assert!(forged.is_err());
}

/// The framework supplies no body, because other code has read it.
fn misconfigure(endpoint: &Endpoint) {
    let verifier = receive(endpoint, b"{}", &[("content-length", "2")]).unwrap();
    assert!(verifier.finish_without_body().is_err());
}

/// The display with every number of seconds replaced by `_`.
fn display(report: &HealthReport) -> String {
    let shown = report.to_string();
    let words = shown.split(' ').collect::<Vec<_>>();
    let is_seconds = |index: usize| {
        words
            .get(index + 1)
            .is_some_and(|word| word.starts_with('s') && word.len() <= 2)
    };
    let masked = |(index, word): (usize, &&str)| {
        if is_seconds(index) {
            "_".to_owned()
        } else {
            (*word).to_owned()
        }
    };
    words
        .iter()
        .enumerate()
        .map(masked)
        .collect::<Vec<_>>()
        .join(" ")
}

fn all_ends(endpoint: &Endpoint) {
    let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=verify%2Btoken/of+these+tests";
    endpoint.handshake(query).unwrap();
    for _ in 0..2 {
        deliver(endpoint);
        drop(receive(endpoint, b"{}", &[]).unwrap());
    }
    for _ in 0..3 {
        forge(endpoint);
    }
    let headers: [(&str, &str); 0] = [];
    assert!(
        endpoint
            .receive(&RequestHead::new("PUT", &headers))
            .is_err()
    );
}

#[test]
fn counts_by_end_and_kind() {
    let (endpoint, health) = observed();
    assert_eq!(
        display(&health.report()),
        "healthy: 0 verified in _ s; 0 rejected; 0 handshakes; 0 abandoned"
    );
    all_ends(&endpoint);
    let report = health.report();
    assert_eq!(report.verified(), 2);
    assert_eq!(report.handshakes(), 1);
    assert_eq!(report.abandoned(), 2);
    assert_eq!(report.rejected(), 4);
    for kind in RejectionKind::ALL {
        let expected = match kind {
            RejectionKind::SignatureMismatch => 3,
            RejectionKind::MethodNotAllowed => 1,
            _ => 0,
        };
        assert_eq!(report.rejected_as(*kind), expected, "{kind:?}");
    }
    assert_eq!(
        display(&report),
        "healthy: 2 verified, last _ s ago; \
         4 rejected (signature_mismatch 3, method_not_allowed 1); 1 handshake; 2 abandoned"
    );
}

#[test]
fn knows_time_of_last_verified_delivery() {
    let (endpoint, health) = observed();
    forge(&endpoint);
    assert_eq!(health.report().last_verified(), None);
    let before = SystemTime::now() - Duration::from_secs(1); // the time is in whole seconds
    deliver(&endpoint);
    let last = health.report().last_verified().unwrap();
    assert!(before <= last && last <= SystemTime::now(), "{last:?}");
    forge(&endpoint);
    assert_eq!(health.report().last_verified(), Some(last));
}

#[test]
fn not_configured_is_unhealthy_until_next_verified_delivery() {
    let (endpoint, health) = observed();
    for _ in 0..2 {
        misconfigure(&endpoint);
        forge(&endpoint);
        let report = health.report();
        assert!(!report.is_healthy());
        assert_eq!(report.problem(), Some(HealthProblem::NotConfigured));
        assert!(
            report
                .to_string()
                .starts_with("unhealthy (not_configured): ")
        );

        deliver(&endpoint);
        let report = health.report();
        assert!(report.is_healthy());
        assert_eq!(report.problem(), None);
    }
    assert_eq!(health.report().rejected_as(RejectionKind::NotConfigured), 2);
}

#[test]
fn silence_is_unhealthy_only_beyond_the_limit() {
    let (endpoint, health) = observed();
    let alert = health.clone().with_max_silence(Duration::from_millis(50));
    let patient = health.clone().with_max_silence(Duration::from_secs(600));
    deliver(&endpoint);
    assert!(alert.report().is_healthy());
    thread::sleep(Duration::from_millis(1_100));
    // A forged request neither ends nor extends the silence.
    forge(&endpoint);
    assert_eq!(alert.report().problem(), Some(HealthProblem::Silent));
    assert!(alert.report().silent_for().unwrap() < Duration::from_secs(600));
    assert!(patient.report().is_healthy());
    assert!(health.report().is_healthy());
    deliver(&endpoint);
    assert!(alert.report().is_healthy());
}

#[test]
fn forged_requests_do_not_change_health() {
    let (endpoint, health) = observed();
    let limited = health.clone().with_max_silence(Duration::from_secs(600));
    let check = |label: &str| {
        for health in [&health, &limited] {
            let report = health.report();
            assert!(report.is_healthy(), "{label}: {report}");
        }
    };
    for _ in 0..1_000 {
        forge(&endpoint);
        drop(receive(&endpoint, b"{}", &[]).unwrap());
        assert!(endpoint.handshake("hub.mode=subscribe").is_err());
    }
    check("forgeries");

    #[cfg(feature = "testing")]
    for case in crate::attack_suite::cases() {
        if let hubseal::testing::Expected::Rejected(_) = case.expected {
            let _ = crate::attack_suite::submit(&endpoint, &case.request);
            check(case.label);
        }
    }

    // Nor do they hide a problem.
    misconfigure(&endpoint);
    forge(&endpoint);
    assert!(!health.report().is_healthy());
}

#[test]
fn concurrent_requests_are_all_counted() {
    const THREADS: u64 = 16;
    const REQUESTS: u64 = 250;

    let (endpoint, health) = observed();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..REQUESTS {
                    deliver(&endpoint);
                    forge(&endpoint);
                    assert!(health.report().is_healthy());
                }
            });
        }
    });
    let report = health.report();
    assert_eq!(report.verified(), THREADS * REQUESTS);
    assert_eq!(report.rejected(), THREADS * REQUESTS);
}

#[test]
fn requests_allocate_nothing_for_it() {
    let (endpoint, health) = observed();
    let unsigned = [("content-length", "2")];
    let reject = || {
        assert!(
            endpoint
                .receive(&RequestHead::new("POST", &unsigned))
                .is_err()
        );
    };
    reject(); // registers the events of `tracing`
    let counted = allocation_counter::measure(reject);
    assert_eq!(counted.count_total, 0);
    let counted = allocation_counter::measure(|| drop(health.report()));
    assert_eq!(counted.count_total, 0);
}

#[test]
fn debug_output_contains_report() {
    let (endpoint, health) = observed();
    deliver(&endpoint);
    let shown = format!("{health:?}");
    assert!(
        shown.contains("max_silence: None, report: HealthReport(healthy: 1 verified"),
        "{shown}"
    );
}

#[cfg(feature = "json")]
#[test]
fn serialises_with_stable_fields() {
    use serde_json::{Value, json};

    let (endpoint, health) = observed();
    let report = serde_json::to_value(health.report()).unwrap();
    assert_eq!(report["last_verified_unix_seconds"], Value::Null);

    all_ends(&endpoint);
    misconfigure(&endpoint);
    let report = health.report();
    let mut json = serde_json::to_value(&report).unwrap();
    let mut take = |field: &str| json.as_object_mut().unwrap().remove(field).unwrap();
    let last = take("last_verified_unix_seconds").as_u64().unwrap();
    let expected = report.last_verified().unwrap();
    assert_eq!(SystemTime::UNIX_EPOCH + Duration::from_secs(last), expected);
    let silent = take("silent_seconds").as_u64().unwrap();
    assert_eq!(silent, report.silent_for().unwrap().as_secs());

    let Value::Object(rejected) = take("rejected") else {
        panic!("no object")
    };
    // No request ends with `JsonMismatch`.
    assert_eq!(rejected.len(), RejectionKind::ALL.len() - 1);
    let kinds = RejectionKind::ALL.iter();
    for kind in kinds.filter(|kind| **kind != RejectionKind::JsonMismatch) {
        assert_eq!(
            rejected[kind.as_str()],
            report.rejected_as(*kind),
            "{kind:?}"
        );
    }
    assert_eq!(
        json,
        json!({
            "healthy": false,
            "problem": "not_configured",
            "counts": {"verified": 2, "duplicate": 0, "handshake": 1, "rejected": 5, "abandoned": 2},
        })
    );
}
