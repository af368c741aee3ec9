//! What a receiver must answer.

use alloc::string::String;
use core::fmt;

use super::{Answer, Case};
use crate::{Kind, Rejection};

/// The verdict that a receiver must reach.
///
/// # Examples
/// ```
/// use hubseal::{Kind, testing::Verdict};
///
/// assert_eq!(Verdict::Verified.status(), 200);
/// assert_eq!(Verdict::Refused(Kind::PayloadTooLarge).status(), 413);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The delivery is genuine and reaches the handler, which answers 200.
    Verified,
    /// The handshake matches, and this challenge comes back.
    Challenge(String),
    /// The request is refused for this reason, with an empty body.
    Refused(Kind),
}

impl Verdict {
    /// The status on the wire.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::testing::Verdict::Challenge("7".to_owned()).status(), 200);
    /// ```
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Verified | Self::Challenge(_) => 200,
            Self::Refused(kind) => kind.status(),
        }
    }
}

impl Case {
    /// Whether an answer is the expected verdict: its status, the headers that belong to it, and
    /// its body.
    ///
    /// # Errors
    /// A [`WrongVerdict`] that says what differs.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, VerifyToken, testing::{Answer, Target, battery}};
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let token = VerifyToken::new("correct-horse")?;
    /// let cases = battery(&Target::new("/webhook", &secret, &token));
    ///
    /// let lenient = Answer { status: 200, ..Answer::default() };
    /// let unsigned = cases.iter().find(|case| case.label == "no signature").unwrap();
    /// assert!(unsigned.check(&lenient).is_err());
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    pub fn check(&self, answer: &Answer) -> Result<(), WrongVerdict> {
        let wrong = |problem| {
            Err(WrongVerdict {
                label: self.label,
                problem,
            })
        };
        if answer.status != self.verdict.status() {
            return wrong(Problem::Status {
                expected: self.verdict.status(),
                got: answer.status,
            });
        }
        match &self.verdict {
            Verdict::Verified => Ok(()),
            Verdict::Challenge(challenge) => {
                let plain = answer.header("content-type") == Some("text/plain; charset=utf-8")
                    && answer.header("x-content-type-options") == Some("nosniff");
                if !plain {
                    return wrong(Problem::Headers);
                }
                if answer.body == challenge.as_bytes() {
                    Ok(())
                } else {
                    wrong(Problem::Body)
                }
            }
            Verdict::Refused(kind) => {
                if answer.continued && !self.reads_body() {
                    return wrong(Problem::Continued);
                }
                let reply = Rejection::new(*kind).reply();
                // The framing is the transport's: an empty body can be written in several ways.
                let mut headers = reply
                    .headers()
                    .filter(|(name, _)| *name != "content-length");
                let told = |(name, value): (&str, &str)| match answer.header(name) {
                    // The time depends on the receiver's read deadline.
                    Some(told) if name == "retry-after" => told.parse::<u64>().is_ok(),
                    told => told == Some(value),
                };
                if !headers.all(told) {
                    return wrong(Problem::Headers);
                }
                if answer.body.is_empty() {
                    Ok(())
                } else {
                    wrong(Problem::Body)
                }
            }
        }
    }

    /// Whether the verdict needs the body at all.
    fn reads_body(&self) -> bool {
        !matches!(
            self.verdict,
            Verdict::Refused(
                Kind::SignatureMissing
                    | Kind::SignatureRepeated
                    | Kind::SignatureMalformed
                    | Kind::MethodNotAllowed
                    | Kind::ContentEncoded
            )
        )
    }
}

/// An answer that is not the expected verdict.
///
/// # Security
/// It names what differs and quotes nothing of the answer but its status.
///
/// # Examples
/// ```
/// # use hubseal::{AppSecret, VerifyToken, testing::{Answer, Target, battery}};
/// # let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
/// # let token = VerifyToken::new("correct-horse")?;
/// # let cases = battery(&Target::new("/webhook", &secret, &token));
/// let wrong = cases[0].check(&Answer::default()).err().unwrap();
/// assert!(wrong.to_string().ends_with("expected status 200, got 0"));
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongVerdict {
    label: &'static str,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    Status { expected: u16, got: u16 },
    Headers,
    Body,
    Continued,
}

impl fmt::Display for WrongVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.label)?;
        match self.problem {
            Problem::Status { expected, got } => {
                write!(f, "expected status {expected}, got {got}")
            }
            Problem::Headers => f.write_str("a header that belongs to the answer is missing"),
            Problem::Body => f.write_str("the body is not the expected one"),
            Problem::Continued => f.write_str("the body was asked for, and the head was enough"),
        }
    }
}

impl core::error::Error for WrongVerdict {}
