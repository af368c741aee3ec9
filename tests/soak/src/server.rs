//! An example server as a process with few file descriptors, and measurements from outside.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{Result, secrets::Secrets};

/// Limit of open file descriptors. A flood needs more.
pub(crate) const DESCRIPTORS: usize = 160;

/// Short, so that many deadlines pass.
pub(crate) const READ_DEADLINE: Duration = Duration::from_secs(3);

/// Has the form of an access token. The message of a panic contains it.
pub(crate) const ACCESS_TOKEN: &str = "EAAGm0PX4ZCpsBAKqkq1ZB8ZCw3ZBnZA7Sx2QdRtYv9";

pub(crate) const VERIFY_TOKEN: &str = "a verify token, which no log shows";

pub(crate) struct Server {
    process: Child,
    log: Arc<Mutex<Log>>,
    reading: Option<JoinHandle<()>>,
    pub(crate) address: SocketAddr,
}

/// Counts of log lines, by the words that identify each kind of line.
#[derive(Default)]
pub(crate) struct Log {
    said: BTreeMap<&'static str, u64>,
    /// Secrets that occurred in the log.
    pub(crate) leaked: u64,
    secrets: Vec<String>,
    /// Unexpected lines, without any of these words.
    pub(crate) others: Vec<String>,
}

/// The outcome of a request.
const OUTCOME: &str = " hubseal: ";
pub(crate) const PANICKED: &str = "panicked at ";
/// The message of a panic, on a separate line.
const PANIC: &str = "panic with [redacted:app_secret] and access_token=[redacted:";
/// actix-web's own lines, also about invalid heads.
const STARTS: &str = " INFO actix_server::";
const NO_HEAD: &str = " ERROR actix_http::h1::dispatcher: stream error: request parse error: ";
pub(crate) const ROTATED: &str = "secrets reloaded";
pub(crate) const KEPT: &str = "secrets not reloaded";
pub(crate) const NOT_ACCEPTED: &str = "Too many open files";

impl Log {
    pub(crate) fn times(&self, words: &str) -> u64 {
        self.said.get(words).copied().unwrap_or_default()
    }

    fn read(&mut self, line: &str) {
        self.leaked += u64::from(self.secrets.iter().any(|secret| line.contains(secret)));
        // The order matters: an unreadable file can be a secret file.
        let known = [
            OUTCOME,
            PANICKED,
            PANIC,
            ROTATED,
            KEPT,
            NOT_ACCEPTED,
            STARTS,
            NO_HEAD,
        ];
        match known.into_iter().find(|words| line.contains(words)) {
            Some(words) => *self.said.entry(words).or_default() += 1,
            None if self.others.len() < 20 => self.others.push(line.to_owned()),
            None => {}
        }
    }
}

/// Measurements at one moment.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sample {
    pub(crate) resident: u64,
    pub(crate) peak: u64,
    pub(crate) threads: u64,
    pub(crate) descriptors: u64,
}

impl Server {
    pub(crate) fn start(name: &str, secrets: &Secrets) -> Result<Self> {
        let executable = env::current_exe()?.with_file_name(format!("soak-{name}"));
        let mut process = Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -n {DESCRIPTORS} && exec \"$0\""))
            .arg(executable)
            .env_clear()
            .env("HUBSEAL_ADDR", "127.0.0.1:0")
            .env("APP_SECRET_FILE", secrets.current_file())
            .env("APP_SECRET_PREVIOUS_FILE", secrets.previous_file())
            .env("VERIFY_TOKEN", VERIFY_TOKEN)
            // With one arena for each thread, the peaks of all arenas would add up.
            .env("MALLOC_ARENA_MAX", "1")
            .env("NO_COLOR", "1")
            .env("READ_TIMEOUT_MS", READ_DEADLINE.as_millis().to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut first = String::new();
        let mut stdout = BufReader::new(process.stdout.take().ok_or("no standard output")?);
        stdout.read_line(&mut first)?;
        let address = first
            .strip_prefix("listening on http://")
            .and_then(|line| line.strip_suffix("/webhook\n"))
            .ok_or_else(|| format!("{name} does not print its address: {first:?}"))?
            .parse()?;

        let log = Arc::new(Mutex::new(Log::default()));
        let stderr = BufReader::new(process.stderr.take().ok_or("no standard error")?);
        let reading = thread::spawn({
            let log = Arc::clone(&log);
            move || {
                for line in stderr.split(b'\n').map_while(std::result::Result::ok) {
                    lock(&log).read(&String::from_utf8_lossy(&line));
                }
            }
        });
        let server = Self {
            process,
            log,
            reading: Some(reading),
            address,
        };
        server.must_not_log(ACCESS_TOKEN);
        server.must_not_log(VERIFY_TOKEN);
        Ok(server)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    pub(crate) fn must_not_log(&self, secret: &str) {
        self.log().secrets.push(secret.to_owned());
    }

    fn signal(&self, signal: &str) -> impl FnOnce() -> Result<()> + Send + 'static {
        let kill = format!("kill {signal} {}", self.process.id());
        move || {
            let status = Command::new("sh").args(["-c", &kill]).status()?;
            let done = status.success().then_some(());
            done.ok_or_else(|| format!("{kill}: {status}").into())
        }
    }

    /// Sends SIGHUP, so that the server reads its secrets again.
    pub(crate) async fn hang_up(&self) -> Result<()> {
        // A shell starts slowly on a busy machine.
        tokio::task::spawn_blocking(self.signal("-HUP")).await?
    }

    /// Waits until the condition holds for the log, and returns whether it did.
    pub(crate) async fn until(&self, said: impl Fn(&Log) -> bool) -> bool {
        let began = Instant::now();
        while !said(&self.log()) {
            if began.elapsed() > crate::client::PATIENCE {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        true
    }

    pub(crate) fn sample(&self) -> Result<Sample> {
        let folder = format!("/proc/{}", self.process.id());
        let mut status = String::new();
        fs::File::open(format!("{folder}/status"))?.read_to_string(&mut status)?;
        let field = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let value = line.and_then(|line| line.split_whitespace().next());
            Ok(value
                .ok_or_else(|| format!("no {name} in {folder}/status"))?
                .parse()?)
        };
        Ok(Sample {
            resident: field("VmRSS:")? * 1024,
            peak: field("VmHWM:")? * 1024,
            threads: field("Threads:")?,
            descriptors: fs::read_dir(format!("{folder}/fd"))?.count() as u64,
        })
    }

    /// Takes a sample when no connection is being set up.
    pub(crate) async fn at_rest(&self) -> Result<Sample> {
        let mut sample = self.sample()?;
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let before = std::mem::replace(&mut sample, self.sample()?);
            if before.descriptors == sample.descriptors && before.threads == sample.threads {
                return Ok(sample);
            }
        }
    }

    /// Stops the server and waits for its exit. Returns `None` if it does not stop.
    pub(crate) fn stop(&mut self) -> Result<Option<ExitStatus>> {
        self.signal("-TERM")()?;
        let began = Instant::now();
        let mut status = None;
        while status.is_none() && began.elapsed() < crate::client::PATIENCE {
            thread::sleep(Duration::from_millis(20));
            status = self.process.try_wait()?;
        }
        // The log ends with the process.
        if let Some(reading) = self.reading.take_if(|_| status.is_some()) {
            reading.join().map_err(|_| "the log could not be read")?;
        }
        Ok(status)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn lock(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}
