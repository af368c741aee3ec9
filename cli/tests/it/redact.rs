//! `hubseal redact`.

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use crate::common::{SECRET, TOKEN, bare, hubseal, parts, run};

#[test]
fn redacts_registered_secrets_and_tokens_by_shape() {
    let input =
        format!("secret {SECRET}\ntoken {TOKEN}\n?access_token=EAAGm0PX4ZCps&limit=5\nplain");
    let (status, output, errors) = parts(&run(hubseal().arg("redact"), input.as_bytes()));
    assert_eq!((status, &*errors), (0, ""));
    assert_eq!(
        output,
        "secret [redacted:app_secret]\ntoken [redacted:verify_token]\n\
         ?access_token=[redacted:access_token]&limit=5\nplain",
    );
}

#[test]
fn treats_personal_data_by_policy() {
    let line = br#"{"wa_id":"12125550142"}"#;
    let redact = |arguments: &[&str]| {
        let (status, output, _) = parts(&run(bare().arg("redact").args(arguments), line));
        assert_eq!(status, 0);
        output
    };
    assert_eq!(redact(&[]), r#"{"wa_id":"12125550142"}"#);
    assert_eq!(
        redact(&["--personal-data", "mask"]),
        r#"{"wa_id":"[redacted:phone_number]"}"#
    );
    assert!(redact(&["--personal-data", "pseudonym"]).starts_with(r#"{"wa_id":"wa:"#));

    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, [7; 32]).unwrap();
    let key = key.to_str().unwrap();
    let keyed = ["--personal-data", "pseudonym", "--pseudonym-key-file", key];
    assert_eq!(redact(&keyed), redact(&keyed));
    let (status, _, errors) = parts(&run(
        bare().args(["redact", "--pseudonym-key-file", key]),
        line,
    ));
    assert_eq!(status, 2, "{errors}");
}

#[test]
fn writes_a_line_before_the_input_ends() {
    let mut command = hubseal();
    command
        .arg("redact")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(input, "secret {SECRET}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "secret [redacted:app_secret]\n");
    }
    drop(input);
    assert!(process.wait().unwrap().success());
}

#[test]
fn ends_quietly_if_the_reader_closes_the_pipe() {
    let mut command = hubseal();
    command
        .arg("redact")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    drop(process.stdout.take());
    let mut input = process.stdin.take().unwrap();
    while input.write_all(b"a line\n").is_ok() {}
    drop(input);
    let (status, _, errors) = parts(&process.wait_with_output().unwrap());
    assert_eq!((status, &*errors), (0, ""));
}

#[test]
fn refuses_a_secret_that_it_cannot_register() {
    let (status, output, errors) = parts(&run(
        bare().env("APP_SECRET", "short").arg("redact"),
        b"short",
    ));
    assert_eq!((status, &*output), (2, ""));
    assert!(
        errors.starts_with("hubseal: APP_SECRET is shorter than 16 bytes"),
        "{errors}"
    );
}
