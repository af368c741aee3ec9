//! What the tests share: the binary, and the secrets of the receivers.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
    time::Duration,
};

/// The form of a Meta app secret.
pub(crate) const SECRET: &str = "c1e8b0a53f7d4926a85b60d2917e43fc";
pub(crate) const TOKEN: &str = "correct-horse-battery-staple";
/// Short, because several cases of the attack suite wait until it has passed.
pub(crate) const READ_DEADLINE: Duration = Duration::from_secs(1);

/// Returns the command without any secret in its environment.
pub(crate) fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubseal"));
    command.env_remove("APP_SECRET").env_remove("VERIFY_TOKEN");
    command
}

/// Returns the command with the secrets of the receivers.
pub(crate) fn hubseal() -> Command {
    let mut command = bare();
    command.env("APP_SECRET", SECRET).env("VERIFY_TOKEN", TOKEN);
    command
}

/// Runs the command with this input.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    // The process may end before it reads all input.
    let _ = process.stdin.take().unwrap().write_all(input);
    process.wait_with_output().unwrap()
}

/// Returns the exit status, standard output and standard error.
pub(crate) fn parts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}
