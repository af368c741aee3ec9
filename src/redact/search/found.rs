//! The matches in a record.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use super::{
    rules::Label,
    text::{head, run_back},
    value::Limit,
};

/// A part of a record to replace.
pub(in crate::redact) struct Match {
    /// The beginning of the key or of the token. A record must not be cut behind it.
    pub(in crate::redact) from: usize,
    pub(in crate::redact) start: usize,
    pub(in crate::redact) end: usize,
    pub(in crate::redact) label: Label,
    /// The replacement, if it is not the marker of the label.
    pub(in crate::redact) replacement: Option<String>,
    /// What ends the value of a key.
    pub(super) limit: Option<Limit>,
}

/// The matches found so far.
pub(in crate::redact) struct Found<'t> {
    pub(in crate::redact) record: &'t [u8],
    pub(in crate::redact) matches: Vec<Match>,
    /// The end of the last match, or of a marker that stays. No key or token begins before it.
    pub(in crate::redact) floor: usize,
}

impl<'t> Found<'t> {
    pub(in crate::redact) const fn new(record: &'t [u8]) -> Self {
        Self {
            record,
            matches: Vec::new(),
            floor: 0,
        }
    }

    /// Returns the text between the last match and this place.
    pub(in crate::redact) fn before(&self, at: usize) -> &'t [u8] {
        let from = if at < self.floor { 0 } else { self.floor };
        self.record.get(from..at).unwrap_or_default()
    }

    pub(in crate::redact) fn push(
        &mut self,
        from: usize,
        range: Range<usize>,
        label: Label,
        replacement: Option<String>,
    ) {
        self.floor = self.floor.max(range.end);
        if self.matches.is_empty() {
            self.matches.reserve(16);
        }
        self.matches.push(Match {
            from,
            start: range.start,
            end: range.end,
            label,
            replacement,
            limit: None,
        });
    }

    /// Sets what ends the value that the last match is.
    pub(super) fn limit(&mut self, limit: Limit) {
        if let Some(last) = self.matches.last_mut() {
            last.limit = Some(limit);
        }
    }

    /// Returns whether the byte at this place is the letter of an escape that begins before it.
    fn ends_escape(&self, at: usize) -> bool {
        let backslashes = run_back(head(self.record, at), |byte| byte == b'\\');
        backslashes % 2 == 1 && self.record.get(at).is_some_and(u8::is_ascii)
    }

    /// Adds a match anywhere, even within an escape. If it begins in the last match and is longer, the
    /// last match becomes longer.
    pub(in crate::redact) fn push_or_extend(&mut self, range: Range<usize>, label: Label) {
        if range.start >= self.matches.last().map_or(0, |last| last.end) {
            let start = range.start + usize::from(self.ends_escape(range.start));
            self.push(range.start, start..range.end, label, None);
            return;
        }
        let Some(last) = self.matches.last_mut() else {
            return;
        };
        let is_within = last.end == self.floor && (last.start..last.end).contains(&range.start);
        if is_within && range.end > last.end {
            if range.start == last.start && last.from == last.start {
                last.label = label;
            }
            // The value of a key goes on behind a registered value in it.
            let more = last.limit.map(|limit| limit.end(self.record, range.end));
            last.end = more.unwrap_or(range.end);
            self.floor = last.end;
        }
    }
}
