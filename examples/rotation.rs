//! Rotates the app secret and the verify token of a server under load. Checks that no genuine request is
//! rejected, and that no expired key is accepted.
//!
//! ```sh
//! cargo run --release --example rotation --features axum,redact
//! ```
//!
//! A server runs on loopback. The files of its secrets change, and `Secrets::reload` reads them again:
//!
//! | phase | senders | accepted keys |
//! |---|---|---|
//! | before | old secret | `current` (old) |
//! | both | old and new secret | `current` (new), `previous` (old) until the deadline |
//! | after | old and new secret | `current` (new) |
//!
//! It prints the outcomes of each phase, as the endpoint reports them. `both` ends a moment after the
//! deadline. The example exits with status 1 if a check
//! fails. `PHASE_MS` sets the length of a phase, in milliseconds; the default is 2,000.

use std::{
    env,
    error::Error,
    fs,
    net::SocketAddr,
    path::PathBuf,
    process::{self, ExitCode},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use axum::{Router, body::Bytes, http::StatusCode};
use http::Request;
use http_body_util::Full;
use hubseal::{
    AppSecret, End, Outcome, RejectionKind, Secrets, Signature, Verified, redact::Redactor,
};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinSet, spawn_blocking},
    time::sleep,
};

type Problem = Box<dyn Error + Send + Sync>;

const PHASES: [&str; 3] = ["before", "both", "after"];
const OLD: Sender = Sender {
    secret: "7c1e8b0a53f7d4926a85b60d2917e43f",
    token: "old-correct-horse",
};
const NEW: Sender = Sender {
    secret: "9d02b6f1e4a83c5770e1942bd8f65a3c",
    token: "new-battery-staple",
};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("rotation: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Problem> {
    let phase = Duration::from_millis(match env::var("PHASE_MS") {
        Ok(text) => text.parse()?,
        Err(_) => 2_000,
    });
    let folder = Folder::new()?;
    folder.write(&OLD)?;
    let redactor = Redactor::new();
    let secrets = Secrets::from_files(folder.0.join("app_secret"))
        .verify_token_file(folder.0.join("verify_token"))
        .redactor(&redactor)
        .grace(phase)
        .load()?;
    let counts = Arc::new(Counts::default());
    let address = serve(&secrets, &counts).await?;
    let load = Arc::new(Load::default());
    let mut senders = JoinSet::new();

    senders.spawn(OLD.send_until_stopped(address, load.clone()));
    sleep(phase).await;

    folder.write(&NEW)?;
    counts.phase.store(1, Relaxed);
    // The deadline is between these two times.
    let earliest = SystemTime::now() + phase;
    let reloading = secrets.clone();
    if !spawn_blocking(move || reloading.reload()).await?? {
        return Err("the files have changed, and `reload` has not noticed it".into());
    }
    let latest = SystemTime::now() + phase;
    load.deadline.get_or_init(|| (earliest, latest));
    senders.spawn(NEW.send_until_stopped(address, load.clone()));
    sleep(phase).await;

    counts.phase.store(2, Relaxed);
    sleep(phase).await;
    load.is_stopped.store(true, Relaxed);
    while let Some(ended) = senders.join_next().await {
        ended??;
    }

    counts.print();
    for value in [OLD.secret, OLD.token, NEW.secret, NEW.token] {
        if redactor.redact(value) == value {
            return Err("the redactor has not learned a secret".into());
        }
    }
    let (after, sent) = (&counts.by_phase[2], &load.old_after);
    println!(
        "sent with the old secret or token after the deadline: {}",
        sent.load(Relaxed)
    );
    if after.current.load(Relaxed) == 0 || sent.load(Relaxed) == 0 {
        return Err("a sender has sent nothing".into());
    }
    println!("genuine requests rejected: 0; expired keys and tokens accepted: 0");
    Ok(())
}

/// Starts a server with one endpoint.
async fn serve(secrets: &Secrets, counts: &Arc<Counts>) -> Result<SocketAddr, Problem> {
    let counts = counts.clone();
    let endpoint = secrets
        .endpoint()
        .add_observer(move |outcome: &Outcome<'_>| counts.add(outcome.end()))
        .build()?;
    let webhook = hubseal::axum::webhook("/webhook", |_: Verified<Bytes>| async { StatusCode::OK });
    let app = Router::new().merge(webhook).with_state(endpoint);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

/// One side of the rotation at Meta: an app secret and a verify token.
struct Sender {
    secret: &'static str,
    token: &'static str,
}

/// The shared state of the senders.
#[derive(Default)]
struct Load {
    is_stopped: AtomicBool,
    /// The deadline of the old secret is between these times. Not set before the rotation.
    deadline: OnceLock<(SystemTime, SystemTime)>,
    /// The requests with the old secret or token that were sent after the deadline.
    old_after: AtomicUsize,
}

impl Sender {
    /// Sends deliveries over one connection, and a handshake after each ten. Checks each response.
    async fn send_until_stopped(self, address: SocketAddr, load: Arc<Load>) -> Result<(), Problem> {
        let stream = TcpStream::connect(address).await?;
        let (mut server, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let is_old = self.secret == OLD.secret;
        for number in 0_u64.. {
            if load.is_stopped.load(Relaxed) {
                break;
            }
            let started = SystemTime::now();
            let (status, rejected) = if number % 11 == 10 {
                (self.register(&mut server).await?, StatusCode::FORBIDDEN)
            } else {
                (
                    self.deliver(&mut server, number).await?,
                    StatusCode::UNAUTHORIZED,
                )
            };
            let ended = SystemTime::now();

            let deadline = load.deadline.get().filter(|_| is_old);
            let must_be_rejected = deadline.is_some_and(|(_, latest)| started >= *latest);
            let must_be_accepted = deadline.is_none_or(|(earliest, _)| ended < *earliest);
            load.old_after
                .fetch_add(usize::from(must_be_rejected), Relaxed);
            match status {
                StatusCode::OK if !must_be_rejected => {}
                status if status == rejected && !must_be_accepted => {}
                status => {
                    return Err(format!("request {number} got {status}, is_old: {is_old}").into());
                }
            }
        }
        Ok(())
    }

    async fn deliver(
        &self,
        server: &mut SendRequest<Full<Bytes>>,
        number: u64,
    ) -> Result<StatusCode, Problem> {
        let body = format!(r#"{{"object":"whatsapp_business_account","entry":[],"n":{number}}}"#);
        let signature = Signature::sign(&AppSecret::meta(self.secret)?, &body);
        let request = Request::post("/webhook")
            .header("host", "localhost")
            .header("x-hub-signature-256", signature.to_string());
        server.ready().await?;
        let response = server.send_request(request.body(Full::from(body))?).await?;
        Ok(response.status())
    }

    async fn register(&self, server: &mut SendRequest<Full<Bytes>>) -> Result<StatusCode, Problem> {
        let query = format!(
            "hub.mode=subscribe&hub.challenge=7&hub.verify_token={}",
            self.token
        );
        let request = Request::get(format!("/webhook?{query}")).header("host", "localhost");
        server.ready().await?;
        let response = server.send_request(request.body(Full::default())?).await?;
        Ok(response.status())
    }
}

/// The outcomes, as the endpoint reports them.
#[derive(Default)]
struct Counts {
    phase: AtomicUsize,
    by_phase: [PhaseCounts; PHASES.len()],
}

#[derive(Default)]
struct PhaseCounts {
    current: AtomicUsize,
    previous: AtomicUsize,
    handshakes: AtomicUsize,
    /// By the index of their kind in `RejectionKind::ALL`.
    rejected: [AtomicUsize; RejectionKind::ALL.len()],
}

impl Counts {
    fn add(&self, end: End) {
        let phase = &self.by_phase[self.phase.load(Relaxed)];
        let count = match end {
            End::Verified { key, .. } if key.as_str() == "previous" => &phase.previous,
            End::Handshake => &phase.handshakes,
            End::Rejected(rejected) => {
                let index = RejectionKind::ALL.iter().position(|kind| *kind == rejected);
                &phase.rejected[index.unwrap_or_default()]
            }
            _ => &phase.current,
        };
        count.fetch_add(1, Relaxed);
    }

    fn print(&self) {
        println!("phase   requests  current  previous  handshakes  rejected");
        for (name, counts) in PHASES.iter().zip(&self.by_phase) {
            let rejected = counts.rejected.each_ref().map(|count| count.load(Relaxed));
            let accepted = [&counts.current, &counts.previous, &counts.handshakes];
            let accepted = accepted.map(|count| count.load(Relaxed));
            let requests = rejected.iter().chain(&accepted).sum::<usize>();
            let kinds = RejectionKind::ALL.iter().zip(rejected);
            let kinds = kinds.filter(|(_, count)| *count > 0);
            let kinds: Vec<_> = kinds
                .map(|(kind, count)| format!("{} {count}", kind.as_str()))
                .collect();
            let [current, previous, handshakes] = accepted;
            println!(
                "{name:<6} {requests:>9} {current:>8} {previous:>9} {handshakes:>11}  {}",
                kinds.join(", ")
            );
        }
    }
}

/// A folder with the files of the secrets, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Problem> {
        let folder = env::temp_dir().join(format!("hubseal-rotation-{}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Replaces each file in one step, as secret managers do.
    fn write(&self, sender: &Sender) -> Result<(), Problem> {
        for (name, text) in [
            ("app_secret", sender.secret),
            ("verify_token", sender.token),
        ] {
            let next = self.0.join("next");
            fs::write(&next, format!("{text}\n"))?;
            fs::rename(&next, self.0.join(name))?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
