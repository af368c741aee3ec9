//! The observation of one case.

use std::{fmt, io};

use hubseal::testing::{Answer, Case};

use crate::relay::Failed;

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

impl Protocol {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Http1 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
        }
    }
}

/// The reaction of the endpoint.
#[derive(Debug)]
pub(super) enum Observed {
    Answer(Answer),
    /// It closed the connection, or reset the stream, without a response.
    Closed,
    /// It did not respond in time.
    Silent,
    /// It sent something other than HTTP.
    NotHttp,
    /// It accepted no connection.
    Unreachable,
}

#[derive(Debug)]
pub(super) struct Observation {
    pub(super) protocol: Protocol,
    pub(super) case: Case,
    pub(super) observed: Observed,
}

impl Observed {
    pub(super) fn of(exchanged: Result<Answer, Failed>) -> Self {
        match exchanged {
            Ok(answer) => Self::Answer(answer),
            Err(Failed::Connect(_)) => Self::Unreachable,
            Err(Failed::Exchange(error)) => match error.kind() {
                // A read timeout is `WouldBlock` on Unix.
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::Silent,
                io::ErrorKind::InvalidData => Self::NotHttp,
                _ => Self::Closed,
            },
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Answer(answer) => Some(answer.status),
            _ => None,
        }
    }

    pub(super) fn is_success(&self) -> bool {
        self.status()
            .is_some_and(|status| (200..300).contains(&status))
    }
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(answer) => write!(f, "{}", answer.status),
            Self::Closed => f.write_str("closed without a response"),
            Self::Silent => f.write_str("no response in time"),
            Self::NotHttp => f.write_str("a response that is not HTTP"),
            Self::Unreachable => f.write_str("no connection"),
        }
    }
}
