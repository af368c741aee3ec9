//! Runs each case under valgrind and compares memcheck's reports with the expected ones.
//!
//! ```sh
//! taint                       # all cases
//! taint --case NAME           # one case under valgrind, with full reports
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

/// Code that uses secrets, and the expected reports.
pub struct Case {
    pub name: &'static str,
    pub run: fn(),
    pub expected: Expected,
}

pub enum Expected {
    /// No branch and no address depends on a secret.
    Nothing,
    /// Branches or addresses depend on a secret at these places only, by design.
    Only(&'static [Site]),
    /// At least one report: a control, or code that is documented as not constant-time.
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
                eprintln!("no case {name}");
                return ExitCode::FAILURE;
            };
            assert!(memcheck::is_running(), "run this under valgrind");
            (case.run)();
            println!("{name}: completed");
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

/// Runs a case and returns the summary if the reports are as expected.
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
    if !said.ends_with("completed\n") || output.status.code() != Some(expected_status) {
        let panic = report.lines().filter(|line| !line.starts_with("=="));
        let panic: Vec<&str> = panic.collect();
        return Err(format!("{}\n{}", output.status, panic.join("\n")));
    }
    let (allowed, must_be_found): (&[Site], bool) = match case.expected {
        Expected::Nothing => (&[], false),
        Expected::Only(sites) => (sites, true),
        Expected::Something if !found.is_empty() => {
            return Ok(format!("reported in {} places, as expected", found.len()));
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
            "{} unexpected places, for example\n{shown}",
            beside.len()
        ))
    } else if found.is_empty() && must_be_found {
        Err("not reported, so the tool cannot find this kind of leak".into())
    } else if found.is_empty() {
        Ok("nothing".into())
    } else {
        Ok(format!("only {}", sites(&found)))
    }
}

fn sites(found: &[Finding]) -> String {
    let mut sites: Vec<String> = found.iter().map(Finding::site).collect();
    sites.sort();
    sites.dedup();
    sites.join(", ")
}
