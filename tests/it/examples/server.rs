//! An example server as a process.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    mem,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{
    adapters::{PATIENCE, READ_DEADLINE},
    common::{SECRET, TOKEN, clear_env_except_coverage},
};

/// Builds an example on its first use, because even an up-to-date build takes a third of a second.
pub(super) fn example(name: &str) -> Command {
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());

    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let executable = built
        .entry(name.to_owned())
        .or_insert_with(|| build_example(name));
    let mut command = Command::new(executable);
    clear_env_except_coverage(&mut command);
    command
}

fn build_example(name: &str) -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--all-features",
            "--message-format=json",
            "--example",
            name,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    String::from_utf8(built.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo built the example")
}

pub(super) struct Server {
    process: Child,
    pub(super) address: SocketAddr,
    streams: Vec<JoinHandle<()>>,
    /// Output of both streams so far.
    pub(super) written: Arc<Mutex<String>>,
}

impl Server {
    pub(super) fn start(name: &str, more: &[(&str, &str)]) -> Self {
        let mut process = example(name)
            .env("HUBSEAL_ADDR", "127.0.0.1:0")
            .env("APP_SECRET", SECRET)
            .env("VERIFY_TOKEN", TOKEN)
            .env("READ_TIMEOUT_MS", READ_DEADLINE.as_millis().to_string())
            .envs(more.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        let address = first
            .strip_prefix("listening on http://")
            .and_then(|line| line.strip_suffix("/webhook\n"))
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("unexpected first line: {first:?}"));
        let written = Arc::new(Mutex::new(first));
        let [stdout_to, stderr_to] = [Arc::clone(&written), Arc::clone(&written)];
        let streams = vec![
            thread::spawn(move || drain(stdout, &stdout_to)),
            thread::spawn(move || drain(stderr, &stderr_to)),
        ];
        Self {
            process,
            address,
            streams,
            written,
        }
    }

    pub(super) fn signal(&self, signal: &str) {
        let kill = format!("kill {signal} {}", self.process.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for a successful exit and returns the output of both streams.
    pub(super) fn end(mut self) -> String {
        let status = self.process.wait().unwrap();
        assert!(status.success(), "{status}");
        for stream in self.streams.drain(..) {
            stream.join().unwrap();
        }
        mem::take(&mut self.written.lock().unwrap())
    }

    /// Waits until the output contains a text this many times.
    pub(super) fn wait_for_log(&self, text: &str, times: usize) {
        let began = Instant::now();
        while self.written.lock().unwrap().matches(text).count() < times {
            assert!(began.elapsed() < PATIENCE, "{text:?} is not logged");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn drain(stream: impl BufRead, written: &Mutex<String>) {
    // A killed process can leave an incomplete line.
    for line in stream.split(b'\n').map_while(Result::ok) {
        let mut written = written.lock().unwrap();
        written.push_str(&String::from_utf8_lossy(&line));
        written.push('\n');
    }
}
