//! What failures print.

use std::{net::TcpListener, time::Duration};

use axum::{Router, routing::any};
use hubseal::testing::{Failures, Target, withstands};

use super::{found, secrets, target};
use crate::common::{SECRET, TOKEN};

async fn of_one(case: fn(&hubseal::testing::Case) -> bool) -> Failures {
    let secrets = secrets();
    let app = Router::new().route("/webhook", any(async || ()));
    let target: Target<'_> = target(&secrets).only(case);
    withstands(&target, app).await.unwrap_err()
}

#[tokio::test]
async fn prints_request_expectation_response_and_meaning() {
    let failures = of_one(|case| case.label == "no signature").await;
    assert_eq!(
        failures.to_string(),
        "1 of 1 cases failed:\n\n\
         no signature\n  \
           sent:     POST /webhook with content-length; a body of 515 bytes, at once\n  \
           expected: 401 (request has no signature header; no body)\n  \
           got:      200\n  \
           meaning:  Anyone who knows the URL can send deliveries."
    );
    let shown = format!("{:?}", Err::<(), _>(failures));
    assert!(
        shown.starts_with("Err(1 of 1 cases failed:\n\nno signature\n"),
        "{shown}"
    );
}

#[tokio::test]
async fn prints_no_query() {
    let failures = of_one(|case| case.label == "another token").await;
    let shown = failures.to_string();
    assert!(
        shown.contains("\n  sent:     GET /webhook?…; no body\n"),
        "{shown}"
    );
}

#[tokio::test]
async fn prints_no_secret_and_no_signature() {
    // hyper rejects three malformed lengths by itself. All other cases fail.
    let shown = found(Router::new()).await.to_string();
    let genuine = crate::common::endpoint().build().unwrap();
    let genuine = genuine
        .verifier()
        .sign(hubseal::testing::sample::text_message());
    for hidden in [SECRET, TOKEN, "verify_token", &genuine.to_string()[7..]] {
        assert!(!shown.contains(hidden));
    }
    let lines = shown.lines().count();
    assert!(shown.starts_with("151 of 154 cases failed:"), "{shown}");
    assert!(lines < 220, "{lines} lines");
    assert!(shown.contains("No route has this path"));
}

#[tokio::test]
async fn names_address_without_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let failures = found(address).await;
    assert_eq!(failures.labels().count(), 0);
    let shown = failures.to_string();
    let start = format!("the attack suite could not be sent: no connection to [{address}]");
    assert!(shown.starts_with(&start), "{shown}");
}

#[tokio::test]
async fn waits_for_a_server_that_starts() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        TcpListener::bind(address).unwrap().accept().unwrap();
    });
    let secrets = secrets();
    let target = target(&secrets).only(|_| false);
    withstands(&target, address).await.unwrap();
}

#[tokio::test]
async fn names_text_that_is_no_address() {
    let shown = found("localhost").await.to_string();
    assert!(
        shown.contains("`localhost` is not a host and a port"),
        "{shown}"
    );
}
