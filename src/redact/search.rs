//! The search for anchors: many short literals at once, with SIMD.

use alloc::vec::Vec;

use aho_corasick::{AhoCorasick, BuildError, MatchKind, Span, packed};

/// Finds the next of many literals, or the next anchor of a single byte.
pub(super) struct Search {
    groups: Vec<Group>,
    /// The literals. None is a prefix of another.
    needles: Vec<Vec<u8>>,
    longest: usize,
    /// Whether to search for `+`. `|` is always searched.
    plus: bool,
    /// The bytes of all needles except their last ones. A text that ends with one of these may end
    /// inside a needle.
    within: [bool; 256],
}

/// Literals that one pass searches.
struct Group {
    finder: Finder,
    /// The indices of its needles.
    numbers: Vec<usize>,
}

enum Finder {
    Packed(packed::Searcher),
    /// The fallback for too many literals, or a processor without SIMD.
    Automaton(AhoCorasick),
}

/// The maximum number of literals in a fast pass.
const PACKED: usize = 64;
/// The number of bytes of a needle that SIMD compares. A shorter needle reduces it for its whole group
/// and causes more false candidates. Shorter needles therefore get their own pass.
const COMPARED: usize = 4;
/// The maximum number of passes. The last one takes all remaining needles.
const MAX_GROUPS: usize = 8;

/// Anchors of one byte. They would slow down the search for literals.
pub(super) const BAR: u8 = b'|';
pub(super) const PLUS: u8 = b'+';

/// The position of a possible anchor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) at: usize,
    /// The index of the needle, or `None` for a single byte.
    pub(super) needle: Option<usize>,
}

impl Search {
    /// Creates a search for `needles`. No needle may be a prefix of another.
    pub(super) fn new(needles: Vec<Vec<u8>>, plus: bool) -> Result<Self, BuildError> {
        let (short, long): (Vec<usize>, Vec<usize>) = (0..needles.len()).partition(|number| {
            needles
                .get(*number)
                .is_some_and(|needle| needle.len() < COMPARED)
        });
        let mut groups = Vec::new();
        if !short.is_empty() {
            groups.push(Group::new(&short, &needles)?);
        }
        let mut rest = long.as_slice();
        while !rest.is_empty() {
            let most = if groups.len() < MAX_GROUPS - 1 {
                PACKED
            } else {
                rest.len()
            };
            let (numbers, others) = rest.split_at(most.min(rest.len()));
            groups.push(Group::new(numbers, &needles)?);
            rest = others;
        }
        let mut within = [false; 256];
        for byte in needles
            .iter()
            .filter_map(|needle| needle.split_last())
            .flat_map(|(_, most)| most)
        {
            if let Some(entry) = within.get_mut(usize::from(*byte)) {
                *entry = true;
            }
        }
        let longest = needles.iter().map(Vec::len).max().unwrap_or_default();
        Ok(Self {
            groups,
            needles,
            longest,
            plus,
            within,
        })
    }

    pub(super) fn hits<'s, 't>(&'s self, text: &'t [u8]) -> Hits<'s, 't> {
        Hits {
            search: self,
            text,
            next: [None; MAX_GROUPS],
            single: None,
        }
    }

    /// Returns the start of a needle that the end of the text cuts off, at `from` or later. Returns
    /// the end of the text if there is none.
    pub(super) fn unfinished(&self, text: &[u8], from: usize) -> usize {
        let ahead = text.get(from..).unwrap_or_default();
        let run = ahead
            .iter()
            .rev()
            .take(self.longest.saturating_sub(1))
            .take_while(|byte| {
                self.within
                    .get(usize::from(**byte))
                    .copied()
                    .unwrap_or_default()
            })
            .count();
        let start = ahead.len().saturating_sub(run);
        let begins = |tail: &[u8]| self.needles.iter().any(|needle| needle.starts_with(tail));
        let beginning = (start..ahead.len()).find(|start| ahead.get(*start..).is_some_and(begins));
        from.saturating_add(beginning.unwrap_or(ahead.len()))
    }
}

impl Group {
    fn new(numbers: &[usize], needles: &[Vec<u8>]) -> Result<Self, BuildError> {
        let needles: Vec<&[u8]> = numbers
            .iter()
            .filter_map(|number| needles.get(*number).map(Vec::as_slice))
            .collect();
        Ok(Self {
            finder: Finder::new(&needles)?,
            numbers: numbers.into(),
        })
    }

    fn find(&self, text: &[u8], from: usize) -> Option<Hit> {
        let (at, index) = self.finder.find(text, from)?;
        let needle = self.numbers.get(index).copied();
        Some(Hit { at, needle })
    }
}

impl Finder {
    fn new(needles: &[&[u8]]) -> Result<Self, BuildError> {
        if needles.len() <= PACKED {
            if let Some(searcher) = packed::Config::new().builder().extend(needles).build() {
                return Ok(Self::Packed(searcher));
            }
        }
        let mut builder = AhoCorasick::builder();
        builder
            .match_kind(MatchKind::LeftmostFirst)
            .build(needles)
            .map(Self::Automaton)
    }

    fn find(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let found = match self {
            Self::Packed(searcher) => searcher.find_in(
                text,
                Span {
                    start: from,
                    end: text.len(),
                },
            ),
            Self::Automaton(automaton) => {
                automaton.find(aho_corasick::Input::new(text).range(from..))
            }
        };
        found.map(|found| (found.start(), found.pattern().as_usize()))
    }
}

/// The hits in a text. Caches the next hit of each group, so that no text is searched twice.
pub(super) struct Hits<'s, 't> {
    search: &'s Search,
    text: &'t [u8],
    next: [Option<Found>; MAX_GROUPS],
    single: Option<Found>,
}

/// The next hit of a group. `None` means that no hit is left.
type Found = Option<Hit>;

impl Hits<'_, '_> {
    /// Returns the first hit at `from` or later. `from` must not decrease between calls.
    pub(super) fn next(&mut self, from: usize) -> Option<Hit> {
        if from >= self.text.len() {
            return None;
        }
        let is_old = |found: &Option<Found>| match found {
            None => true,
            Some(found) => found.is_some_and(|hit| hit.at < from),
        };
        let mut first: Found = None;
        let mut consider = |found: &Option<Found>| {
            if let Some(hit) = found.flatten() {
                first = first.filter(|first| first.at <= hit.at).or(Some(hit));
            }
        };
        for (group, next) in self.search.groups.iter().zip(&mut self.next) {
            if is_old(next) {
                *next = Some(group.find(self.text, from));
            }
            consider(next);
        }
        if is_old(&self.single) {
            let ahead = self.text.get(from..).unwrap_or_default();
            let at = if self.search.plus {
                memchr::memchr2(BAR, PLUS, ahead)
            } else {
                memchr::memchr(BAR, ahead)
            };
            let at = at.map(|at| from.saturating_add(at));
            self.single = Some(at.map(|at| Hit { at, needle: None }));
        }
        consider(&self.single);
        first
    }
}
