//! `hubseal send`, `sign`, `verify` and `diagnose`.

use std::fs;

use tokio::task::spawn_blocking;

use crate::{
    common::{SECRET, bare, hubseal, parts, run},
    receivers,
};

const OTHER: &str = "5d0a7f3b92c84e16b7a1d95c60e3f842";

#[tokio::test(flavor = "multi_thread")]
async fn sends_every_sample_as_a_genuine_delivery() {
    let url = format!("http://{}/webhook", receivers::axum().await);
    spawn_blocking(move || {
        for sample in ["message", "status", "media", "flow"] {
            let (status, output, _) = parts(&run(
                hubseal().args(["send", &url, "--sample", sample]),
                b"",
            ));
            assert_eq!((status, &*output), (0, "200\n"), "{sample}");
        }
        let (status, output, _) = parts(&run(hubseal().args(["send", &url, "--file", "-"]), b"{}"));
        assert_eq!((status, &*output), (0, "200\n"));
        let forged = run(bare().env("APP_SECRET", OTHER).args(["send", &url]), b"");
        let (status, output, _) = parts(&forged);
        assert_eq!((status, &*output), (1, "401\n"));
    })
    .await
    .unwrap();
}

fn signature(body: &[u8]) -> String {
    let (status, output, _) = parts(&run(hubseal().args(["sign", "-"]), body));
    assert_eq!(status, 0);
    let value = output.strip_prefix("x-hub-signature-256: ").unwrap();
    value.trim_end().to_owned()
}

#[test]
fn verifies_its_own_signature_and_names_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old");
    fs::write(&old, format!("{OTHER}\n")).unwrap();
    let signature = signature(b"{}");
    let verify = |body: &[u8]| {
        let mut command = bare();
        command
            .env("NEW", SECRET)
            .args(["verify", "-", "--secret-env", "NEW", "--secret-file"]);
        parts(&run(
            command.arg(&old).args(["--signature", &signature]),
            body,
        ))
    };
    let (status, output, _) = verify(b"{}");
    assert_eq!(
        (status, &*output),
        (
            0,
            "verified: the signature matches the secret of variable NEW\n"
        )
    );
    let (status, output, _) = verify(b"{} ");
    assert_eq!(status, 1);
    assert!(
        output.starts_with("rejected: signature matches no configured key\n"),
        "{output}"
    );
}

#[test]
fn signs_github_deliveries_with_secrets_of_any_form() {
    let mut command = bare();
    command.env("APP_SECRET", "It's a Secret to Everybody");
    let (_, output, _) = parts(&run(
        command.args(["sign", "-", "--scheme", "github"]),
        b"Hello, World!",
    ));
    assert_eq!(
        output,
        "x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\n",
    );
    let (status, _, errors) = parts(&run(command.arg("--scheme=meta"), b""));
    assert_eq!(status, 2, "{errors}");
}

#[test]
fn diagnoses_a_changed_body_and_a_quoted_secret() {
    let signature = signature(br#"{"a":1}"#);
    let diagnose = |secret: &str, body: &[u8]| {
        let mut command = bare();
        command
            .env("APP_SECRET", secret)
            .args(["diagnose", "-", "--signature", &signature]);
        parts(&run(&mut command, body))
    };
    let (status, output, _) = diagnose(SECRET, br#"{"a":1}"#);
    assert_eq!(status, 0);
    assert!(output.starts_with("matches: "), "{output}");

    let (status, output, _) = diagnose(&format!("'{SECRET}'"), br#"{ "a": 1 }"#);
    assert_eq!(status, 1);
    assert!(output.starts_with("secret_wrapped: "), "{output}");
    assert!(
        output.contains("\njson_rewritten: ") && output.contains("\n  remedy: "),
        "{output}"
    );
    assert!(!output.contains(SECRET));
}

#[test]
fn diagnoses_with_captured_headers_and_another_secret() {
    let folder = tempfile::tempdir().unwrap();
    let headers = folder.path().join("headers");
    fs::write(
        &headers,
        format!(
            "Host: example.com\nX-Hub-Signature-256: {}\n",
            signature(b"{}")
        ),
    )
    .unwrap();
    let mut command = bare();
    command
        .env("FIRST", OTHER)
        .env("SECOND", SECRET)
        .args(["diagnose", "-", "--headers"])
        .arg(headers);
    let output = run(
        command.args(["--secret-env", "FIRST", "--secret-env", "SECOND"]),
        b"{}",
    );
    let (status, output, _) = parts(&output);
    assert_eq!(status, 1);
    assert!(
        output.starts_with("other_secret: ") && output.contains("(variable SECOND)"),
        "{output}"
    );
}

#[test]
fn secrets_are_no_arguments() {
    for arguments in [
        ["sign", "-", "--secret", SECRET],
        ["probe", "http://127.0.0.1/", "--token", SECRET],
    ] {
        let (status, _, _) = parts(&run(hubseal().args(arguments), b""));
        assert_eq!(status, 2, "{arguments:?}");
    }
}

#[test]
fn names_a_file_that_cannot_be_read() {
    let (status, _, errors) = parts(&run(hubseal().args(["sign", "not-there"]), b""));
    assert_eq!(status, 2);
    assert!(
        errors.starts_with("hubseal: \"not-there\" cannot be read: "),
        "{errors}"
    );
}

#[cfg(unix)]
#[test]
fn refuses_an_endless_file_as_a_secret() {
    let mut command = bare();
    command.args([
        "diagnose",
        "-",
        "--signature",
        "sha256=00",
        "--secret-file",
        "/dev/zero",
    ]);
    let (status, _, errors) = parts(&run(&mut command, b""));
    assert_eq!(status, 2);
    assert!(errors.contains("is larger than 16384 bytes"), "{errors}");
}
