//! Rejections, and the responses for them.

mod kind;
mod reply;

pub use kind::{RejectionKind, SignatureFailureStatus};
pub use reply::Reply;

use alloc::{boxed::Box, string::ToString, sync::Arc};
use core::{error::Error, fmt, time::Duration};

/// The error of a rejected request. The operator gets the reason, the sender a status and an empty body.
///
/// - [`kind`](Self::kind) is for metrics and for code that depends on the reason.
/// - `Display` prints a sentence for the log.
/// - [`source`](core::error::Error::source) is the server's error, if reading the body failed.
/// - [`reply`](Self::reply) is the response. All kinds with the same status have the same response.
///
/// # Security
/// `Display` and `Debug` print no byte of the request and none of a computed signature. The text of
/// `source` comes from the server and is not checked.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, RejectionKind, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let rejection = verifier.verify(format!("sha256={:064}", 0), "{}").err().unwrap();
/// assert_eq!(rejection.kind(), RejectionKind::SignatureMismatch);
/// assert_eq!(rejection.status(), 401);
/// assert_eq!(rejection.to_string(), "signature matches no configured key");
/// assert!(rejection.reply().body().is_empty());
/// # Ok::<(), hubseal::SecretError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rejection {
    kind: RejectionKind,
    signature_failure_status: SignatureFailureStatus,
    retry_after: u64,
    position: Option<Position>,
    cause: Option<Cause>,
}

impl Rejection {
    pub(crate) const fn new(kind: RejectionKind) -> Self {
        Self {
            kind,
            signature_failure_status: SignatureFailureStatus::Unauthorized,
            retry_after: 0,
            position: None,
            cause: None,
        }
    }

    /// Applies the endpoint's signature status, and sets `Retry-After`.
    ///
    /// If the budget is used up, it is the read deadline. By then, all bodies that fill the budget now have
    /// ended, if all endpoints of the budget have the same deadline.
    pub(crate) fn with_settings(
        mut self,
        status: SignatureFailureStatus,
        deadline: Duration,
    ) -> Self {
        match self.kind {
            kind if kind.is_signature() => self.signature_failure_status = status,
            RejectionKind::BudgetExhausted => return self.retry_after(deadline),
            RejectionKind::DeliveryInProgress | RejectionKind::ReplayStoreUnavailable => {
                self.retry_after = REPLAY_RETRY_AFTER;
            }
            _ => {}
        }
        self
    }

    /// Sets `Retry-After`, in whole seconds that are not too short.
    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        let started = u64::from(wait.subsec_nanos() > 0);
        self.retry_after = wait.as_secs().saturating_add(started);
        self
    }

    #[cfg(feature = "json")]
    pub(crate) fn with_position(mut self, line: usize, column: usize) -> Self {
        self.position = Some(Position { line, column });
        self
    }

    pub(crate) fn with_cause(mut self, cause: Box<dyn Error + Send + Sync>) -> Self {
        self.cause = Some(Cause(cause.into()));
        self
    }

    /// Returns the kind of the rejection.
    ///
    /// # Examples
    /// ```
    /// let rejection = hubseal::Signature::parse("").err().unwrap();
    /// assert_eq!(rejection.kind(), hubseal::RejectionKind::SignatureMalformed);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        self.kind
    }

    /// Returns the HTTP status of the response.
    ///
    /// It is the status of the kind, or the endpoint's [`SignatureFailureStatus`] for a bad signature.
    ///
    /// # Examples
    /// ```
    /// let rejection = hubseal::Signature::parse("").err().unwrap();
    /// assert_eq!(rejection.status(), 401);
    /// ```
    #[must_use]
    pub const fn status(&self) -> u16 {
        match (self.kind.is_signature(), self.signature_failure_status) {
            (true, SignatureFailureStatus::Flows) => 432,
            _ => self.kind.status(),
        }
    }

    /// Returns the response to send: the status, its headers, and an empty body.
    ///
    /// # Examples
    /// ```
    /// let reply = hubseal::Signature::parse("").err().unwrap().reply();
    /// assert_eq!(reply.status(), 401);
    /// assert!(reply.headers().eq([("content-length", "0")]));
    /// assert!(reply.body().is_empty());
    /// ```
    #[must_use]
    pub fn reply(&self) -> Reply {
        let reply = Reply::empty(self.status());
        match self.kind {
            RejectionKind::MethodNotAllowed => reply.with_header("allow", "GET, POST"),
            RejectionKind::TooManyFailures
            | RejectionKind::DeliveryInProgress
            | RejectionKind::ReplayStoreUnavailable
            | RejectionKind::BudgetExhausted => {
                reply.with_header("retry-after", self.retry_after.to_string())
            }
            _ => reply,
        }
    }
}

/// The `Retry-After` of a delivery in progress, and while the replay store is unavailable, in seconds.
///
/// Most handlers end in less time, and so do restarts of a store.
const REPLAY_RETRY_AFTER: u64 = 5;

/// Compares everything but the causes.
impl PartialEq for Rejection {
    fn eq(&self, other: &Self) -> bool {
        let compared = |rejection: &Self| {
            let status = rejection.signature_failure_status;
            (
                rejection.kind,
                status,
                rejection.retry_after,
                rejection.position,
            )
        };
        compared(self) == compared(other)
    }
}

impl Eq for Rejection {}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.position {
            Some(Position { line, column }) => write!(f, ", at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl Error for Rejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let Cause(error) = self.cause.as_ref()?;
        Some(&**error)
    }
}

/// The server's error while reading a body.
#[derive(Clone)]
struct Cause(Arc<dyn Error + Send + Sync>);

/// Prints `..`, because the text of the error may contain parts of the request.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

/// The position in the body at which parsing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    line: usize,
    column: usize,
}
