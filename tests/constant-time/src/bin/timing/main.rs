//! Measures with dudect whether two classes of inputs take the same time, several times over where they
//! seem not to.
//!
//! ```sh
//! timing                      # all measurements, and whether they are as they must be
//! timing --measure NAME       # one, as dudect prints it
//! ```
//!
//! Both classes are prepared before the first measurement, in random order, and in the same memory: the
//! class decides on the bytes of an input, and on no branch.

mod measurements;

use std::{
    env,
    process::{Command, ExitCode},
};

use dudect_bencher::ctbench::{BenchMetadata, BenchName, BenchOpts, run_benches_console};
use measurements::{ALL, Expected, Measurement};

/// Beyond this, a difference is no chance. Dudect takes the largest of 101 values, and a machine that
/// is busy with other things reaches half of it.
const MOST: f64 = 10.0;
/// The least that a leak must show, or else the machine is too noisy to say anything.
const LEAST: f64 = 50.0;
/// A leak shows every time, and a disturbance of the machine does not.
const ATTEMPTS: usize = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => {
            let failed = ALL.iter().filter(|measurement| !as_it_must_be(measurement));
            match failed.count() {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            }
        }
        [option, name] if option == "--measure" => {
            let Some(measurement) = ALL.iter().find(|measurement| measurement.name == *name) else {
                eprintln!("there is no measurement {name}");
                return ExitCode::FAILURE;
            };
            let bench = BenchMetadata {
                name: BenchName(measurement.name),
                seed: None,
                benchfn: measurement.run,
            };
            run_benches_console(BenchOpts::default(), vec![bench])
                .map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("usage: timing [--measure NAME]");
            ExitCode::FAILURE
        }
    }
}

fn as_it_must_be(measurement: &Measurement) -> bool {
    let mut measured = Vec::new();
    let is_right = (0..ATTEMPTS).any(|_| {
        let t = t(measurement.name);
        measured.push(format!("{t:.1}"));
        match measurement.expected {
            Expected::Same => t < MOST,
            Expected::Different => t > LEAST,
        }
    });
    let wanted = match measurement.expected {
        Expected::Same => format!("below {MOST}"),
        Expected::Different => format!("above {LEAST}"),
    };
    let verdict = if is_right { "  " } else { "FAILED: " };
    let measured = measured.join(", ");
    println!(
        "{verdict}{}: |t| {measured}, and {wanted} is wanted",
        measurement.name
    );
    is_right
}

/// The largest |t| that dudect finds, in a process of its own.
fn t(name: &str) -> f64 {
    let program = env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args(["--measure", name])
        .output()
        .expect("this program can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    said.split_once("max t = ")
        .and_then(|(_, t)| t.split_once(','))
        .and_then(|(t, _)| t.parse::<f64>().ok())
        .unwrap_or_else(|| panic!("dudect measured nothing: {said}"))
        .abs()
}
