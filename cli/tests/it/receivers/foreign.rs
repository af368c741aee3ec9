//! Receivers in other languages, each a process that prints its port.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use crate::common::{SECRET, TOKEN};

/// A running receiver. It ends on a drop.
pub(crate) struct Foreign {
    process: Child,
    pub(crate) address: SocketAddr,
}

pub(crate) fn node() -> Option<Foreign> {
    start("node", "receiver.mjs")
}

pub(crate) fn python() -> Option<Foreign> {
    start("python3", "receiver.py")
}

/// Without the program in `PATH`, prints that the test is left out, and returns `None`. Panics instead if
/// `HUBSEAL_REQUIRE_RECEIVERS` is set.
fn start(program: &str, script: &str) -> Option<Foreign> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/receivers")
        .join(script);
    let spawned = Command::new(program)
        .arg(script)
        .env("APP_SECRET", SECRET)
        .env("VERIFY_TOKEN", TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = match spawned {
        Ok(process) => process,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            leave_out(program);
            return None;
        }
        Err(error) => panic!("cannot start {program}: {error}"),
    };
    let mut line = String::new();
    let output = process.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    let port = line
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{program} printed no port: {line:?}"));
    Some(Foreign {
        process,
        address: (Ipv4Addr::LOCALHOST, port).into(),
    })
}

/// Tells that the current test is left out, in spite of the harness, which hides `eprintln!`.
fn leave_out(program: &str) {
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    assert!(
        env::var_os("HUBSEAL_REQUIRE_RECEIVERS").is_none(),
        "{test} needs {program}, which is not in PATH",
    );
    let line = format!("LEFT OUT: {test} needs {program}, which is not in PATH\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
