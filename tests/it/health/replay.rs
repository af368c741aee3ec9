//! Duplicates and deliveries that are not checked for them.

use std::{thread, time::Duration};

use hubseal::{Health, HealthProblem};

use super::{display, misconfigure};
use crate::{
    common::endpoint,
    guarded::{deliver, unchecked, with_guard},
};

#[test]
fn duplicates_are_counted_and_change_nothing_else() {
    let health = Health::new();
    let guarded = with_guard(endpoint()).add_observer(health.clone());
    let endpoint = guarded.build().unwrap();
    deliver(&endpoint, ["{}"]);
    let last = health.report().last_verified();
    assert_eq!(health.report().duplicates(), 0);

    thread::sleep(Duration::from_millis(1_100));
    deliver(&endpoint, ["{}"]);
    let report = health.report();
    assert_eq!((report.verified(), report.duplicates()), (1, 1));
    assert_eq!((report.rejected(), report.abandoned()), (0, 0));
    assert_eq!(report.last_verified(), last);
    let alert = health.clone().with_max_silence(Duration::from_millis(50));
    assert_eq!(alert.report().problem(), Some(HealthProblem::Silent));
    let line = |duplicates: &str| {
        format!(
            "healthy: 1 verified, last _ s ago; {duplicates}; 0 rejected; 0 handshakes; 0 abandoned"
        )
    };
    assert_eq!(display(&report), line("1 duplicate"));

    deliver(&endpoint, ["{}"]);
    assert_eq!(display(&health.report()), line("2 duplicates"));
    #[cfg(feature = "json")]
    assert_eq!(
        serde_json::to_value(health.report()).unwrap()["counts"]["duplicate"],
        2
    );

    misconfigure(&endpoint);
    deliver(&endpoint, ["{}"]);
    assert_eq!(
        health.report().problem(),
        Some(HealthProblem::NotConfigured)
    );
    deliver(&endpoint, ["[]"]);
    assert!(health.report().is_healthy());
}

#[test]
fn unchecked_deliveries_count_as_verified() {
    let health = Health::new();
    let guarded = unchecked(endpoint()).add_observer(health.clone());
    let endpoint = guarded.build().unwrap();
    misconfigure(&endpoint);
    deliver(&endpoint, ["{}", "{}"]);
    let report = health.report();
    assert!(report.is_healthy());
    assert!(report.last_verified().is_some());
    assert_eq!((report.verified(), report.duplicates()), (2, 0));
}
