//! The rules, and the search for their needles.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use core::ops::Range;

use aho_corasick::AhoCorasick;
use memchr::memchr;
use regex::bytes::Regex;
use zeroize::Zeroizing;

use super::{
    found::{Found, Match},
    registered::Registered,
    text::{MARKER, tail},
};
use crate::redact::{PersonalData, keys::Look};

/// The rule of a needle.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// The needle is a key.
    Key(Look, Label),
    /// A token begins with the needle. Contains its index.
    Token(usize, Label),
    /// The needle is the bar before an app access token or an access token of Threads.
    Bar { app: Label, threads: Label },
    /// The needle is the word before a token.
    Bearer(Label),
    /// A registered value begins with the needle. Contains its index.
    Value(usize),
    /// The id of a message or of a call begins with the needle.
    MessageId(Label),
    /// The needle ends with the `+` of a phone number.
    Plus(Label),
}

/// The index of a marker.
pub(super) type Label = usize;

/// All rules of a redactor, compiled.
pub(in crate::redact) struct Rules {
    /// Parts of the needles, in groups that a SIMD search takes. A record without any is clean. There are
    /// none if the needles are too common for that.
    pub(super) fragments: Vec<AhoCorasick>,
    /// Finds the needles of all rules.
    pub(super) needles: AhoCorasick,
    /// The rule of each needle.
    pub(super) of_needles: Vec<Rule>,
    pub(super) markers: Vec<Box<str>>,
    pub(super) values: Vec<(Registered, Label)>,
    pub(super) patterns: Vec<(Regex, Label)>,
    pub(in crate::redact) personal: Option<Arc<PersonalData>>,
}

/// The rules of the builder.
#[derive(Default)]
pub(in crate::redact) struct Settings {
    pub(in crate::redact) keys: Vec<(String, String)>,
    pub(in crate::redact) patterns: Vec<(String, Regex)>,
    pub(in crate::redact) personal: Option<Arc<PersonalData>>,
}

/// A label and the value that is registered under it.
pub(in crate::redact) type LabelledValue = (String, Zeroizing<String>);

impl Rules {
    /// Returns the matches in a record, from left to right.
    pub(in crate::redact) fn matches(&self, record: &[u8]) -> Vec<Match> {
        let mut found = Found::new(record);
        let own = self.own_patterns(record);
        if own.is_empty() && self.is_clean(record) {
            return found.matches;
        }
        let mut own = own.into_iter().peekable();
        for hit in self.needles.find_overlapping_iter(record) {
            while let Some((range, label)) = own.next_if(|(range, _)| range.start <= hit.start()) {
                found.push_or_extend(range, label);
            }
            let Some(rule) = self.of_needles.get(hit.pattern().as_usize()) else {
                continue;
            };
            let may_begin = match rule {
                Rule::Value(_) => true,
                // The word before a token may be the end of a key's value.
                Rule::Bearer(_) if hit.end() == found.floor => true,
                _ => hit.start() >= found.floor,
            };
            if may_begin {
                self.judge(*rule, hit.range(), &mut found);
            }
        }
        own.for_each(|(range, label)| found.push_or_extend(range, label));
        found.matches
    }

    /// Returns whether a fast search finds no needle.
    fn is_clean(&self, record: &[u8]) -> bool {
        let mut fragments = self.fragments.iter();
        !self.fragments.is_empty()
            && memchr(b'|', record).is_none()
            && !fragments.any(|group| group.is_match(record))
    }

    /// Appends the record to `out`, with its matches replaced.
    pub(in crate::redact) fn replace(&self, record: &[u8], matches: &[Match], out: &mut Vec<u8>) {
        out.reserve(record.len());
        let mut copied = 0;
        for found in matches {
            out.extend_from_slice(record.get(copied..found.start).unwrap_or_default());
            out.extend_from_slice(match &found.replacement {
                Some(text) => text.as_bytes(),
                None => self.marker(found.label).as_bytes(),
            });
            copied = found.end;
        }
        out.extend_from_slice(tail(record, copied));
    }

    /// Appends the redacted record to `out`.
    pub(in crate::redact) fn redact(&self, record: &[u8], out: &mut Vec<u8>) {
        self.replace(record, &self.matches(record), out);
    }

    pub(super) fn marker(&self, label: Label) -> &str {
        self.markers.get(label).map_or("", |marker| marker)
    }

    /// Returns the length of the marker that the text begins with, or 0.
    pub(super) fn marker_length(&self, text: &[u8]) -> usize {
        let markers = self.markers.iter().filter(|_| text.starts_with(MARKER));
        let mut lengths = markers.filter(|marker| text.starts_with(marker.as_bytes()));
        lengths.next().map_or(0, |marker| marker.len())
    }

    pub(super) fn value(&self, index: usize, start: usize, found: &mut Found<'_>) {
        let value = self.values.get(index);
        let end = value.and_then(|(value, label)| Some((value.end(found.record, start)?, label)));
        if let Some((end, label)) = end {
            found.push_or_extend(start..end, *label);
        }
    }

    /// Returns the matches of the builder's patterns, from left to right.
    fn own_patterns(&self, record: &[u8]) -> Vec<(Range<usize>, Label)> {
        let is_inside = |at: &usize| record.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
        let mut all = Vec::new();
        for (pattern, label) in &self.patterns {
            let found = pattern.find_iter(record).filter(|found| !found.is_empty());
            all.extend(found.map(|found| {
                // A byte of a pattern may be a part of a character.
                let start = (0..=found.start()).rev().find(|at| !is_inside(at));
                let end = (found.end()..=record.len()).find(|at| !is_inside(at));
                let end = end.unwrap_or(record.len());
                (start.unwrap_or_default()..end, *label)
            }));
        }
        all.sort_by_key(|(range, _)| range.start);
        all
    }
}
