//! A Redis server for the tests, on a free port of the loopback interface.

use std::{
    env, fs,
    io::{self, Write},
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use redis::{Client, FromRedisValue, RedisResult, cmd};

/// The longest time to wait for a server on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A `redis-server` that ends on a drop, and with the process of the tests. It keeps its data on disk.
pub(crate) struct RedisServer {
    port: u16,
    directory: PathBuf,
    options: Vec<String>,
    process: Child,
    /// Ends the server if the tests end without a drop.
    watcher: Child,
}

impl RedisServer {
    /// Starts a server with a new data directory.
    ///
    /// Without a `redis-server` in `PATH`, prints that the test is left out, and returns `None`. Panics
    /// instead if `HUBSEAL_REQUIRE_REDIS` is set.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with more options, such as `["--requirepass", "…"]`.
    pub(crate) fn start_with(options: &[&str]) -> Option<Self> {
        static SERVERS: AtomicUsize = AtomicUsize::new(0);

        let options: Vec<_> = options.iter().copied().map(str::to_owned).collect();
        let number = SERVERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("hubseal-redis-{}-{number}", process::id());
        let directory = env::temp_dir().join(name);
        fs::create_dir_all(&directory).unwrap();
        // Another process may take the port before the server does.
        for _ in 0..10 {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            let process = match spawn(port, &directory, &options) {
                Ok(process) => process,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    fs::remove_dir_all(&directory).unwrap();
                    leave_out();
                    return None;
                }
                Err(error) => panic!("cannot start redis-server: {error}"),
            };
            let watcher = watch(&process, &directory);
            let mut server = Self {
                port,
                directory: directory.clone(),
                options: options.clone(),
                process,
                watcher,
            };
            if server.is_ready() {
                return Some(server);
            }
            server.end();
        }
        panic!("redis-server does not start: see {}", directory.display());
    }

    /// Returns the URL of the server. It contains no password.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Returns the URL with a password.
    pub(crate) fn url_with_password(&self, password: &str) -> String {
        format!("redis://:{password}@127.0.0.1:{}/", self.port)
    }

    /// Sends a command such as `["PTTL", "key"]`, and returns the reply. Blocks the thread.
    pub(crate) fn command<T: FromRedisValue>(&self, words: &[&str]) -> RedisResult<T> {
        let url = match self.option("--requirepass") {
            Some(password) => self.url_with_password(password),
            None => self.url(),
        };
        let mut connection = Client::open(url)?.get_connection_with_timeout(PATIENCE)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        let (name, arguments) = words.split_first().unwrap();
        cmd(name).arg(arguments).query(&mut connection)
    }

    /// Stops the server with `SIGTERM`, and waits for its end.
    pub(crate) fn stop(&mut self) {
        self.signal("TERM");
        self.process.wait().unwrap();
        self.stop_watcher();
    }

    /// Starts a stopped server again, on the same port and with the same data.
    pub(crate) fn restart(&mut self) {
        self.process = spawn(self.port, &self.directory, &self.options).unwrap();
        self.watcher = watch(&self.process, &self.directory);
        assert!(self.is_ready(), "redis-server does not start again");
    }

    /// Stops the server with `SIGSTOP`: connections stay open, and nothing is answered.
    pub(crate) fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets a frozen server run again.
    pub(crate) fn thaw(&self) {
        self.signal("CONT");
    }

    fn option(&self, name: &str) -> Option<&str> {
        let at = self.options.iter().position(|option| option == name)?;
        self.options.get(at + 1).map(String::as_str)
    }

    fn signal(&self, name: &str) {
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -s \"$1\" \"$2\"", "sh", name]);
        let status = kill.arg(self.process.id().to_string()).status();
        assert!(status.unwrap().success());
    }

    /// Waits until this process has loaded its data. Returns `false` if another one has its port.
    fn is_ready(&mut self) -> bool {
        let start = Instant::now();
        let identity = format!("process_id:{}\r\n", self.process.id());
        while start.elapsed() < PATIENCE && self.process.try_wait().unwrap().is_none() {
            match self.command::<String>(&["INFO"]) {
                Ok(info) if info.contains(&identity) && info.contains("\nloading:0\r\n") => {
                    return true;
                }
                _ => thread::sleep(Duration::from_millis(10)),
            }
        }
        false
    }

    fn end(&mut self) {
        self.stop_watcher();
        // It may have ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// The watcher must not outlive the server, because another process may get the same id.
    fn stop_watcher(&mut self) {
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.end();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn spawn(port: u16, directory: &PathBuf, options: &[String]) -> io::Result<Child> {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--appendonly", "yes", "--appendfsync", "always"])
        .args(["--save", "", "--logfile", "log", "--dir"])
        .arg(directory)
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
}

/// Starts a process that waits for the end of this one, and then ends the server.
fn watch(server: &Child, directory: &PathBuf) -> Child {
    let script = "cat >/dev/null; kill -s KILL \"$1\"; rm -r \"$2\"";
    Command::new("sh")
        .args(["-c", script, "sh", &server.id().to_string()])
        .arg(directory)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Tells that the current test is left out, in spite of the harness, which hides `eprintln!`.
fn leave_out() {
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    assert!(
        env::var_os("HUBSEAL_REQUIRE_REDIS").is_none(),
        "{test} needs redis-server, which is not in PATH",
    );
    let line = format!("LEFT OUT: {test} needs redis-server, which is not in PATH\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
}
