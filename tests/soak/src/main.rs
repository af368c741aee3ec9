//! Soak test: runs the example servers under faults, forgeries and secret rotation, with genuine
//! deliveries among them.
//!
//! `just soak` builds and starts it.

mod client;
mod faults;
mod forged;
mod genuine;
mod report;
mod rotation;
mod secrets;
mod server;
mod tally;

use std::{
    env, error, fs,
    ops::Range,
    process::{self, Command, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use client::{Answer, Connection, Silence};
use hubseal::{MemoryBudget, PayloadLimit};
use report::Report;
use secrets::{Secrets, Ticket};
use server::{Sample, Server};
use tally::Tally;
use tokio::task::JoinSet;

type Result<T, E = Box<dyn error::Error + Send + Sync>> = std::result::Result<T, E>;

/// Defaults of the endpoint, which the examples use.
const LIMIT: usize = PayloadLimit::META.bytes();
const SMALL_BODY: usize = MemoryBudget::SMALL_BODY_BYTES;

/// Outcome of a request whose client was slower than the deadline on a busy machine.
const TOO_SLOW: &str = "408 for a slow client: sent again";

/// Outcome of a request on a connection that the server closed because it was idle.
const IDLE: &str = "closed as idle: sent again";

/// One server and all its clients.
struct Soak {
    name: &'static str,
    server: Server,
    secrets: Secrets,
    tally: Tally,
    over: AtomicBool,
}

impl Soak {
    fn start(name: &'static str) -> Result<Arc<Self>> {
        let folder = env::temp_dir().join(format!("hubseal-soak-{name}-{}", process::id()));
        let secrets = Secrets::new(folder)?;
        Ok(Arc::new(Self {
            server: Server::start(name, &secrets)?,
            name,
            secrets,
            tally: Tally::default(),
            over: AtomicBool::new(false),
        }))
    }

    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    /// Opens a connection, or pauses and returns `None` if the server refuses it.
    async fn connect(&self) -> Option<Connection> {
        let connection = Connection::open(self.server.address).await.ok();
        if connection.is_none() {
            pause(100..300).await;
        }
        connection
    }

    /// Checks that the response has the right key and size.
    fn acknowledges(&self, ticket: &Ticket, said: &str, size: usize) -> bool {
        let name = said
            .strip_prefix(r#"{"key":""#)
            .and_then(|rest| rest.strip_suffix(&format!(r#"","bytes":{size}}}"#)));
        name.is_some_and(|name| self.secrets.fits(ticket, name))
    }

    /// Counts a response, which is wrong unless it is in the list. Slow clients and idle
    /// connections are counted separately.
    fn expect(
        &self,
        kind: &'static str,
        connection: &Connection,
        answer: &Result<Answer, Silence>,
        allowed: &[&str],
    ) {
        let outcome = faults::outcome(answer);
        if outcome == "408" && !allowed.contains(&"408") && connection.took_the_deadline() {
            self.tally.count(kind, TOO_SLOW);
        } else if outcome == faults::CLOSED && connection.was_idle() {
            self.tally.count(kind, IDLE);
        } else {
            self.tally.expect(kind, outcome, allowed);
        }
    }

    fn spawn_all(self: &Arc<Self>) -> JoinSet<()> {
        let mut all = JoinSet::new();
        for _ in 0..4 {
            all.spawn(genuine::small(Arc::clone(self)));
        }
        for _ in 0..2 {
            all.spawn(genuine::large(Arc::clone(self)));
            all.spawn(forged::forgeries(Arc::clone(self)));
            all.spawn(faults::resets(Arc::clone(self)));
            all.spawn(faults::dribbles(Arc::clone(self)));
            all.spawn(faults::hangs(Arc::clone(self)));
        }
        all.spawn(forged::attack_suites(Arc::clone(self)));
        all.spawn(faults::half_closed(Arc::clone(self)));
        all.spawn(faults::squeezes(Arc::clone(self)));
        all.spawn(faults::floods(Arc::clone(self)));
        all.spawn(faults::panics(Arc::clone(self)));
        all.spawn(rotation::rotations(Arc::clone(self)));
        all
    }

    /// Runs every client for this long, or up to three times as long until each required event has
    /// occurred. Then checks which resources the server still holds.
    async fn run(self: Arc<Self>, length: Duration) -> Result<Report> {
        let at_rest = self.server.at_rest().await?;
        let mut all = self.spawn_all();
        let began = Instant::now();
        let mut samples = Vec::new();
        let mut seconds = tokio::time::interval(Duration::from_secs(1));
        while began.elapsed() < length
            || began.elapsed() < length * 3 && !report::missing(&self.tally.lock()).is_empty()
        {
            seconds.tick().await;
            samples.push(self.server.sample()?);
        }
        self.over.store(true, Ordering::Relaxed);
        while let Some(ended) = all.join_next().await {
            ended?;
        }

        let gone = Instant::now();
        let mut after = self.server.sample()?;
        while after.descriptors > at_rest.descriptors && gone.elapsed() < client::PATIENCE {
            pause(50..100).await;
            after = self.server.sample()?;
        }
        let budget = faults::whole_budget(&self).await;
        let mut soak = Arc::into_inner(self).ok_or("a client is still running")?;
        let status = soak.server.stop()?;
        Ok(Report {
            soak,
            at_rest,
            samples,
            after,
            budget,
            status,
        })
    }
}

async fn pause(milliseconds: Range<u64>) {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(milliseconds))).await;
}

fn main() -> ExitCode {
    match soak() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn soak() -> Result<bool> {
    let mut arguments = env::args().skip(1);
    let csv = arguments
        .next()
        .ok_or("usage: soak SAMPLES-FILE [SERVER...]")?;
    let wanted: Vec<_> = arguments.collect();
    let seconds = env::var("SOAK_SECONDS").map_or(Ok(20), |seconds| seconds.parse())?;
    let servers = ["axum", "actix", "hyper"]
        .into_iter()
        .filter(|name| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name))
        .map(Soak::start)
        .collect::<Result<Vec<_>>>()?;
    if servers.len() < wanted.len().max(1) {
        return Err(format!("unknown server in {wanted:?}").into());
    }

    // The load generator must not starve the server. Threads that start later inherit the priority.
    let renice = ["-n", "10", "-p", &process::id().to_string()].map(str::to_owned);
    Command::new("renice").args(renice).output()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let reports = runtime.block_on(async {
        let mut runs = Vec::new();
        for soak in servers {
            runs.push(tokio::spawn(soak.run(Duration::from_secs(seconds))));
        }
        let mut reports = Vec::new();
        for run in runs {
            reports.push(run.await??);
        }
        Ok::<_, Box<dyn error::Error + Send + Sync>>(reports)
    })?;
    fs::write(csv, report::csv(&reports))?;
    Ok(report::print(&reports))
}
