//! The events of duplicates and of deliveries that are not checked for them.

use std::time::Duration;

use hubseal::{
    Fingerprint,
    replay::{Claim, ReplayGuard},
};
use tracing::Level;

use super::{assert_line, log_of};
use crate::{
    common::endpoint,
    guarded::{Faulty, deliver, unchecked, with_guard},
};

#[test]
fn duplicate_is_information() {
    let endpoint = with_guard(endpoint()).name("whatsapp").build().unwrap();
    let lines = log_of(Level::INFO, || {
        assert_eq!(deliver(&endpoint, ["{}", "{}"]), [2, 0]);
    });
    assert_line(
        &lines,
        "INFO hubseal: duplicate of a handled delivery",
        &[
            r#"endpoint="whatsapp""#,
            "key=current",
            "body_bytes=2",
            "elapsed_us=",
        ],
    );
    assert!(!lines[0].contains("reason"), "{lines:?}");
}

#[test]
fn unchecked_delivery_is_a_warning() {
    let endpoint = unchecked(endpoint()).build().unwrap();
    let mut lines = log_of(Level::INFO, || {
        assert_eq!(deliver(&endpoint, ["{}"]), [2]);
    });
    let outage = lines.remove(0);
    assert_line(
        &[outage],
        "ERROR hubseal: replay store is unavailable: connection refused",
        &[],
    );
    assert_line(
        &lines,
        "WARN hubseal: verified, but not checked for duplicates",
        &[
            r#"endpoint="webhook""#,
            "key=current",
            r#"reason="replay_store_unavailable""#,
            "body_bytes=2",
        ],
    );
}

/// Checks that all but a few of these requests are counted in lines with this text.
#[track_caller]
fn assert_counted(lines: &[String], requests: usize, text: &str) {
    // Eleven lines for each second that the flood takes.
    assert!((11..=110).contains(&lines.len()), "{} lines", lines.len());
    let more = lines.iter().filter_map(|line| {
        let (count, rest) = line.split_once(" more requests in one second: ")?;
        assert!(rest.starts_with(text), "{line}");
        let count = count.rsplit(' ').next()?;
        Some(count.parse::<usize>().unwrap() - 1)
    });
    assert_eq!(lines.len() + more.sum::<usize>(), requests, "{lines:#?}");
}

#[test]
fn flood_of_duplicates_is_counted() {
    let endpoint = with_guard(endpoint()).build().unwrap();
    let lines = log_of(Level::INFO, || {
        assert_eq!(deliver(&endpoint, ["{}"; 1_001])[1_000], 0);
        drop(endpoint);
    });
    assert_counted(&lines, 1_000, "duplicate of a handled delivery");
}

#[test]
fn flood_of_unchecked_deliveries_is_counted() {
    let endpoint = unchecked(endpoint()).build().unwrap();
    let mut lines = log_of(Level::INFO, || {
        assert_eq!(deliver(&endpoint, ["{}"; 1_000])[999], 2);
        drop(endpoint);
    });
    lines.remove(0); // the outage
    assert_counted(&lines, 1_000, "verified, but not checked for duplicates");
}

/// The lines of a log whose level and text begin like this.
fn count(lines: &[String], start: &str) -> usize {
    let starts = lines.iter().map(|line| line.trim_start());
    starts.filter(|line| line.starts_with(start)).count()
}

#[test]
fn outage_is_logged_at_its_begin_and_its_end() {
    let store = Faulty::default();
    let guard = ReplayGuard::new(store.clone());
    let runtime = runtime();
    let claim = || {
        let claim = guard.claim(Fingerprint::new(["order", "4711"]));
        runtime.block_on(claim).is_ok()
    };
    let away = "ERROR hubseal: replay store is unavailable: connection refused";
    let back = "INFO hubseal: replay store is available again";
    let lines = log_of(Level::INFO, || assert!(claim() && claim()));
    assert_eq!(lines, [""; 0]);
    for _ in 0..2 {
        store.set_away(true);
        let lines = log_of(Level::INFO, || assert!(!(claim() || claim() || claim())));
        assert_eq!((lines.len(), count(&lines, away)), (1, 1), "{lines:?}");
        store.set_away(false);
        let lines = log_of(Level::INFO, || assert!(claim() && claim()));
        assert_eq!((lines.len(), count(&lines, back)), (1, 1), "{lines:?}");
    }
}

#[test]
fn handled_delivery_that_is_not_remembered_is_an_error() {
    let store = Faulty::default();
    let guard = ReplayGuard::new(store.clone()).with_lease(Duration::from_millis(20));
    let lines = log_of(Level::INFO, || {
        runtime().block_on(async {
            let order = Fingerprint::new(["order", "4711"]);
            let Ok(Claim::Fresh(ticket)) = guard.claim(order).await else {
                panic!("nobody else claims it");
            };
            store.set_away(true);
            assert!(ticket.commit().await.is_err());
            // It is tried again after 50 ms, which is longer than the lease.
            tokio::time::sleep(Duration::from_millis(200)).await;
        });
    });
    let expected = "ERROR hubseal: handled, but not remembered; if it is sent again, it is handled again: \
                    replay store is unavailable: connection refused";
    assert_line(&lines, expected, &[]);
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().build().unwrap()
}
