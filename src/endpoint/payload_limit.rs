//! The size limit of one body.

use crate::rejection::{Rejection, RejectionKind};

/// The maximum size of one body, in bytes. A body of exactly this size passes.
///
/// The endpoint checks the `Content-Length` before it reads the body, and counts the bytes that arrive.
///
/// # Examples
/// ```
/// use hubseal::PayloadLimit;
///
/// assert_eq!(PayloadLimit::default().bytes(), 4_194_304);
/// assert_eq!(PayloadLimit::new(1_024).bytes(), 1_024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayloadLimit(usize);

impl PayloadLimit {
    /// The default, 4 MiB. Meta sends up to 3 MB.
    ///
    /// Source: Meta, *WhatsApp Cloud API: Webhooks*, "payloads can be up to 3 MB".
    pub const META: Self = Self(4 * 1024 * 1024);

    /// Creates a limit of `bytes`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::PayloadLimit::new(700).bytes(), 700);
    /// ```
    #[must_use]
    pub const fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Returns the limit in bytes.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(hubseal::PayloadLimit::META.bytes(), 4 * 1024 * 1024);
    /// ```
    #[must_use]
    pub const fn bytes(self) -> usize {
        self.0
    }

    /// Returns the declared length if it is within the limit.
    pub(super) fn admit(self, declared: u64) -> Result<usize, Rejection> {
        usize::try_from(declared)
            .ok()
            .filter(|declared| *declared <= self.0)
            .ok_or_else(|| Rejection::new(RejectionKind::PayloadTooLarge))
    }

    /// Adds `more` to `counted` if the sum is within the limit.
    pub(super) fn count(self, counted: usize, more: usize) -> Result<usize, Rejection> {
        counted
            .checked_add(more)
            .filter(|total| *total <= self.0)
            .ok_or_else(|| Rejection::new(RejectionKind::PayloadTooLarge))
    }
}

/// Returns [`PayloadLimit::META`].
impl Default for PayloadLimit {
    fn default() -> Self {
        Self::META
    }
}
