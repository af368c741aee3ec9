//! `hubseal`: probes webhook endpoints, signs, verifies and diagnoses deliveries, checks secrets, redacts logs.
#![forbid(unsafe_code)]
// Not in Cargo.toml, because tests may panic and index.
#![warn(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod arguments;
mod connect;
mod diagnose;
mod input;
mod output;
mod probe;
mod redact;
mod relay;
mod samples;
mod schemes;
mod secret_check;
mod secrets;
mod send;
mod sign;
mod url;
mod verify;

use std::{error::Error, io, process::ExitCode};

use arguments::{Arguments, Command, SecretCommand};
use clap::Parser;

/// The result of a subcommand. An error means that it could not do its work.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The exit status if something is wrong with the thing that was examined.
const FOUND: u8 = 1;
/// The exit status if the work could not be done. clap uses it for wrong arguments too.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Probe(arguments) => probe::run(&arguments),
        Command::Send(arguments) => send::run(&arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Diagnose(arguments) => diagnose::run(&arguments),
        Command::Redact(arguments) => redact::run(&arguments),
        Command::Secret(SecretCommand::Check(arguments)) => secret_check::run(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FOUND),
        // The reader has closed the pipe, like `head` does.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hubseal: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
