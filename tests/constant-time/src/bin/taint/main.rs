//! Runs each case in a valgrind of its own, and holds what memcheck reports against what is expected.
//!
//! ```sh
//! taint                       # all cases
//! taint --case NAME           # one, as valgrind runs it: the reports in full
//! ```

mod controls;
mod derived;
mod findings;
mod handshake;
mod parsing;
mod verification;

use std::{
    env,
    process::{Command, ExitCode},
    sync::Mutex,
    thread,
};

use findings::{Finding, Site};
use hubseal_constant_time::memcheck;

/// Something that is done with secrets, and what memcheck must say to it.
pub struct Case {
    pub name: &'static str,
    pub run: fn(),
    pub expected: Expected,
}

pub enum Expected {
    /// No branch and no address depends on a secret.
    Nothing,
    /// Some do, by design, and here only.
    Only(&'static [Site]),
    /// At least one does: a control, or what is documented to take its time.
    Something,
}

fn main() -> ExitCode {
    let cases: Vec<&Case> = [
        controls::CASES,
        verification::CASES,
        handshake::CASES,
        parsing::CASES,
        derived::CASES,
    ]
    .into_iter()
    .flatten()
    .collect();

    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => run_all(&cases),
        [option, name] if option == "--case" => {
            let Some(case) = cases.iter().find(|case| case.name == *name) else {
                eprintln!("there is no case {name}");
                return ExitCode::FAILURE;
            };
            assert!(
                memcheck::is_running(),
                "this proves nothing without valgrind"
            );
            (case.run)();
            println!("{name}: to its end");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: taint [--case NAME]");
            ExitCode::FAILURE
        }
    }
}

fn run_all(cases: &[&Case]) -> ExitCode {
    let queue = Mutex::new(cases.iter());
    let failed = Mutex::new(0_usize);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = { queue.lock().unwrap().next() } {
                    match under_valgrind(case) {
                        Ok(said) => println!("  {}: {said}", case.name),
                        Err(reason) => {
                            *failed.lock().unwrap() += 1;
                            eprintln!("FAILED: {}: {reason}", case.name);
                        }
                    }
                }
            });
        }
    });
    match *failed.lock().unwrap() {
        0 => ExitCode::SUCCESS,
        failed => {
            eprintln!("{failed} of {} cases failed", cases.len());
            ExitCode::FAILURE
        }
    }
}

/// What memcheck said, where it is what was expected.
fn under_valgrind(case: &Case) -> Result<String, String> {
    const HAS_FINDINGS: i32 = 99;
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args([
            "--quiet",
            "--error-limit=no",
            "--num-callers=60",
            "--fullpath-after=",
        ])
        .arg(format!("--error-exitcode={HAS_FINDINGS}"))
        .env("RUST_BACKTRACE", "0")
        .arg(program)
        .args(["--case", case.name])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let (said, report) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let found = findings::read(&report);

    let expected_status = if found.is_empty() { 0 } else { HAS_FINDINGS };
    if !said.ends_with("to its end\n") || output.status.code() != Some(expected_status) {
        let panic = report.lines().filter(|line| !line.starts_with("=="));
        let panic: Vec<&str> = panic.collect();
        return Err(format!("{}\n{}", output.status, panic.join("\n")));
    }
    let (allowed, must_be_found): (&[Site], bool) = match case.expected {
        Expected::Nothing => (&[], false),
        Expected::Only(sites) => (sites, true),
        Expected::Something if !found.is_empty() => {
            return Ok(format!("flagged in {} places, as it must be", found.len()));
        }
        Expected::Something => (&[], true),
    };
    let beside: Vec<&str> = found
        .iter()
        .filter(|finding| !allowed.iter().any(|site| site.holds(finding)))
        .map(|finding| finding.report.as_str())
        .collect();
    if !beside.is_empty() {
        let shown = beside.iter().take(3).copied().collect::<String>();
        Err(format!(
            "{} places more than expected, such as\n{shown}",
            beside.len()
        ))
    } else if found.is_empty() && must_be_found {
        Err("not flagged, and so a clean report of anything else is worth nothing".into())
    } else if found.is_empty() {
        Ok("nothing".into())
    } else {
        Ok(format!("nothing but {}", sites(&found)))
    }
}

fn sites(found: &[Finding]) -> String {
    let mut sites: Vec<String> = found.iter().map(Finding::site).collect();
    sites.sort();
    sites.dedup();
    sites.join(", ")
}
