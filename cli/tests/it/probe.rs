//! `hubseal probe`, against the adapters of hubseal and against receivers as tutorials show them.

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    process::Command,
};

use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::{
    common::{bare, hubseal, parts, run},
    receivers,
};

/// The findings: the severity and the cases of each kind, as `"case (protocol): observed"`.
pub(crate) type Findings = BTreeMap<String, (String, Vec<String>)>;

/// Probes a receiver, and returns the exit status, the JSON and the findings.
pub(crate) fn probe(address: SocketAddr, arguments: &[&str]) -> (i32, Value, Findings) {
    probe_with(hubseal(), address, arguments)
}

/// Probes with the environment of a command.
pub(crate) fn probe_with(
    mut command: Command,
    address: SocketAddr,
    arguments: &[&str],
) -> (i32, Value, Findings) {
    let url = format!("http://{address}/webhook");
    command
        .args(["probe", &url, "--read-deadline", "1", "--json"])
        .args(arguments);
    let (status, json, errors) = parts(&run(&mut command, b""));
    assert_eq!(errors, "");
    let json: Value = serde_json::from_str(&json).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = json["findings"].as_array().unwrap().iter().map(|finding| {
        let cases = finding["cases"].as_array().unwrap().iter().map(|case| {
            format!(
                "{} ({}): {}",
                text(&case["case"]),
                text(&case["protocol"]),
                text(&case["observed"])
            )
        });
        (
            text(&finding["kind"]),
            (text(&finding["severity"]), cases.collect()),
        )
    });
    let findings = findings.collect();
    (status, json, findings)
}

pub(crate) async fn probed(address: SocketAddr) -> (i32, Value, Findings) {
    spawn_blocking(move || probe(address, &[])).await.unwrap()
}

/// Checks that a receiver has no finding over both protocols, and these notes.
async fn assert_clean(address: SocketAddr, notes: &[&str]) {
    let (status, json, findings) = probed(address).await;
    let kinds: Vec<_> = findings.keys().map(String::as_str).collect();
    assert_eq!(kinds, notes, "{findings:#?}");
    assert_eq!(status, 0);
    let count = |protocol: &str| json["requests"][protocol].as_u64().unwrap();
    assert!(count("HTTP/1.1") > 140 && count("HTTP/2") > 130, "{json}");
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_nothing_in_a_receiver_with_the_axum_adapter() {
    assert_clean(receivers::axum().await, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_nothing_in_a_receiver_with_the_hyper_adapter() {
    assert_clean(receivers::hyper().await, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_nothing_in_a_receiver_with_the_actix_adapter() {
    // actix-web sends `100 Continue` before it calls any service.
    assert_clean(receivers::actix(), &["continues_first"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_updates_only_if_told() {
    let address = receivers::axum_of_updates().await;
    let (_, _, findings) = probed(address).await;
    assert!(
        findings.contains_key("rejects_unusual_forms"),
        "{findings:#?}"
    );
    let probed = spawn_blocking(move || probe(address, &["--updates-only"])).await;
    let (status, _, findings) = probed.unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(status, 0);
}

/// The kinds of a severity other than `note`.
pub(crate) fn kinds(findings: &Findings) -> Vec<&str> {
    let found = findings
        .iter()
        .filter(|(_, (severity, _))| severity != "note");
    found.map(|(kind, _)| kind.as_str()).collect()
}

#[test]
fn finds_rewritten_json_and_a_challenge_as_html() {
    let Some(receiver) = receivers::node() else {
        return;
    };
    let (status, json, findings) = probe(receiver.address, &[]);
    assert_eq!(status, 1);
    assert_eq!(
        kinds(&findings),
        [
            "challenge_as_html",
            "fails_on_rejected",
            "fails_on_signed",
            "lenient_handshake",
            "no_payload_limit",
            "no_read_deadline",
            "rejects_escapes"
        ],
        "{findings:#?}"
    );
    assert_eq!(
        json["requests"].get("HTTP/2"),
        None,
        "Node's `http` speaks HTTP/1.1 only"
    );
}

#[test]
fn finds_a_check_that_is_skipped_without_a_header() {
    let Some(receiver) = receivers::python() else {
        return;
    };
    let (status, _, findings) = probe(receiver.address, &[]);
    assert_eq!(status, 1);
    assert_eq!(
        kinds(&findings),
        [
            "accepts_unsigned",
            "challenge_as_html",
            "lenient_handshake",
            "lenient_header",
            "no_payload_limit",
            "no_read_deadline",
            "rejects_framing",
            "repeated_header"
        ],
        "{findings:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_panics_and_limits_of_a_check_by_hand() {
    let (status, _, findings) = probed(receivers::by_hand().await).await;
    let (_, closed) = &findings["closed_without_response"];
    for case in ["no signature (HTTP/1.1)", "no signature (HTTP/2)"] {
        let case = format!("{case}: closed without a response");
        assert!(closed.contains(&case), "{closed:#?}");
    }
    assert_eq!(status, 1);
    assert_eq!(
        kinds(&findings),
        [
            "lenient_handshake",
            "lenient_header",
            "no_read_deadline",
            "rejects_large",
            "repeated_header"
        ],
        "{findings:#?}"
    );
}

#[test]
fn prints_a_table_with_meaning_and_remedy() {
    let Some(receiver) = receivers::python() else {
        return;
    };
    let url = format!("http://{}/webhook", receiver.address);
    let output = run(hubseal().args(["probe", &url, "--read-deadline", "1"]), b"");
    let (status, table, errors) = parts(&output);
    assert_eq!((status, &*errors), (1, ""));
    assert!(
        table.starts_with("critical  Accepts deliveries without a signature\n"),
        "{table}"
    );
    for part in [
        "observed  200: \"no signature\"",
        "meaning   ",
        "remedy    ",
        " findings",
        "no HTTP/2",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
    assert!(
        table.lines().all(|line| line.chars().count() <= 100),
        "{table}"
    );
}

#[test]
fn exits_with_2_if_nothing_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/webhook", listener.local_addr().unwrap());
    drop(listener);
    let (status, output, errors) = parts(&run(hubseal().args(["probe", &url]), b""));
    assert_eq!((status, &*output), (2, ""));
    assert!(
        errors.starts_with("hubseal: cannot connect to 127.0.0.1:"),
        "{errors}"
    );
}

#[test]
fn refuses_unusable_urls_and_missing_secrets() {
    let errors = |url: &str| {
        let (status, _, errors) = parts(&run(hubseal().args(["probe", url]), b""));
        assert_eq!(status, 2, "{url}");
        errors
    };
    assert!(errors("http://127.0.0.1/?a=b").contains("the URL has a query"));
    assert!(errors("ftp://127.0.0.1/").contains("start it with http:// or https://"));
    assert!(errors("http://me@127.0.0.1/").contains("remove the user name"));
    assert!(errors("/webhook").contains("start it with http:// or https://"));

    let output = run(bare().args(["probe", "http://127.0.0.1:9/"]), b"");
    let (status, _, errors) = parts(&output);
    assert_eq!(
        (status, &*errors),
        (
            2,
            "hubseal: APP_SECRET is not set; set this environment variable\n"
        )
    );
}
