//! Writers that fail or panic lose lines, but no request.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde_json::Value;

use super::{
    audited, deliver,
    disk::{Disk, State},
    without_times,
};
use crate::common::receive;

/// The `tracing` events of this thread.
fn events(run: impl FnOnce()) -> Vec<String> {
    let log = Disk::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, run);
    let text = log.text();
    text.lines()
        .filter(|line| line.contains("audit log"))
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn failing_writer_loses_lines_but_no_request() {
    for state in [
        State::Full,
        State::WritesHalf,
        State::HidesHalf,
        State::FailsToFlush,
    ] {
        let (endpoint, audit, disk) = audited(|audit| audit);
        let events = events(|| {
            for round in 1..=2 {
                deliver(&endpoint, "{}");
                disk.set(state);
                for _ in 0..50 {
                    deliver(&endpoint, "{ }");
                }
                assert_eq!(audit.lost_lines(), 50 * round, "{state:?}");
                disk.set(State::Works);
                deliver(&endpoint, "{  }");
                deliver(&endpoint, "{   }");
                assert_eq!(audit.lost_lines(), 50 * round, "{state:?}");
            }
        });

        assert_eq!(format!("{audit:?}"), "AuditLog { lost_lines: 100, .. }");
        // One event for each run of failures, and one when it ends.
        assert_eq!(events.len(), 4, "{events:?}");
        for pair in events.chunks(2) {
            assert!(
                pair[0].starts_with("ERROR hubseal: cannot write to the audit log"),
                "{}",
                pair[0]
            );
            assert!(
                pair[1].starts_with("INFO hubseal: writing to the audit log works again"),
                "{}",
                pair[1]
            );
            assert!(pair[1].contains("50 lines are lost"), "{}", pair[1]);
        }
        assert_intact(&disk, &[2, 4, 5, 2, 4, 5], state);
    }
}

/// Asserts that the lines with these numbers of body bytes are complete. Those of 3 bytes were lost.
#[track_caller]
fn assert_intact(disk: &Disk, expected: &[u64], state: State) {
    let text = disk.text();
    let complete = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let bytes: Vec<_> = complete
        .map(|line| without_times(line)["body_bytes"].as_u64().unwrap())
        .filter(|bytes| *bytes != 3)
        .collect();
    assert_eq!(bytes, expected, "{state:?}: {text}");
    assert!(text.ends_with("}\n"), "{text}");
}

#[test]
fn panicking_writer_loses_lines_but_no_request() {
    let (endpoint, audit, disk) = audited(|audit| audit);
    deliver(&endpoint, "{}");
    disk.set(State::Panics);
    for lost in 1..=3 {
        deliver(&endpoint, "{ }");
        assert_eq!(audit.lost_lines(), lost);
    }
    // A drop while the server unwinds.
    let verifier = receive(&endpoint, b"{}", &[]).unwrap();
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _verifier = verifier;
        panic!("the server panics");
    }));
    assert!(unwound.is_err());
    assert_eq!(audit.lost_lines(), 4);

    let events = events(|| {
        disk.set(State::Full);
        deliver(&endpoint, "{ }");
        disk.set(State::Works);
        deliver(&endpoint, "{  }");
        deliver(&endpoint, "{   }");
    });
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[1].contains("5 lines are lost"), "{events:?}");
    assert_eq!(audit.lost_lines(), 5);
    assert_intact(&disk, &[2, 4, 5], State::Panics);
}

#[test]
fn half_of_a_line_stays_on_its_own_line() {
    let (endpoint, _, disk) = audited(|audit| audit);
    disk.set(State::HidesHalf);
    deliver(&endpoint, "{ }");
    deliver(&endpoint, "{ }");
    disk.set(State::Works);
    deliver(&endpoint, "{}");
    let text = disk.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(serde_json::from_str::<Value>(lines[0]).is_err());
    assert!(serde_json::from_str::<Value>(lines[1]).is_err());
    let last: Value = serde_json::from_str(lines[2]).unwrap();
    assert_eq!(last["body_bytes"], 2);
}

#[test]
fn subscriber_may_use_the_log() {
    let (endpoint, audit, disk) = audited(|audit| audit);
    // Formats the log while the event is written.
    let writer = move || {
        assert!(format!("{audit:?}").starts_with("AuditLog { lost_lines: 1"));
        io::sink()
    };
    let subscriber = tracing_subscriber::fmt().with_writer(writer).finish();
    disk.set(State::Full);
    tracing::subscriber::with_default(subscriber, || deliver(&endpoint, "{}"));
}
