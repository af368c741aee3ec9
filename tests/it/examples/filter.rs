//! The log filter in a pipe.

use std::{
    io::{Read, Write},
    process::{Child, Stdio},
    thread,
};

use super::example;
use crate::common::{ACCESS_TOKEN, SECRET, TOKEN};

fn filter(settings: &[(&str, &str)]) -> Child {
    example("redact")
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn filter_redacts_log_and_changes_nothing_else() {
    let mut filter = filter(&[
        ("APP_SECRET", SECRET),
        ("VERIFY_TOKEN", TOKEN),
        ("PERSONAL_DATA", "mask"),
    ]);
    let line = format!("{{\"from\":\"16505551234\"}} {ACCESS_TOKEN} {SECRET} {TOKEN}\n");
    let ordinary = "an ordinary line, and another thousand of it\n".repeat(1000);
    let log = format!("{line}{ordinary}{line}without a newline");
    let mut input = filter.stdin.take().unwrap();
    let feed = thread::spawn(move || input.write_all(log.as_bytes()));
    let output = filter.wait_with_output().unwrap();
    feed.join().unwrap().unwrap();

    assert!(output.status.success() && output.stderr.is_empty());
    let redacted = "{\"from\":\"[redacted:phone_number]\"} [redacted:access_token] \
                    [redacted:app_secret] [redacted:verify_token]\n";
    let expected = format!("{redacted}{ordinary}{redacted}without a newline");
    assert!(String::from_utf8(output.stdout).unwrap() == expected);
}

#[test]
fn filter_exits_quietly_on_closed_pipe() {
    let mut filter = filter(&[]);
    let mut input = filter.stdin.take().unwrap();
    let mut output = filter.stdout.take().unwrap();
    let line = b"an ordinary line\n";
    input.write_all(line).unwrap();
    output.read_exact(&mut [0; 4]).unwrap();
    drop(output);
    while input.write_all(line).is_ok() {}
    let ended = filter.wait_with_output().unwrap();
    assert!(ended.status.success());
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}

#[test]
fn filter_reports_refused_setting_and_writes_nothing() {
    for settings in [
        [("APP_SECRET", "changeme")],
        [("VERIFY_TOKEN", "1234567")],
        [("PERSONAL_DATA", "everything")],
    ] {
        let output = filter(&settings).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{settings:?}");
        assert!(output.stdout.is_empty());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!said.contains(settings[0].1), "{said}");
    }
}
