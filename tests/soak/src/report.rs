//! The table of what came out, the bars it is held to, and the samples as a file.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    process::ExitStatus,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::{
    Sample, faults, forged, genuine, rotation,
    server::{self, DESCRIPTORS, Log, lock},
    tally::{Counts, Tally},
};

const MIB: u64 = 1024 * 1024;

/// By how much the last minute's resident memory may exceed that of the third.
const CREEP: u64 = 4 * MIB;
const MINUTE: usize = 60;

/// What verified bodies and their copies may take: six of 4 MiB and eight of 1 MiB at once.
const VERIFIED: u64 = 32 * MIB;

pub(crate) struct Report {
    pub(crate) name: &'static str,
    pub(crate) at_rest: Sample,
    /// One a second.
    pub(crate) samples: Vec<Sample>,
    pub(crate) after: Sample,
    /// Whether all of the budget was there again.
    pub(crate) budget: Result<(), String>,
    pub(crate) status: Option<ExitStatus>,
    pub(crate) log: Arc<Mutex<Log>>,
    pub(crate) tally: Tally,
}

/// A figure, and whether it is as it must be; none where there is no bar.
type Held = (String, Option<bool>);

impl Report {
    fn figures(&self) -> Vec<(String, Held)> {
        let log = lock(&self.log);
        let counts = self.tally.lock();
        let most = |field: fn(&Sample) -> u64| self.samples.iter().map(field).max().unwrap_or(0);
        let mut figures: Vec<(String, Held)> = Vec::new();
        let mut row = |what: &str, figure: String, held: Option<bool>| {
            figures.push((what.to_owned(), (figure, held)));
        };

        for (what, times) in [
            ("on an open connection", &counts.on_open),
            ("with its opening", &counts.with_opening),
        ] {
            row(
                &format!("genuine, at most 64 KiB, {what}: p50, p99, slowest"),
                latencies(times),
                None,
            );
        }

        row("resident at rest", mib(self.at_rest.resident), None);
        let peak = most(|sample| sample.peak);
        let bar = self.at_rest.resident
            + hubseal::MemoryBudget::DEFAULT_BYTES as u64
            + (DESCRIPTORS * hubseal::MemoryBudget::FREE_PER_REQUEST) as u64
            + VERIFIED;
        row(
            "resident, peak: at most what it is at rest, the budget, 64 KiB a descriptor and 32 MiB",
            mib(peak),
            Some(peak <= bar),
        );
        row(
            "resident, median of the third and of the last minute: at most 4 MiB more",
            match self.medians() {
                Some((third, last)) => format!("{}, {}", mib(third), mib(last)),
                None => "takes 240 s to tell".to_owned(),
            },
            self.medians().map(|(third, last)| last <= third + CREEP),
        );
        row(
            "threads at rest, most, and afterwards",
            format!(
                "{}, {}, {}",
                self.at_rest.threads,
                most(|sample| sample.threads),
                self.after.threads
            ),
            None,
        );
        row(
            "descriptors at rest, most, and afterwards",
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
            "log: a connection could not be accepted",
            not_accepted.to_string(),
            Some(not_accepted > 0),
        );
        let panics =
            counts.of(faults::PANICKED, faults::CLOSED) + counts.of(faults::PANICKED, "500");
        let logged = log.times(server::PANICKED);
        row(
            "log: panics, one for each",
            logged.to_string(),
            Some(logged == panics),
        );
        row(
            "log: lines that show a secret",
            log.leaked.to_string(),
            Some(log.leaked == 0),
        );
        row(
            "log: lines of no expected kind",
            log.others.len().to_string(),
            Some(log.others.is_empty()),
        );
        row(
            "the whole budget is there again",
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
            "end on SIGTERM",
            status,
            Some(self.status.is_some_and(|status| status.success())),
        );
        row(
            "what must not happen",
            (counts.problems.len() as u64 + counts.more_problems).to_string(),
            Some(counts.problems.is_empty()),
        );
        figures
    }

    /// Of the third and of the last minute, where there is one between them.
    fn medians(&self) -> Option<(u64, u64)> {
        let third = self.samples.get(2 * MINUTE..3 * MINUTE)?;
        let last = self.samples.get(3 * MINUTE..)?.last_chunk::<MINUTE>()?;
        Some((median(third), median(last)))
    }
}

/// What must have happened at least once, or the soak has shown nothing of it.
fn missing(counts: &Counts) -> Vec<(&'static str, &'static str)> {
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

/// Prints it all; gives whether all is as it must be.
pub(crate) fn print(reports: &[Report]) -> bool {
    let head = |what: &str| {
        let names: String = reports
            .iter()
            .map(|report| format!(" {} |", report.name))
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
                .tally
                .lock()
                .outcomes
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        })
        .collect();
    head("what was sent, and what became of it");
    for (kind, outcome) in kinds {
        let cells: String = reports
            .iter()
            .map(|report| format!(" {} |", report.tally.lock().of(kind, &outcome)))
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
        let counts = report.tally.lock();
        for (kind, outcome) in missing(&counts) {
            passed = false;
            println!("{}: never happened: {kind}: {outcome}", report.name);
        }
        for problem in &counts.problems {
            println!("{}: {problem}", report.name);
        }
        for line in &lock(&report.log).others {
            println!("{}: log: {line}", report.name);
        }
    }
    println!("{}", if passed { "PASS" } else { "FAIL" });
    passed
}

/// One line for each server and second.
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
            let (name, resident) = (report.name, resident / 1024);
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

fn median(samples: &[Sample]) -> u64 {
    let mut resident: Vec<_> = samples.iter().map(|sample| sample.resident).collect();
    resident.sort_unstable();
    resident
        .get(resident.len() / 2)
        .copied()
        .unwrap_or_default()
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / MIB as f64)
}
