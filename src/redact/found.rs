//! What a rule decides.

use alloc::string::String;
use core::ops::Range;

use super::extent::{Extent, Quote};

/// The place of a marker in the list of all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct MarkerId(pub(super) u16);

/// What every marker begins with.
pub(super) const MARKER: &[u8] = b"[redacted:";

/// Something to replace. Positions count from the anchor.
pub(super) struct Found {
    /// Where what is replaced begins: what stands before it stays.
    pub(super) start: usize,
    /// As far as this it is known to be replaced, and from there on as far as `extent` says.
    pub(super) known: usize,
    pub(super) extent: Extent,
    /// What comes behind that, where there is more.
    pub(super) then: Option<Extent>,
    pub(super) replacement: Replacement,
}

/// What takes its place.
pub(super) enum Replacement {
    Marker(MarkerId),
    /// A marker in quotes, which are copied from the key's.
    Quoted(MarkerId, Range<usize>),
    /// A marker, and again for each further value of a list whose values are in such quotes.
    Listed(MarkerId, Quote),
    /// A pseudonym, or a marker of this one place.
    Text(String),
}

impl Found {
    /// Replaces from `start` on, as far as `extent` says.
    pub(super) fn new(start: usize, extent: Extent, marker: MarkerId) -> Self {
        Self {
            start,
            known: start,
            extent,
            then: None,
            replacement: Replacement::Marker(marker),
        }
    }
}
