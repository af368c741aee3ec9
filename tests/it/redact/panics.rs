//! Panics, in child processes: a panic hook applies to the whole process.

use std::{
    env, panic,
    process::{Command, Output},
};

use hubseal::redact::Redactor;

use crate::common::{ACCESS_TOKEN, clear_env_except_coverage};

/// Set in a child process only: to `raw`, or to install the hook.
const TOLD: &str = "HUBSEAL_PANIC";

fn run(told: &str) -> String {
    let mut process = Command::new(env::current_exe().unwrap());
    let Output { status, stderr, .. } = clear_env_except_coverage(&mut process)
        .args([
            "--exact",
            "redact::panics::child_process_panics",
            "--nocapture",
        ])
        .env(TOLD, told)
        .output()
        .unwrap();
    assert!(!status.success(), "{status}");
    String::from_utf8(stderr).unwrap()
}

#[test]
fn child_process_panics() {
    let Ok(told) = env::var(TOLD) else {
        return;
    };
    if told != "raw" {
        let redactor = Redactor::builder()
            .register("session", "correct-horse-battery")
            .build()
            .unwrap();
        panic::set_hook(Box::new(move |panic| {
            eprintln!("{}", redactor.display(panic));
        }));
    }
    panic!("?access_token={ACCESS_TOKEN}, correct-horse-battery");
}

#[test]
fn redacts_panic_message() {
    let secrets = [ACCESS_TOKEN, "correct-horse-battery"];
    let control = run("raw");
    assert!(
        secrets.iter().all(|secret| control.contains(secret)),
        "{control}"
    );
    let report = run("redacted");
    let (place, message) = report.split_once('\n').unwrap();
    assert!(
        place.starts_with(&format!("panicked at {}:", file!())),
        "{report}"
    );
    assert_eq!(
        message,
        "?access_token=[redacted:access_token], [redacted:session]\n"
    );
}
