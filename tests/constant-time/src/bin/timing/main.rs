//! Measures with dudect whether two classes of inputs take the same time. Repeats a measurement if
//! they do not.
//!
//! ```sh
//! timing                      # all measurements, with the results
//! timing --measure NAME       # one measurement, in dudect's format
//! ```
//!
//! Both classes are prepared before the first measurement, in random order and in the same memory.
//! The class decides the bytes of an input, but no branch.

mod measurements;

use std::{
    env,
    process::{Command, ExitCode},
};

use dudect_bencher::ctbench::{BenchMetadata, BenchName, BenchOpts, run_benches_console};
use measurements::{ALL, Expected, Measurement};

/// A larger |t| is not a coincidence. dudect takes the largest of 101 values, and a busy machine
/// reaches half of this limit.
const MOST: f64 = 10.0;
/// The least |t| of a leak. Below it, the machine is too noisy for a result.
const LEAST: f64 = 50.0;
/// A leak shows in every attempt, a disturbance of the machine does not.
const ATTEMPTS: usize = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => {
            let failed = ALL
                .iter()
                .filter(|measurement| !is_as_expected(measurement));
            match failed.count() {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            }
        }
        [option, name] if option == "--measure" => {
            let Some(measurement) = ALL.iter().find(|measurement| measurement.name == *name) else {
                eprintln!("no measurement {name}");
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

fn is_as_expected(measurement: &Measurement) -> bool {
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
    let prefix = if is_right { "  " } else { "FAILED: " };
    let measured = measured.join(", ");
    println!(
        "{prefix}{}: |t| is {measured}, expected {wanted}",
        measurement.name
    );
    is_right
}

/// Returns the largest |t| that dudect finds, in a separate process.
fn t(name: &str) -> f64 {
    let program = env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args(["--measure", name])
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    said.split_once("max t = ")
        .and_then(|(_, t)| t.split_once(','))
        .and_then(|(t, _)| t.parse::<f64>().ok())
        .unwrap_or_else(|| panic!("no result of dudect in: {said}"))
        .abs()
}
