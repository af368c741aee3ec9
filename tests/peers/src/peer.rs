//! Another library as a process with a line protocol.

use std::{
    fmt,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Delivery, Result};

pub(crate) struct Peer {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    who: Who,
    tally: Tally,
}

#[derive(Deserialize)]
struct Who {
    name: String,
    version: String,
}

#[derive(Serialize)]
struct Question<'a> {
    secret: &'a str,
    body: String,
    signature: &'a str,
}

/// The peer's signature of the body and its result for the given signature. `None` if it does not
/// accept such a body.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) signature: String,
    pub(crate) accepts: Option<bool>,
}

#[derive(Default)]
struct Tally {
    accepted: u64,
    rejected: u64,
    not_taken: u64,
}

impl Peer {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let questions = process.stdin.take().ok_or("no standard input")?;
        let mut answers = BufReader::new(process.stdout.take().ok_or("no standard output")?);
        Ok(Self {
            who: line(&mut answers)?,
            process,
            questions,
            answers,
            tally: Tally::default(),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.who.name
    }

    pub(crate) fn ask(&mut self, delivery: &Delivery) -> Result<Answer> {
        let answer: Answer = self.pass(&Question {
            secret: &delivery.secret,
            body: BASE64_STANDARD.encode(&delivery.body),
            signature: &delivery.signature,
        })?;
        self.count(answer.accepts);
        Ok(answer)
    }

    /// Passes a question as one line, and returns the answer.
    pub(crate) fn pass<A: DeserializeOwned>(&mut self, question: &impl Serialize) -> Result<A> {
        let mut question = serde_json::to_vec(question)?;
        question.push(b'\n');
        self.questions.write_all(&question)?;
        line(&mut self.answers)
    }

    pub(crate) fn count(&mut self, accepts: Option<bool>) {
        match accepts {
            Some(true) => self.tally.accepted += 1,
            Some(false) => self.tally.rejected += 1,
            None => self.tally.not_taken += 1,
        }
    }

    /// Waits for a successful exit and returns the summary.
    pub(crate) fn end(mut self) -> Result<String> {
        drop(self.questions);
        let status = self.process.wait()?;
        let report = format!("{} {}: {}", self.who.name, self.who.version, self.tally);
        if !status.success() {
            return Err(format!("{report}, but it exited with {status}").into());
        }
        if self.tally.accepted == 0 || self.tally.rejected == 0 {
            return Err(format!("{report}: this proves nothing").into());
        }
        Ok(report)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            accepted,
            rejected,
            not_taken,
        } = self;
        write!(
            f,
            "{accepted} accepted, {rejected} rejected, {not_taken} only signed"
        )
    }
}

fn line<T: DeserializeOwned>(answers: &mut impl BufRead) -> Result<T> {
    let mut line = String::new();
    if answers.read_line(&mut line)? == 0 {
        return Err("the process has exited".into());
    }
    Ok(serde_json::from_str(&line)?)
}
