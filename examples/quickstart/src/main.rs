//! A receiver and the attack suite in one command, without any setup.
//!
//! ```sh
//! cargo run -p quickstart
//! ```
//!
//! 1. Starts a receiver on loopback with a random secret.
//! 2. Sends the handshake, genuine WhatsApp deliveries and every attack over TCP.
//! 3. Prints the expected responses, and every other one with its meaning.
//! 4. Prints a log line before and after redaction.
//!
//! Exits with status 1 if a response is wrong.

use std::{error::Error, process::ExitCode, time::Duration};

use axum::{Router, http::StatusCode};
use hubseal::{
    AppSecret, Endpoint, Verified, VerifyToken,
    redact::{Redactor, RuleError},
    testing::{Case, Expected, Failures, Target, attack_suite, withstands},
};
use tokio::net::TcpListener;

/// Short, because some cases wait until it has passed.
const READ_DEADLINE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (secret, token) = (random_hex()?, random_hex()?);

    // The receiver. An application needs no more than this.
    let endpoint = Endpoint::builder(AppSecret::meta(secret.clone())?)
        .verify_token(VerifyToken::new(token.clone())?)
        .read_deadline(READ_DEADLINE)
        .build()?;
    let app = Router::new()
        .merge(hubseal::axum::webhook("/webhook", on_delivery))
        .with_state(endpoint);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    println!("listening on http://{address}/webhook\n");
    tokio::spawn(async { axum::serve(listener, app).await });

    // The platform and the attackers.
    let (secret, token) = (AppSecret::meta(secret)?, VerifyToken::new(token)?);
    let target = Target::new("/webhook", &secret, &token).read_deadline(READ_DEADLINE);
    let outcome = withstands(&target, address).await;

    let mut cases = attack_suite(&target);
    cases.sort_by_key(|case| match case.expected {
        Expected::Challenge(_) => 0,
        Expected::Verified => 1,
        Expected::Rejected(_) => 2,
    });
    show_table(&cases, outcome.as_ref().err());
    show_redacted(&log_line(&cases)?, &secret, &token)?;
    Ok(match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

async fn on_delivery(_update: Verified<axum::body::Bytes>) -> StatusCode {
    StatusCode::OK
}

/// Returns the log line of a web server for the handshake. Its URL contains the verify token.
fn log_line(cases: &[Case]) -> Result<String, &'static str> {
    let handshake = cases
        .iter()
        .find(|case| matches!(case.expected, Expected::Challenge(_)))
        .ok_or("the attack suite has no handshake")?;
    let target = &handshake.request.target;
    Ok(format!(
        r#"{{"level":"INFO","method":"GET","uri":"{target}","status":200}}"#
    ))
}

fn show_redacted(line: &str, secret: &AppSecret, token: &VerifyToken) -> Result<(), RuleError> {
    let redactor = Redactor::builder()
        .app_secret(secret)
        .verify_token(token)
        .build()?;
    println!("\na log line   {line}");
    println!("redacted     {}", redactor.redact(line));
    Ok(())
}

/// Prints a row for each case, and the failures in full.
fn show_table(cases: &[Case], failures: Option<&Failures>) {
    println!("{:<48} {:<22} {:<8}", "request", "outcome", "expected");
    let failed = |label| failures.is_some_and(|failures| failures.labels().any(|l| l == label));
    for case in cases {
        let outcome = match &case.expected {
            Expected::Verified => "verified",
            Expected::Challenge(_) => "challenge",
            Expected::Rejected(kind) => kind.as_str(),
        };
        let mark = if failed(case.label) { "WRONG" } else { "ok" };
        let (label, status) = (case.label, case.expected.status());
        println!("{label:<48} {outcome:<22} {status:<8} {mark}");
    }
    match failures {
        Some(failures) => println!("\n{failures}"),
        None => println!("\nall {} responses are as expected", cases.len()),
    }
}

fn random_hex() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
