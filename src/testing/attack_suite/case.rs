//! One case: a request, its expected outcome, and the check of an answer.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};
use core::fmt;

use crate::{
    rejection::{Rejection, RejectionKind},
    testing::{exchange::Answer, expected::Expected, request::Request},
};

/// A labelled request of the attack suite, with the outcome that it requires.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, VerifyToken, testing::{Target, Expected, attack_suite}};
///
/// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// let token = VerifyToken::new("correct-horse")?;
/// let cases = attack_suite(&Target::new("/webhook", &secret, &token));
/// assert_eq!((cases[0].label, &cases[0].expected), ("genuine text message", &Expected::Verified));
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Case {
    /// A short description, unique within the suite.
    pub label: &'static str,
    /// The request to send.
    pub request: Request,
    /// The outcome that the receiver must reach.
    pub expected: Expected,
}

impl Case {
    pub(super) fn genuine(label: &'static str, request: Request) -> Self {
        Self {
            label,
            request,
            expected: Expected::Verified,
        }
    }

    pub(super) fn rejected(label: &'static str, kind: RejectionKind, request: Request) -> Self {
        Self {
            label,
            request,
            expected: Expected::Rejected(kind),
        }
    }

    /// Checks that an answer has the expected status, headers and body.
    ///
    /// A genuine delivery is checked for its status only.
    ///
    /// # Errors
    /// Returns a [`WrongAnswer`] that names the difference.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, VerifyToken, testing::{Answer, Target, attack_suite}};
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let token = VerifyToken::new("correct-horse")?;
    /// let cases = attack_suite(&Target::new("/webhook", &secret, &token));
    ///
    /// let lenient = Answer { status: 200, ..Answer::default() };
    /// let unsigned = cases.iter().find(|case| case.label == "no signature").unwrap();
    /// assert!(unsigned.check(&lenient).is_err());
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn check(&self, answer: &Answer) -> Result<(), WrongAnswer> {
        let wrong = |problem| {
            Err(WrongAnswer {
                label: self.label,
                problem,
            })
        };
        if answer.status != self.expected.status() {
            return wrong(Problem::Status {
                expected: self.expected.status(),
                got: answer.status,
            });
        }
        match &self.expected {
            Expected::Verified => Ok(()),
            Expected::Challenge(challenge) => {
                let headers = [
                    ("content-type", "text/plain; charset=utf-8"),
                    ("x-content-type-options", "nosniff"),
                ];
                let mut headers = headers.into_iter();
                if let Some((name, value)) =
                    headers.find(|(name, value)| answer.header(name) != Some(value))
                {
                    return wrong(Problem::header(name, value));
                }
                if answer.body == challenge.as_bytes() {
                    Ok(())
                } else {
                    wrong(Problem::Body)
                }
            }
            Expected::Rejected(kind) => {
                if answer.continued && !self.reads_body() {
                    return wrong(Problem::Continued);
                }
                let reply = Rejection::new(*kind).reply();
                // The transport chooses the framing of an empty body.
                let mut headers = reply
                    .headers()
                    .filter(|(name, _)| *name != "content-length");
                let matches = |(name, value): (&str, &str)| match answer.header(name) {
                    // The time depends on the receiver's read deadline.
                    Some(given) if name == "retry-after" => given.parse::<u64>().is_ok(),
                    given => given == Some(value),
                };
                if let Some((name, value)) = headers.find(|header| !matches(*header)) {
                    return wrong(Problem::header(name, value));
                }
                if answer.body.is_empty() {
                    Ok(())
                } else {
                    wrong(Problem::Body)
                }
            }
        }
    }

    /// Whether the receiver needs the body to reach the outcome.
    fn reads_body(&self) -> bool {
        !matches!(
            self.expected,
            Expected::Rejected(
                RejectionKind::SignatureMissing
                    | RejectionKind::SignatureRepeated
                    | RejectionKind::SignatureMalformed
                    | RejectionKind::TimestampTooOld
                    | RejectionKind::TimestampInFuture
                    | RejectionKind::MethodNotAllowed
                    | RejectionKind::ContentEncoded
            )
        )
    }
}

/// An error for an answer that is not the expected outcome.
///
/// # Security
/// `Display` names the difference. It contains the status of the answer and no other part of it.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, VerifyToken, testing::{Answer, Target, attack_suite}};
/// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// # let token = VerifyToken::new("correct-horse")?;
/// # let cases = attack_suite(&Target::new("/webhook", &secret, &token));
/// let wrong = cases[0].check(&Answer::default()).err().unwrap();
/// assert!(wrong.to_string().ends_with("expected status 200, got 0"));
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAnswer {
    label: &'static str,
    problem: Problem,
}

impl WrongAnswer {
    /// Returns the difference, unless it is the status.
    pub(in crate::testing) fn beside_status(&self) -> Option<String> {
        match self.problem {
            Problem::Status { .. } => None,
            _ => Some(self.problem.to_string()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    Status { expected: u16, got: u16 },
    Header { name: &'static str, value: String },
    Body,
    Continued,
}

impl Problem {
    fn header(name: &'static str, value: &str) -> Self {
        let value = value.to_owned();
        Self::Header { name, value }
    }
}

impl fmt::Display for WrongAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { expected, got } => write!(f, "expected status {expected}, got {got}"),
            Self::Header { name, value } => {
                write!(f, "the header `{name}` is missing or is not `{value}`")
            }
            Self::Body => f.write_str("the response body differs from the expected one"),
            Self::Continued => {
                f.write_str("the receiver sent 100 Continue, but the head was enough to reject")
            }
        }
    }
}

impl core::error::Error for WrongAnswer {}
