//! Every scheme: `probe`, `send`, `sign` and `verify`.

use std::{net::SocketAddr, time::Duration};

use hubseal::{AppSecret, Scheme};
use tokio::task::spawn_blocking;

use crate::{
    common::{bare, parts, run},
    probe::{Findings, kinds, probe_with},
    receivers,
};

/// In the form of Meta's.
const PLAIN: &str = "c1e8b0a53f7d4926a85b60d2917e43fc";
const WHSEC: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const SCHEMES: &[(&str, &str, Scheme)] = &[
    ("meta", PLAIN, Scheme::META),
    ("github", PLAIN, Scheme::GITHUB),
    ("shopify", PLAIN, Scheme::SHOPIFY),
    ("slack", PLAIN, Scheme::SLACK),
    ("stripe", WHSEC, Scheme::STRIPE),
    ("standard-webhooks", WHSEC, Scheme::STANDARD_WEBHOOKS),
    ("svix", WHSEC, Scheme::SVIX),
];

/// Runs a subcommand with a scheme and its secret.
fn hubseal(name: &str, secret: &str, arguments: &[&str], body: &[u8]) -> (i32, String, String) {
    let mut command = bare();
    command.env("APP_SECRET", secret).args(arguments);
    parts(&run(command.args(["--scheme", name]), body))
}

/// Returns the headers that `hubseal sign` prints, as arguments for `hubseal verify`.
fn signed(name: &str, secret: &str, options: &[&str]) -> Vec<String> {
    let arguments = [&["sign", "-"], options].concat();
    let (status, output, errors) = hubseal(name, secret, &arguments, b"{}");
    assert_eq!((status, &*errors), (0, ""), "{name}");
    output
        .lines()
        .map(|line| format!("--header={line}"))
        .collect()
}

fn verify(name: &str, secret: &str, headers: &[String], body: &[u8]) -> (i32, String) {
    let mut arguments = vec!["verify", "-"];
    arguments.extend(headers.iter().map(String::as_str));
    let (status, output, errors) = hubseal(name, secret, &arguments, body);
    assert_eq!(errors, "", "{name}");
    (status, output)
}

#[test]
fn verifies_its_own_signature_in_every_scheme() {
    for &(name, secret, scheme) in SCHEMES {
        let headers = signed(name, secret, &[]);
        assert_eq!(headers.len(), scheme.headers().count(), "{name}");
        let (status, output) = verify(name, secret, &headers, b"{}");
        assert_eq!(status, 0, "{name}: {output}");
        let (status, output) = verify(name, secret, &headers, b"[]");
        assert_eq!(status, 1, "{name}");
        assert!(
            output.starts_with("rejected: signature matches no configured key\n"),
            "{name}: {output}"
        );
    }
}

#[test]
fn signs_the_published_example_of_svix() {
    // Svix, "Verifying webhooks manually".
    let arguments = [
        "sign",
        "-",
        "--id",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "--timestamp",
        "1614265330",
    ];
    let body = br#"{"test": 2432232314}"#;
    let (_, output, _) = hubseal("svix", WHSEC, &arguments, body);
    assert_eq!(
        output,
        "svix-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\n\
         svix-id: msg_p5jXN8AQM9LWM0D4loKWxJek\n\
         svix-timestamp: 1614265330\n"
    );
}

#[test]
fn signs_each_delivery_with_a_new_id() {
    let id = || signed("svix", WHSEC, &[])[1].clone();
    let one = id();
    assert!(one.starts_with("--header=svix-id: msg_"), "{one}");
    assert_ne!(one, id());
}

#[test]
fn verifies_a_captured_delivery_at_its_time() {
    let mut headers = signed("slack", PLAIN, &["--timestamp", "1700000000"]);
    let (status, output) = verify("slack", PLAIN, &headers, b"{}");
    assert_eq!(status, 1);
    assert_eq!(
        output,
        "rejected: signed timestamp is too old\n\
         To verify a captured delivery, pass the time when it arrived with --at.\n"
    );
    headers.push("--at=1700000300".to_owned());
    assert_eq!(verify("slack", PLAIN, &headers, b"{}").0, 0);
    headers.pop();
    headers.push("--at=1699999699".to_owned());
    let (status, output) = verify("slack", PLAIN, &headers, b"{}");
    assert_eq!(status, 1);
    assert!(output.contains("is in the future\n"), "{output}");
}

#[test]
fn names_arguments_without_a_meaning() {
    for (name, arguments, message) in [
        (
            "slack",
            &["verify", "-", "--signature", "v0=00"][..],
            "pass x-slack-signature, x-slack-request-timestamp with --header",
        ),
        (
            "slack",
            &["verify", "-", "--header", "no colon"],
            "--header has no colon",
        ),
        (
            "slack",
            &[
                "verify",
                "-",
                "--header",
                "a: b",
                "--at",
                "18446744073709551615",
            ],
            "--at is too large",
        ),
        (
            "slack",
            &["sign", "-", "--id", "msg_1"],
            "the scheme slack signs no id",
        ),
        (
            "shopify",
            &["sign", "-", "--timestamp", "1"],
            "the scheme shopify signs no timestamp",
        ),
        ("svix", &["sign", "-"], "is not base64"),
    ] {
        let (status, _, errors) = hubseal(name, PLAIN_TEXT, arguments, b"");
        assert_eq!(status, 2, "{arguments:?}");
        assert!(errors.contains(message), "{errors}");
    }
    let arguments = ["sign", "-", "--id", "with.dot"];
    let (status, _, errors) = hubseal("svix", WHSEC, &arguments, b"");
    assert_eq!(status, 2);
    assert!(errors.contains("--id is not valid"), "{errors}");
}

/// Not base64.
const PLAIN_TEXT: &str = "It's a Secret to Everybody";

fn secret(name: &str, text: &str) -> AppSecret {
    let secret = AppSecret::new(text).unwrap();
    if ["standard-webhooks", "svix"].contains(&name) {
        return secret.decode_whsec().unwrap();
    }
    secret
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_a_delivery_of_every_scheme() {
    for &(name, text, scheme) in SCHEMES {
        let address = if name == "meta" {
            receivers::axum().await
        } else {
            receivers::axum_with_scheme(secret(name, text), scheme).await
        };
        let url = format!("http://{address}/webhook");
        let sent = spawn_blocking(move || hubseal(name, text, &["send", &url], b""));
        assert_eq!(
            sent.await.unwrap(),
            (0, "200\n".to_owned(), String::new()),
            "{name}"
        );
    }
}

/// Probes without a verify token.
async fn probed(address: SocketAddr, name: &'static str, text: &'static str) -> (i32, Findings) {
    let probe = move || {
        let mut command = bare();
        command.env("APP_SECRET", text);
        probe_with(command, address, &["--scheme", name])
    };
    let (status, _, findings) = spawn_blocking(probe).await.unwrap();
    (status, findings)
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_nothing_in_receivers_of_other_schemes() {
    // Base64; a timestamp in a list; base64, an id and a timestamp in a list.
    let names = ["shopify", "stripe", "svix"];
    for &(name, text, scheme) in SCHEMES.iter().filter(|(name, ..)| names.contains(name)) {
        let address = receivers::axum_with_scheme(secret(name, text), scheme).await;
        let (status, findings) = probed(address, name, text).await;
        assert!(findings.is_empty(), "{name}: {findings:#?}");
        assert_eq!(status, 0);
    }
}

fn cases<'a>(findings: &'a Findings, kind: &str) -> &'a [String] {
    findings.get(kind).map_or(&[], |(_, cases)| cases)
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_a_receiver_that_ignores_the_timestamp() {
    let scheme = Scheme::SLACK.tolerance(Duration::MAX);
    let address = receivers::axum_with_scheme(secret("slack", PLAIN), scheme).await;
    let (status, findings) = probed(address, "slack", PLAIN).await;
    assert_eq!(status, 1);
    assert_eq!(kinds(&findings), ["ignores_timestamp"], "{findings:#?}");
    for case in [
        "timestamp too old (HTTP/1.1): 200",
        "largest timestamp (HTTP/2): 200",
    ] {
        let found = cases(&findings, "ignores_timestamp");
        assert!(found.iter().any(|found| found == case), "{findings:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_a_tolerance_of_a_day() {
    let scheme = Scheme::STRIPE.tolerance(Duration::from_secs(24 * 60 * 60));
    let address = receivers::axum_with_scheme(secret("stripe", WHSEC), scheme).await;
    let (_, findings) = probed(address, "stripe", WHSEC).await;
    assert_eq!(
        kinds(&findings),
        ["accepts_future_timestamp", "long_tolerance"],
        "{findings:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn finds_a_signature_of_the_body_alone() {
    let scheme = Scheme::hmac_sha256("slack", "x-slack-signature").prefix("v0=");
    let address = receivers::axum_with_scheme(secret("slack", PLAIN), scheme).await;
    let (_, findings) = probed(address, "slack", PLAIN).await;
    assert_eq!(
        kinds(&findings),
        ["rejects_genuine", "unsigned_timestamp_or_id"],
        "{findings:#?}"
    );
}
