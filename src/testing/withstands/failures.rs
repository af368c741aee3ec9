//! The cases that failed, and their text in the output of a test.

use alloc::{borrow::ToOwned, boxed::Box, format, string::String, vec::Vec};
use core::{error::Error, fmt, time::Duration};
use std::io;

use super::advice::advice;
use crate::testing::{
    attack_suite::{Case, WrongAnswer},
    expected::Expected,
    request::{Request, Sending},
};

/// The number of failures that are printed in full. The others get one line each.
const IN_FULL: usize = 10;

/// The cases of the attack suite that a receiver failed.
///
/// `Display` and `Debug` print the first ten cases in full: the request, the expected response, the actual
/// response, and its meaning. Each other case gets one line. `unwrap` in a test prints the same.
///
/// # Security
/// The text has the method, the path, the names of the headers and the size of each body. It has no query, no
/// value of a header, and no body.
///
/// # Examples
/// ```no_run
/// use hubseal::{AppSecret, VerifyToken, testing::{Target, withstands_blocking}};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let token = VerifyToken::new("correct-horse")?;
/// let target = Target::new("/webhook", &secret, &token);
/// if let Err(failures) = withstands_blocking(&target, "127.0.0.1:8080") {
///     println!("{failures}");
///     assert!(failures.labels().all(|label| label != "no signature"));
/// }
/// # Ok::<(), hubseal::SecretError>(())
/// ```
pub struct Failures(Box<Inner>);

enum Inner {
    /// The receiver could not be started or reached.
    NotSent(io::Error),
    /// Some of this number of cases failed.
    Failed(Vec<Failure>, usize),
}

/// A case that failed.
pub(super) struct Failure {
    pub(super) case: Case,
    pub(super) answered: Answered,
}

pub(super) enum Answered {
    /// A wrong response with this status.
    Wrong(u16, WrongAnswer),
    /// No response within this time, or no valid one.
    Nothing(io::Error, Duration),
}

impl Failures {
    pub(super) fn new(failed: Vec<Failure>, count: usize) -> Self {
        Self(Box::new(Inner::Failed(failed, count)))
    }

    pub(super) fn not_sent(error: io::Error) -> Self {
        Self(Box::new(Inner::NotSent(error)))
    }

    /// Returns the label of each case that failed, in the order of the attack suite.
    ///
    /// There are none if the receiver could not be started or reached.
    ///
    /// # Examples
    /// ```no_run
    /// # use hubseal::{AppSecret, VerifyToken, testing::{Target, withstands_blocking}};
    /// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// # let token = VerifyToken::new("correct-horse")?;
    /// # let target = Target::new("/webhook", &secret, &token);
    /// let failures = withstands_blocking(&target, "127.0.0.1:8080").err().unwrap();
    /// assert!(failures.labels().eq(["no signature", "HEAD"]));
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn labels(&self) -> impl Iterator<Item = &'static str> + '_ {
        let failed = match &*self.0 {
            Inner::NotSent(_) => &[],
            Inner::Failed(failed, _) => failed.as_slice(),
        };
        failed.iter().map(|failure| failure.case.label)
    }
}

impl Failure {
    /// Whether a busy machine or a full budget explains the response.
    pub(super) fn is_of_load(&self) -> bool {
        match &self.answered {
            Answered::Wrong(status, _) => matches!(status, 408 | 503),
            Answered::Nothing(error, _) => error.kind() == io::ErrorKind::ConnectionReset,
        }
    }

    fn status(&self) -> Option<u16> {
        match self.answered {
            Answered::Wrong(status, _) => Some(status),
            Answered::Nothing(..) => None,
        }
    }
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failed, count) = match &*self.0 {
            Inner::NotSent(error) => {
                return write!(f, "the attack suite could not be sent: {error}");
            }
            Inner::Failed(failed, count) => (failed, count),
        };
        write!(f, "{} of {count} cases failed:", failed.len())?;
        let (in_full, others) = failed.split_at(failed.len().min(IN_FULL));
        for failure in in_full {
            write!(f, "\n\n{failure}")?;
        }
        if !others.is_empty() {
            f.write_str("\n")?;
        }
        for Failure { case, answered } in others {
            let expected = case.expected.status();
            write!(f, "\n{}: expected {expected}, got {answered}", case.label)?;
        }
        Ok(())
    }
}

/// Prints the same as `Display`, because `unwrap` prints this.
impl fmt::Debug for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Failures {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.0 {
            Inner::NotSent(error) => Some(error),
            Inner::Failed(..) => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case {
            label,
            request,
            expected,
            ..
        } = &self.case;
        let status = expected.status();
        let reason = match expected {
            Expected::Verified => "the delivery is genuine".to_owned(),
            Expected::Challenge(_) => "the handshake is genuine: the challenge as text".to_owned(),
            Expected::Rejected(kind) => format!("{kind}; no body"),
        };
        write!(f, "{label}\n  sent:     {}", Sent(request))?;
        write!(f, "\n  expected: {status} ({reason})")?;
        write!(f, "\n  got:      {}", self.answered)?;
        write!(f, "\n  meaning:  {}", advice(expected, self.status()))
    }
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(status, wrong) => match wrong.beside_status() {
                None => write!(f, "{status}"),
                Some(problem) => write!(f, "{status}, but {problem}"),
            },
            Self::Nothing(error, timeout) => match error.kind() {
                // A read timeout is `WouldBlock` on Unix.
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                    write!(f, "no response within {timeout:?}")
                }
                io::ErrorKind::UnexpectedEof => f.write_str("the connection closed, no response"),
                _ => write!(f, "no response: {error}"),
            },
        }
    }
}

/// Describes a request without anything that could be secret.
struct Sent<'a>(&'a Request);

impl fmt::Display for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request {
            method,
            target,
            headers,
            body,
            sending,
        } = self.0;
        let (path, query) = match target.split_once('?') {
            Some((path, _)) => (path, "?…"),
            None => (target.as_str(), ""),
        };
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        write!(f, "{method} {path}{query}")?;
        match names.as_slice() {
            [] => {}
            names => write!(f, " with {}", names.join(", "))?,
        }
        match body.len() {
            0 => f.write_str("; no body"),
            size => write!(f, "; a body of {size} bytes, {}", manner(sending)),
        }
    }
}

fn manner(sending: &Sending) -> String {
    match sending {
        Sending::Whole => "at once".to_owned(),
        Sending::Pieces { size, pause } => format!("in pieces of {size}, {pause:?} apart"),
        Sending::Chunked { size } => format!("in chunks of {size}"),
        Sending::Trailer { .. } => "in one chunk, then a trailer".to_owned(),
        Sending::AfterContinue => "only after 100 Continue".to_owned(),
        Sending::Withheld => "never sent".to_owned(),
        Sending::Stalled { after } => format!("stalled after {after}"),
        Sending::CutShort { after } => format!("cut off after {after}"),
    }
}
