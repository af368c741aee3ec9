//! Registered values that are replaced at run time.

use std::{
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use hubseal::redact::{Redactor, RuleError};

#[test]
fn next_record_is_redacted_with_new_values() {
    let redactor = Redactor::new();
    redactor
        .replace_values([("phrase", "correct horse")])
        .unwrap();
    let mut writer = redactor.clone().writer(Vec::new());
    writer
        .write_all(b"correct horse, battery staple\n")
        .unwrap();
    redactor
        .replace_values([("phrase", "battery staple")])
        .unwrap();
    writer
        .write_all(b"correct horse, battery staple\n")
        .unwrap();
    let refused = redactor.replace_values([("phrase", "short")]).unwrap_err();
    assert!(matches!(refused, RuleError::Length { .. }));
    writer.write_all(b"battery staple\n").unwrap();
    let written = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert_eq!(
        written,
        "[redacted:phrase], battery staple\ncorrect horse, [redacted:phrase]\n[redacted:phrase]\n"
    );
}

#[test]
fn values_of_the_builder_stay() {
    let redactor = Redactor::builder()
        .register("redis_password", "correct horse")
        .build()
        .unwrap();
    let text = "correct horse, battery staple, another value";
    for (values, expected) in [
        (
            vec![("phrase", "battery staple")],
            "[redacted:redis_password], [redacted:phrase], another value",
        ),
        (
            vec![("phrase", "another value")],
            "[redacted:redis_password], battery staple, [redacted:phrase]",
        ),
        (
            vec![],
            "[redacted:redis_password], battery staple, another value",
        ),
    ] {
        redactor.replace_values(values).unwrap();
        assert_eq!(redactor.redact(text), expected);
    }
}

#[test]
fn values_are_replaced_under_load() {
    let redactor = Redactor::new();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let _ = redactor.redact("a line with secret-0000000 in it");
                }
            });
        }
        for number in 0..20 {
            let value = format!("secret-{number:07}");
            redactor.replace_values([("own", value.as_str())]).unwrap();
            let line = format!("it is {value}, and no other");
            assert_eq!(redactor.redact(&line), "it is [redacted:own], and no other");
        }
        stop.store(true, Ordering::Relaxed);
    });
}
