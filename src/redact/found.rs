//! The match that a rule returns.

use alloc::string::String;
use core::ops::Range;

use super::extent::{Extent, Quote};

/// The index of a marker in `Rules::markers`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct MarkerId(pub(super) u16);

/// The prefix of every marker.
pub(super) const MARKER: &[u8] = b"[redacted:";

/// A match to replace. Positions are relative to the anchor.
pub(super) struct Found {
    /// The start of the replaced text.
    pub(super) start: usize,
    /// The end of the part that the rule has already read. `extent` finds the end of the rest.
    pub(super) known: usize,
    pub(super) extent: Extent,
    /// A second extent, which begins where `extent` ends.
    pub(super) then: Option<Extent>,
    pub(super) replacement: Replacement,
}

/// The replacement text.
pub(super) enum Replacement {
    Marker(MarkerId),
    /// A marker in quotes. The range is the key's quote, which is copied.
    Quoted(MarkerId, Range<usize>),
    /// A marker for each value of a list. The values have these quotes.
    Listed(MarkerId, Quote),
    /// A pseudonym, or a marker with data of this match.
    Text(String),
}

impl Found {
    /// Creates a match that begins at `start` and ends at the end of `extent`.
    pub(super) fn new(start: usize, extent: Extent, marker: MarkerId) -> Self {
        Self {
            start,
            known: start,
            extent,
            then: None,
            replacement: Replacement::Marker(marker),
        }
    }

    /// Creates a match that replaces nothing. Reading goes on at `at`, so no other key whose anchor is
    /// before `at` can match.
    pub(super) fn nothing(at: usize) -> Self {
        Self {
            start: at,
            known: at,
            extent: Extent::Here,
            then: None,
            replacement: Replacement::Text(String::new()),
        }
    }
}
