//! The main job in one command, with nothing to set up:
//!
//! ```sh
//! cargo run --example quickstart --features full
//! ```
//!
//! Starts a receiver on loopback with a random secret and registers it. Sends a genuine WhatsApp
//! delivery and every request of the attack suite over TCP. Prints the expected and the actual
//! responses, then a log line before and after redaction. Exits with status 1 if a verdict is wrong.

use std::{collections::HashMap, error::Error, net::SocketAddr, process::ExitCode, time::Duration};

use axum::{Router, http::StatusCode};
use hubseal::{
    AppSecret, Endpoint, Verified, VerifyToken,
    redact::{Redactor, RuleError},
    testing::{Case, Expected, Target, attack_suite, replay},
};
use tokio::{net::TcpListener, task::JoinSet};

/// Short, so that the cases which wait for it are soon done.
const READ_DEADLINE: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(20);
const SIDE_BY_SIDE: usize = 8;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (secret, token) = (random_hex()?, random_hex()?);

    // The receiver: everything an application has to write.
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

    // The platform, and everybody else who finds the URL.
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

/// What a web server would log of the registration: the URL, and with it the verify token.
fn log_line(cases: &[Case]) -> Result<String, &'static str> {
    let handshake = cases
        .iter()
        .find(|case| matches!(case.expected, Expected::Challenge(_)))
        .ok_or("the attack suite has a handshake")?;
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

/// Sends the cases, some side by side, prints the table in order, and counts wrong verdicts.
async fn send_all(address: SocketAddr, cases: Vec<Case>) -> Result<usize, Box<dyn Error>> {
    println!(
        "{:<48} {:<22} {:<8} came back",
        "sent", "verdict", "expected"
    );
    let (mut sending, mut rows) = (JoinSet::new(), HashMap::new());
    let (count, mut printed, mut wrong) = (cases.len(), 0, 0);
    let mut cases = cases.into_iter().enumerate();
    loop {
        while sending.len() < SIDE_BY_SIDE {
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
    println!("\n{} of {count} verdicts are right", count - wrong);
    Ok(wrong)
}

fn row(address: SocketAddr, case: &Case) -> (String, bool) {
    let verdict = match &case.expected {
        Expected::Verified => "verified",
        Expected::Challenge(_) => "challenge",
        Expected::Rejected(kind) => kind.as_str(),
    };
    let (answer, problem) = match replay(address, &case.request, PATIENCE) {
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
        "{:<48} {verdict:<22} {:<8} {answer:<4} {mark}",
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
