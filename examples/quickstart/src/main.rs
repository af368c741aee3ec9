//! A receiver and the attack suite in one command, without any setup.
//!
//! ```sh
//! cargo run -p quickstart
//! ```
//!
//! 1. Starts a receiver on loopback with a random secret.
//! 2. Sends the handshake, genuine WhatsApp deliveries and every attack over TCP.
//! 3. Prints the expected and the actual responses.
//! 4. Prints a log line before and after redaction.
//!
//! Exits with status 1 if a response is wrong.

use std::{collections::HashMap, error::Error, net::SocketAddr, process::ExitCode, time::Duration};

use axum::{Router, http::StatusCode};
use hubseal::{
    AppSecret, Endpoint, Verified, VerifyToken,
    redact::{Redactor, RuleError},
    testing::{Case, Expected, Target, attack_suite, exchange},
};
use tokio::{net::TcpListener, task::JoinSet};

/// Short, because some cases wait until it has passed.
const READ_DEADLINE: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(20);
/// The number of cases sent at a time.
const CONCURRENCY: usize = 8;

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
    let mut cases =
        attack_suite(&Target::new("/webhook", &secret, &token).read_deadline(READ_DEADLINE));
    cases.sort_by_key(|case| match case.expected {
        Expected::Challenge(_) => 0,
        Expected::Verified => 1,
        Expected::Rejected(_) => 2,
    });
    let line = log_line(&cases)?;
    let wrong = send_all(address, cases).await?;
    show_redacted(&line, &secret, &token)?;
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
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

/// Sends the cases concurrently, prints the table in order, and returns the number of wrong responses.
async fn send_all(address: SocketAddr, cases: Vec<Case>) -> Result<usize, Box<dyn Error>> {
    println!(
        "{:<48} {:<22} {:<8} actual",
        "request", "outcome", "expected"
    );
    let (mut sending, mut rows) = (JoinSet::new(), HashMap::new());
    let (count, mut printed, mut wrong) = (cases.len(), 0, 0);
    let mut cases = cases.into_iter().enumerate();
    loop {
        while sending.len() < CONCURRENCY {
            let Some((index, case)) = cases.next() else {
                break;
            };
            sending.spawn_blocking(move || (index, row(address, &case)));
        }
        let Some(sent) = sending.join_next().await else {
            break;
        };
        let (index, row) = sent?;
        rows.insert(index, row);
        while let Some((row, right)) = rows.remove(&printed) {
            println!("{row}");
            printed += 1;
            wrong += usize::from(!right);
        }
    }
    println!("\n{} of {count} responses are as expected", count - wrong);
    Ok(wrong)
}

fn row(address: SocketAddr, case: &Case) -> (String, bool) {
    let outcome = match &case.expected {
        Expected::Verified => "verified",
        Expected::Challenge(_) => "challenge",
        Expected::Rejected(kind) => kind.as_str(),
    };
    let (answer, problem) = match exchange(address, &case.request, TIMEOUT) {
        Ok(answer) => (
            answer.status.to_string(),
            case.check(&answer).err().map(|e| e.to_string()),
        ),
        Err(error) => ("-".to_owned(), Some(error.to_string())),
    };
    let mark = problem
        .as_ref()
        .map_or_else(|| "ok".to_owned(), |problem| format!("WRONG: {problem}"));
    let row = format!(
        "{:<48} {outcome:<22} {:<8} {answer:<4} {mark}",
        case.label,
        case.expected.status()
    );
    (row, problem.is_none())
}

fn random_hex() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
