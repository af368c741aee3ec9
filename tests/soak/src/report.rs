//! The report: results, limits, and samples as a CSV file.

use std::{collections::BTreeSet, fmt::Write as _, process::ExitStatus, time::Duration};

use crate::{
    Sample, Soak, faults, forged, genuine, rotation,
    server::{self, DESCRIPTORS},
    tally::Counts,
};

const MIB: u64 = 1024 * 1024;

/// Allowed growth of resident memory.
const CREEP: u64 = 8 * MIB;
const MINUTE: usize = 60;

/// Buffers of the server for one connection, in bytes.
const SERVER: usize = 64 * 1024;

/// Memory for verified bodies and their copies: six of 4 MiB and eight of 1 MiB at a time.
const VERIFIED: u64 = 32 * MIB;

pub(crate) struct Report {
    pub(crate) soak: Soak,
    pub(crate) at_rest: Sample,
    /// One sample a second.
    pub(crate) samples: Vec<Sample>,
    pub(crate) after: Sample,
    /// Whether the whole budget was free at the end.
    pub(crate) budget: Result<(), String>,
    pub(crate) status: Option<ExitStatus>,
}

/// A figure and whether it is within its limit, or `None` if it has no limit.
type Held = (String, Option<bool>);

impl Report {
    fn figures(&self) -> Vec<(String, Held)> {
        let log = self.soak.server.log();
        let counts = self.soak.tally.lock();
        let most = |field: fn(&Sample) -> u64| self.samples.iter().map(field).max().unwrap_or(0);
        let mut figures: Vec<(String, Held)> = Vec::new();
        let mut row = |what: &str, figure: String, held: Option<bool>| {
            figures.push((what.to_owned(), (figure, held)));
        };

        for (what, times) in [
            ("on an open connection", &counts.on_open),
            ("on a new connection", &counts.with_opening),
        ] {
            row(
                &format!("genuine, at most 16 KiB, {what}: p50, p99, slowest"),
                latencies(times),
                None,
            );
        }

        row("resident at rest", mib(self.at_rest.resident), None);
        let peak = most(|sample| sample.peak);
        let bar = self.at_rest.resident
            + hubseal::MemoryBudget::DEFAULT_BYTES as u64
            + (DESCRIPTORS * SERVER) as u64
            + VERIFIED;
        row(
            "resident, peak: at most the rest value, the budget, 64 KiB for each descriptor and 32 MiB",
            mib(peak),
            Some(peak <= bar),
        );
        row(
            "resident, peak of minutes 2 to 4 and of the last 3: at most 8 MiB more",
            match self.plateaus() {
                Some((early, late)) => format!("{}, {}", mib(early), mib(late)),
                None => "needs a soak of 420 s".to_owned(),
            },
            self.plateaus().map(|(early, late)| late <= early + CREEP),
        );
        row(
            "threads at rest, peak, and afterwards",
            format!(
                "{}, {}, {}",
                self.at_rest.threads,
                most(|sample| sample.threads),
                self.after.threads
            ),
            None,
        );
        row(
            "descriptors at rest, peak, and afterwards",
            format!(
                "{}, {}, {}",
                self.at_rest.descriptors,
                most(|sample| sample.descriptors),
                self.after.descriptors
            ),
            Some(self.after.descriptors <= self.at_rest.descriptors),
        );
        let not_accepted = log.times(server::NOT_ACCEPTED);
        row(
            "log: connection not accepted",
            not_accepted.to_string(),
            Some(not_accepted > 0),
        );
        let panics =
            counts.of(faults::PANICKED, faults::CLOSED) + counts.of(faults::PANICKED, "500");
        let logged = log.times(server::PANICKED);
        row(
            "log: panics, one for each request",
            logged.to_string(),
            Some(logged == panics),
        );
        row(
            "log: lines that show a secret",
            log.leaked.to_string(),
            Some(log.leaked == 0),
        );
        row(
            "log: unexpected lines",
            log.others.len().to_string(),
            Some(log.others.is_empty()),
        );
        row(
            "whole budget is free again",
            self.budget
                .clone()
                .err()
                .unwrap_or_else(|| "yes".to_owned()),
            Some(self.budget.is_ok()),
        );
        let status = self
            .status
            .map_or("none".to_owned(), |status| status.to_string());
        row(
            "exit on SIGTERM",
            status,
            Some(self.status.is_some_and(|status| status.success())),
        );
        row(
            "wrong outcomes",
            (counts.problems.len() as u64 + counts.more_problems).to_string(),
            Some(counts.problems.is_empty()),
        );
        figures
    }

    /// The early and the late peak, each the median of the maxima of three minutes. Peaks show a
    /// leak, because an allocator keeps a varying part of the freed memory.
    fn plateaus(&self) -> Option<(u64, u64)> {
        let minutes = self.samples.chunks_exact(MINUTE);
        let highest = |minute: &[Sample]| minute.iter().map(|sample| sample.resident).max();
        let highest: Vec<_> = minutes.filter_map(highest).collect();
        Some((
            median(highest.get(1..4)?),
            median(highest.get(4..)?.last_chunk::<3>()?),
        ))
    }
}

/// Events that must occur at least once to make the soak meaningful.
pub(crate) fn missing(counts: &Counts) -> Vec<(&'static str, &'static str)> {
    const WANTED: [(&str, &str); 17] = [
        (genuine::SMALL, "200"),
        (genuine::LARGE, "200"),
        (genuine::LARGE, "503: sent again"),
        (forged::RETIRED, "401"),
        (forged::RANDOM, "401"),
        (forged::UNSIGNED, "401"),
        (forged::LARGE, "401"),
        (faults::RESET_HEAD, faults::SENT),
        (faults::RESET_BODY, faults::SENT),
        (faults::RESET_ANSWER, faults::SENT),
        (faults::HALF_CLOSED_BODY, "400"),
        (faults::DRIBBLED, "408"),
        (faults::SQUEEZED, "408"),
        (faults::SQUEEZED, "503"),
        (faults::HUNG, "200"),
        (rotation::SWAPPED, rotation::DONE),
        (rotation::REFUSED, rotation::DONE),
    ];
    WANTED
        .into_iter()
        .filter(|(kind, outcome)| counts.of(kind, outcome) == 0)
        .collect()
}

/// Prints the reports and returns whether all checks passed.
pub(crate) fn print(reports: &[Report]) -> bool {
    let head = |what: &str| {
        let names: String = reports
            .iter()
            .map(|report| format!(" {} |", report.soak.name))
            .collect();
        println!(
            "\n| {what} |{names}\n|---|{}",
            "---:|".repeat(reports.len())
        );
    };
    let kinds: BTreeSet<(&str, String)> = reports
        .iter()
        .flat_map(|report| {
            report
                .soak
                .tally
                .lock()
                .outcomes
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        })
        .collect();
    head("requests and outcomes");
    for (kind, outcome) in kinds {
        let cells: String = reports
            .iter()
            .map(|report| format!(" {} |", report.soak.tally.lock().of(kind, &outcome)))
            .collect();
        println!("| {kind}: {outcome} |{cells}");
    }

    head("figure");
    let all: Vec<_> = reports.iter().map(Report::figures).collect();
    let mut passed = true;
    for (index, (what, _)) in all.first().into_iter().flatten().enumerate() {
        let cells: String = all
            .iter()
            .filter_map(|figures| figures.get(index))
            .map(|(_, (figure, held))| {
                passed &= held.unwrap_or(true);
                let missed = if *held == Some(false) {
                    " **MISSED**"
                } else {
                    ""
                };
                format!(" {figure}{missed} |")
            })
            .collect();
        println!("| {what} |{cells}");
    }

    println!();
    for report in reports {
        let counts = report.soak.tally.lock();
        for (kind, outcome) in missing(&counts) {
            passed = false;
            println!("{}: never happened: {kind}: {outcome}", report.soak.name);
        }
        for problem in &counts.problems {
            println!("{}: {problem}", report.soak.name);
        }
        for line in &report.soak.server.log().others {
            println!("{}: log: {line}", report.soak.name);
        }
    }
    println!("{}", if passed { "PASS" } else { "FAIL" });
    passed
}

/// Returns one line for each server and second.
pub(crate) fn csv(reports: &[Report]) -> String {
    let mut csv = "second,server,resident_kib,threads,descriptors\n".to_owned();
    for report in reports {
        for (second, sample) in report.samples.iter().enumerate() {
            let Sample {
                resident,
                threads,
                descriptors,
                ..
            } = sample;
            let (name, resident) = (report.soak.name, resident / 1024);
            let _ = writeln!(csv, "{second},{name},{resident},{threads},{descriptors}");
        }
    }
    csv
}

fn latencies(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len().max(1) - 1));
    let milliseconds = |time: Option<&Duration>| match time {
        Some(time) => format!("{:.1}", time.as_secs_f64() * 1000.0),
        None => "-".to_owned(),
    };
    format!(
        "{}, {}, {} ms",
        milliseconds(at(50)),
        milliseconds(at(99)),
        milliseconds(at(100))
    )
}

fn median(three: &[u64]) -> u64 {
    let mut three = three.to_vec();
    three.sort_unstable();
    three.get(three.len() / 2).copied().unwrap_or_default()
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / MIB as f64)
}
