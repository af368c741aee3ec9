//! The main loop: reads a part of the text and replaces matches.

use alloc::vec::Vec;

use super::{
    behind::Behind,
    extent::{Extent, Quote},
    found::{Found, MarkerId, Replacement},
    keyed::blanks,
    rules::{MAX_AHEAD, Rules},
    search::Hits,
    unit::{Ahead, Known, Wait},
};

/// The state between two chunks.
#[derive(Clone, Copy)]
pub(super) enum State {
    /// Outside a match.
    Pass,
    /// Inside a match whose replacement is already written.
    Swallow(Swallowed),
    /// After a redacted value of a list, all of whose values are redacted.
    BetweenValues(List),
}

#[derive(Clone, Copy)]
pub(super) struct Swallowed {
    extent: Extent,
    /// A second extent, which begins where `extent` ends.
    then: Option<Extent>,
    list: Option<List>,
}

#[derive(Clone, Copy)]
pub(super) struct List {
    quote: Quote,
    marker: MarkerId,
}

/// A part of the text, and the current position in it.
pub(super) struct Passage<'t> {
    text: &'t [u8],
    /// Whether the whole text ends with this part.
    ended: bool,
    /// The end of the last match. Lookbehind stops here.
    pub(super) cut: usize,
    /// The end of the read part.
    pub(super) at: usize,
    /// The end of the part that was copied to the output or replaced.
    written: usize,
}

impl<'t> Passage<'t> {
    /// Creates a passage that reads from `at`. Lookbehind may use the bytes from `cut` to `at`.
    pub(super) fn new(text: &'t [u8], [cut, at]: [usize; 2], ended: bool) -> Self {
        Self {
            text,
            ended,
            cut,
            at,
            written: at,
        }
    }

    /// Reads until a decision needs more text. Appends each replacement and the text before it to
    /// `out`. Returns whether anything was replaced.
    pub(super) fn read(&mut self, rules: &Rules, state: &mut State, out: &mut Vec<u8>) -> bool {
        let mut replaced = !matches!(state, State::Pass);
        let mut hits = rules.search().hits(self.text);
        loop {
            match *state {
                State::Pass => match self.pass(rules, &mut hits) {
                    Some((anchor, found)) => {
                        self.write(anchor.saturating_add(found.start), out);
                        let list = self.replace(rules, anchor, found.replacement, out);
                        self.skip_to(anchor.saturating_add(found.start.max(found.known)));
                        *state = State::Swallow(Swallowed {
                            extent: found.extent,
                            then: found.then,
                            list,
                        });
                        replaced = true;
                    }
                    None => return replaced,
                },
                State::Swallow(mut swallowed) => {
                    let ahead = Ahead::unbounded(self.ahead(), self.ended);
                    let (length, ended) = swallowed.extent.advance(rules.values(), ahead);
                    self.skip_to(self.at.saturating_add(length));
                    *state = match (ended, swallowed.then) {
                        (false, _) => {
                            *state = State::Swallow(swallowed);
                            return replaced;
                        }
                        (true, Some(extent)) => State::Swallow(Swallowed {
                            extent,
                            then: None,
                            ..swallowed
                        }),
                        (true, None) => {
                            self.cut = self.at;
                            swallowed.list.map_or(State::Pass, State::BetweenValues)
                        }
                    };
                }
                State::BetweenValues(list) => match self.next_value(list.quote) {
                    Ok(Some(length)) => {
                        self.write(self.at.saturating_add(length), out);
                        out.extend_from_slice(rules.marker(list.marker).as_bytes());
                        *state = State::Swallow(Swallowed {
                            extent: Extent::quoted(list.quote),
                            then: None,
                            list: Some(list),
                        });
                    }
                    Ok(None) => *state = State::Pass,
                    Err(Wait) => return replaced,
                },
            }
        }
    }

    /// Appends the rest of the read text to `out`.
    pub(super) fn flush(&mut self, out: &mut Vec<u8>) {
        self.write(self.at, out);
    }

    /// Reads up to the next match. Returns the match and the position of its anchor.
    fn pass(&mut self, rules: &Rules, hits: &mut Hits<'_, '_>) -> Option<(usize, Found)> {
        // A needle cut off at the end of the text may be completed by the next chunk, and takes
        // precedence over hits after its start.
        let certain = if self.ended {
            self.text.len()
        } else {
            rules.search().unfinished(self.text, self.at)
        };
        let mut from = self.at;
        while let Some(hit) = hits.next(from).filter(|hit| hit.at < certain) {
            let behind = Behind::new(self.text.get(self.cut..hit.at).unwrap_or_default());
            let ahead = Ahead::new(
                self.text.get(hit.at..).unwrap_or_default(),
                MAX_AHEAD,
                self.ended,
            );
            match rules.judge(hit, behind, ahead) {
                Ok(Some(found)) => return Some((hit.at, found)),
                Ok(None) => from = hit.at.saturating_add(1),
                Err(Wait) => {
                    self.at = hit.at;
                    return None;
                }
            }
        }
        self.at = certain;
        None
    }

    /// Writes the replacement. Returns the list if more values of it may follow.
    fn replace(
        &mut self,
        rules: &Rules,
        anchor: usize,
        replacement: Replacement,
        out: &mut Vec<u8>,
    ) -> Option<List> {
        match replacement {
            Replacement::Marker(marker) => {
                out.extend_from_slice(rules.marker(marker).as_bytes());
            }
            Replacement::Quoted(marker, quote) => {
                let quote = self.text.get(anchor..).and_then(|text| text.get(quote));
                let quote = quote.unwrap_or_default();
                out.extend_from_slice(quote);
                out.extend_from_slice(rules.marker(marker).as_bytes());
                out.extend_from_slice(quote);
            }
            Replacement::Text(text) => out.extend_from_slice(text.as_bytes()),
            Replacement::Listed(marker, quote) => {
                out.extend_from_slice(rules.marker(marker).as_bytes());
                return Some(List { quote, marker });
            }
        }
        None
    }

    /// Returns the offset of the next value of a list, if there is one.
    fn next_value(&self, quote: Quote) -> Known<Option<usize>> {
        let ahead = Ahead::new(self.ahead(), MAX_AHEAD, self.ended);
        let Some(close) = ahead
            .unit(0)?
            .filter(|unit| Quote::of(*unit) == Some(quote))
        else {
            return Ok(None);
        };
        let comma = close.length.saturating_add(blanks(ahead, close.length)?.0);
        if !ahead.is(comma, |byte| byte == b',')? {
            return Ok(None);
        }
        let next = comma.saturating_add(1);
        let open = next.saturating_add(blanks(ahead, next)?.0);
        let unit = ahead
            .unit(open)?
            .filter(|unit| Quote::of(*unit) == Some(quote));
        Ok(unit.map(|unit| open.saturating_add(unit.length)))
    }

    fn ahead(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Continues at `at`, without copying the skipped text to the output.
    fn skip_to(&mut self, at: usize) {
        (self.at, self.written) = (at, at);
    }

    fn write(&mut self, to: usize, out: &mut Vec<u8>) {
        if out.capacity() == 0 {
            // A marker is about as long as the text that it replaces.
            out.reserve(self.text.len());
        }
        out.extend_from_slice(self.text.get(self.written..to).unwrap_or_default());
        self.skip_to(to);
    }
}
