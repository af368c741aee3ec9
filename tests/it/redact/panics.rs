//! Panics, in child processes: a panic hook applies to the whole process.

use std::{
    env,
    process::{Command, Output},
    thread,
};

use hubseal::redact::Redactor;

use crate::common::{ACCESS_TOKEN, clear_env_except_coverage};

/// What the process is told to do, as it finds itself run by the tests below.
const TOLD: &str = "HUBSEAL_PANIC";

fn run(told: &str, backtrace: &str) -> String {
    let mut process = Command::new(env::current_exe().unwrap());
    let Output { status, stderr, .. } = clear_env_except_coverage(&mut process)
        .args([
            "--exact",
            "redact::panics::child_process_panics",
            "--nocapture",
        ])
        .env(TOLD, told)
        .env("RUST_BACKTRACE", backtrace)
        .output()
        .unwrap();
    assert!(status.success(), "{status}");
    String::from_utf8(stderr).unwrap()
}

#[test]
fn child_process_panics() {
    let Ok(told) = env::var(TOLD) else {
        return;
    };
    if told != "raw" {
        Redactor::builder()
            .register("session", "correct-horse-battery")
            .build()
            .unwrap()
            .install_panic_hook();
    }
    let name = format!("worker for {ACCESS_TOKEN}");
    let outcome = thread::Builder::new()
        .name(name)
        .spawn(move || match told.as_str() {
            "static" => panic!("a static message"),
            "value" => std::panic::panic_any(7),
            _ => {
                let problem = format!("?access_token={ACCESS_TOKEN}, correct-horse-battery");
                "".parse::<u8>().map(drop).map_err(|_| problem).unwrap();
            }
        })
        .unwrap()
        .join();
    assert!(outcome.is_err());
}

#[test]
fn reports_thread_location_and_message() {
    let report = run("static", "0");
    let mut lines = report.lines();
    let first = lines.next().unwrap();
    assert!(first.starts_with("thread 'worker for "), "{report}");
    assert!(
        first.contains(&format!("' panicked at {}:", file!())) && first.ends_with(':'),
        "{report}"
    );
    assert_eq!(lines.collect::<Vec<_>>(), ["a static message"], "{report}");
    assert!(run("formatted", "0").contains("called `Result::unwrap()` on an `Err` value"));
    assert!(run("value", "0").ends_with(":\nBox<dyn Any>\n"));
}

#[test]
fn reports_backtrace_if_enabled() {
    assert!(!run("static", "0").contains("backtrace"));
    let (short, full) = (run("static", "1"), run("static", "full"));
    for report in [&short, &full] {
        assert!(report.contains("\na static message\nstack backtrace:\n"));
        assert!(
            report.contains("redact::panics::child_process_panics"),
            "{report}"
        );
        assert!(report.ends_with('\n'));
    }
    assert!(full.len() > short.len());
}

#[test]
fn redacts_panic_message_and_thread_name() {
    let secrets = [ACCESS_TOKEN, "correct-horse-battery"];
    let control = run("raw", "0");
    assert!(
        secrets.iter().all(|secret| control.contains(secret)),
        "{control}"
    );
    for backtrace in ["0", "1"] {
        let report = run("formatted", backtrace);
        for secret in secrets {
            assert!(!report.contains(secret), "{report}");
        }
        assert!(
            report.contains("[redacted:access_token], [redacted:session]"),
            "{report}"
        );
    }
}
