//! The events of duplicates and of deliveries that are not checked for them.

use tracing::Level;

use super::{assert_line, log_of};
use crate::{
    common::endpoint,
    guarded::{deliver, unchecked, with_guard},
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
