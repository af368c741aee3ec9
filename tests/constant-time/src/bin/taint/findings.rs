//! Reads from valgrind's report where a branch or an address depended on a secret.
//!
//! File and line identify a place. They stay correct when functions are inlined.

use std::{fs, path::Path};

/// One report of memcheck.
pub struct Finding {
    /// The printed lines, down to the frame of the case.
    pub report: String,
    /// The call stack, innermost frame first.
    frames: Vec<Frame>,
}

struct Frame {
    path: String,
    line: usize,
}

/// A place where a finding is expected.
pub enum Site {
    /// Directly in this function of this file.
    In(&'static str, &'static str),
    /// In a line of this file that contains this code, or in a function that the line calls.
    Line(&'static str, &'static str),
    /// In this function, or in a function that it calls.
    Under(&'static str, &'static str),
}

/// Returns the findings of a report.
pub fn read(report: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut title = "";
    for line in report.lines() {
        // `==123==    at 0x12AB: function (path:line)`, and `by` for each caller.
        let Some((_, text)) = line
            .strip_prefix("==")
            .and_then(|line| line.split_once("== "))
        else {
            continue;
        };
        let frame = text.trim_start();
        if frame.starts_with("at 0x") {
            findings.push(Finding {
                report: format!("{title}\n"),
                frames: Vec::new(),
            });
        } else if !frame.starts_with("by 0x") {
            title = text;
            continue;
        }
        let Some(finding) = findings.last_mut() else {
            continue;
        };
        let is_case = |frame: &Frame| frame.path.contains("/bin/taint/");
        if !finding.frames.last().is_some_and(is_case) {
            finding.report.extend([text, "\n"]);
            finding.frames.extend(Frame::read(frame));
        }
    }
    findings
}

impl Finding {
    /// Returns the innermost place within the library or the controls.
    pub fn site(&self) -> String {
        self.frames
            .iter()
            .find_map(|frame| {
                let (file, function) = frame.place()?;
                Some(format!("{file} {function}"))
            })
            .unwrap_or_else(|| "outside of the library".into())
    }
}

impl Site {
    pub fn holds(&self, finding: &Finding) -> bool {
        let is = |frame: &Frame, file: &str, function: &str| {
            frame
                .place()
                .is_some_and(|place| place == (file.into(), function.into()))
        };
        match self {
            // `bool::then_some` and `?` are branches of their callers.
            Self::In(file, function) => finding
                .frames
                .iter()
                .find(|frame| {
                    let inlined = ["core/src/bool.rs", "core/src/result.rs"];
                    !inlined.iter().any(|file| frame.path.ends_with(file))
                })
                .is_some_and(|frame| is(frame, file, function)),
            Self::Line(file, code) => finding.frames.iter().any(|frame| {
                let source = frame.source(file);
                source.is_some_and(|line| line.contains(code))
            }),
            Self::Under(file, function) => {
                finding.frames.iter().any(|frame| is(frame, file, function))
            }
        }
    }
}

impl Frame {
    fn read(text: &str) -> Option<Self> {
        let (path, line) = text
            .strip_suffix(')')?
            .rsplit_once('(')?
            .1
            .rsplit_once(':')?;
        Some(Self {
            path: path.into(),
            line: line.parse().ok()?,
        })
    }

    /// Returns the source line if the frame is in this file of the library.
    fn source(&self, file: &str) -> Option<String> {
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
        let path = fs::canonicalize(library.join(&self.path)).ok()?;
        if path != library.join(file) {
            return None;
        }
        let source = fs::read_to_string(path).ok()?;
        source
            .lines()
            .nth(self.line.checked_sub(1)?)
            .map(Into::into)
    }

    /// Returns file and function if the frame is in the library or a control.
    fn place(&self) -> Option<(String, String)> {
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
        let path = fs::canonicalize(library.join(&self.path)).ok()?;
        let file = path.strip_prefix(library).ok()?.to_str()?;
        if !file.starts_with("src/") && !file.ends_with("/controls.rs") {
            return None;
        }
        let source = fs::read_to_string(&path).ok()?;
        let above: Vec<&str> = source.lines().take(self.line).collect();
        let function = above.iter().rev().find_map(|line| {
            let (before, name) = line.split_once("fn ")?;
            let is_definition = before.split_whitespace().all(|word| {
                matches!(word, "pub" | "const" | "async" | "unsafe" | "extern")
                    || word.starts_with("pub(")
            });
            is_definition.then(|| {
                name.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .next()
            })?
        })?;
        Some((file.into(), function.into()))
    }
}
