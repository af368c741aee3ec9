//! The report: a table for people, or JSON.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use hubseal::testing::Expected;
use serde::Serialize;

use super::{
    findings::Findings,
    kind::{Kind, Severity},
    observation::{Observation, Protocol},
};

/// The width of the table, in columns.
const WIDTH: usize = 100;
/// The cases that the table names for each outcome, unless it lists all.
const NAMED: usize = 3;

/// The findings of a probe, and its figures.
pub(super) struct Run<'a> {
    pub(super) url: String,
    pub(super) requests: BTreeMap<Protocol, usize>,
    pub(super) elapsed: Duration,
    pub(super) findings: &'a Findings<'a>,
}

#[derive(Serialize)]
struct Json<'a> {
    url: &'a str,
    seconds: f64,
    requests: BTreeMap<&'static str, usize>,
    findings: Vec<JsonFinding>,
}

#[derive(Serialize)]
struct JsonFinding {
    kind: &'static str,
    severity: Severity,
    title: &'static str,
    meaning: &'static str,
    remedy: &'static str,
    cases: Vec<JsonCase>,
}

#[derive(Serialize)]
struct JsonCase {
    case: &'static str,
    protocol: &'static str,
    expected: String,
    observed: String,
}

impl Run<'_> {
    /// Returns whether nothing but notes was found.
    pub(super) fn is_clean(&self) -> bool {
        self.findings
            .keys()
            .all(|kind| kind.severity() == Severity::Note)
    }

    pub(super) fn json(&self) -> crate::Result<String> {
        let case = |seen: &&Observation| JsonCase {
            case: seen.case.label,
            protocol: seen.protocol.name(),
            expected: expected(&seen.case.expected),
            observed: seen.observed.to_string(),
        };
        let finding = |(kind, cases): (&Kind, &Vec<&Observation>)| JsonFinding {
            kind: kind.id(),
            severity: kind.severity(),
            title: kind.title(),
            meaning: kind.meaning(),
            remedy: kind.remedy(),
            cases: cases.iter().map(case).collect(),
        };
        let mut text = serde_json::to_string_pretty(&Json {
            url: &self.url,
            seconds: (self.elapsed.as_secs_f64() * 10.0).round() / 10.0,
            requests: self
                .requests
                .iter()
                .map(|(protocol, count)| (protocol.name(), *count))
                .collect(),
            findings: self.findings.iter().map(finding).collect(),
        })?;
        text.push('\n');
        Ok(text)
    }

    pub(super) fn table(&self, is_verbose: bool) -> String {
        let mut table = String::new();
        for (kind, cases) in self.findings {
            let severity = kind.severity().name();
            paragraph(&mut table, &format!("{severity:<10}"), kind.title());
            paragraph(
                &mut table,
                "          observed  ",
                &observed(cases, is_verbose),
            );
            paragraph(&mut table, "          meaning   ", kind.meaning());
            paragraph(&mut table, "          remedy    ", kind.remedy());
            table.push('\n');
        }
        let count = |severity| {
            self.findings
                .keys()
                .filter(|kind| kind.severity() == severity)
                .count()
        };
        let notes = count(Severity::Note);
        let found = self.findings.len().saturating_sub(notes);
        let sent: Vec<_> = [Protocol::Http1, Protocol::Http2]
            .map(|protocol| match self.requests.get(&protocol) {
                Some(count) => format!("{count} requests over {}", protocol.name()),
                None => format!("no {}: the server does not speak it", protocol.name()),
            })
            .into();
        let found = match found {
            0 => "no finding".to_owned(),
            1 => "1 finding".to_owned(),
            more => format!("{more} findings"),
        };
        let notes = match notes {
            0 => String::new(),
            1 => ", 1 note".to_owned(),
            more => format!(", {more} notes"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{}: {found}{notes}\n{}, {:.1} s",
            self.url,
            sent.join(", "),
            self.elapsed.as_secs_f64()
        );
        table
    }
}

fn expected(expected: &Expected) -> String {
    match expected {
        Expected::Verified => "200".to_owned(),
        Expected::Challenge(_) => "200 with the challenge".to_owned(),
        Expected::Rejected(kind) => format!("{} ({})", kind.status(), kind.as_str()),
    }
}

/// Returns the outcomes, each with its cases: `200: "no signature", "2 digits" and 4 more (HTTP/1.1)`.
fn observed(cases: &[&Observation], is_verbose: bool) -> String {
    let mut outcomes: BTreeMap<String, Vec<(&str, Vec<Protocol>)>> = BTreeMap::new();
    for seen in cases {
        let labels = outcomes.entry(seen.observed.to_string()).or_default();
        match labels
            .iter_mut()
            .find(|(label, _)| *label == seen.case.label)
        {
            Some((_, protocols)) => protocols.push(seen.protocol),
            None => labels.push((seen.case.label, vec![seen.protocol])),
        }
    }
    let outcome = |(outcome, labels): (&String, &Vec<(&str, Vec<Protocol>)>)| {
        let shown = if is_verbose { labels.len() } else { NAMED };
        let named: Vec<_> = labels
            .iter()
            .take(shown)
            .map(|(label, _)| format!("\"{label}\""))
            .collect();
        let more = match labels.len().saturating_sub(shown) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let has = |protocol| {
            labels
                .iter()
                .any(|(_, protocols)| protocols.contains(&protocol))
        };
        let protocols = match (has(Protocol::Http1), has(Protocol::Http2)) {
            (true, true) => "both protocols",
            (true, false) => Protocol::Http1.name(),
            _ => Protocol::Http2.name(),
        };
        format!("{outcome}: {}{more} ({protocols})", named.join(", "))
    };
    let outcomes: Vec<_> = outcomes.iter().map(outcome).collect();
    outcomes.join("; ")
}

/// Writes a label and wrapped text beside it.
fn paragraph(table: &mut String, label: &str, text: &str) {
    let indent = " ".repeat(label.len());
    let mut line = label.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let length = line.chars().count().saturating_add(word.chars().count());
        if !is_empty && length >= WIDTH {
            table.push_str(&line);
            table.push('\n');
            line.clone_from(&indent);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    table.push_str(&line);
    table.push('\n');
}
