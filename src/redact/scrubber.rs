//! Text in pieces: what is certain goes on, what may become a secret is held back.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{
    Redactor,
    behind::MAX_BEHIND,
    passage::{Passage, State},
    rules::MAX_AHEAD,
};

/// Redacts text that arrives in pieces, as if it had arrived at once.
///
/// Made by [`Redactor::scrubber`]. What it hands on is the same, however the text is cut: at most
/// [`MAX_HELD`](Self::MAX_HELD) bytes are held back until it is certain what they are, and of a
/// secret that has begun nothing is kept, however long it is. Each byte is read once, but for those
/// held back.
///
/// [`RedactingWriter`](super::RedactingWriter) is this behind an [`std::io::Write`].
///
/// # Examples
/// ```
/// use hubseal::redact::Redactor;
///
/// let redactor = Redactor::new();
/// let (mut scrubber, mut out) = (redactor.scrubber(), Vec::new());
/// scrubber.push(b"GET /me?access_to", &mut out);
/// scrubber.push(b"ken=EAAGm0PX4ZCps", &mut out);
/// scrubber.push(b"BAOZBxample HTTP/1.1\n", &mut out);
/// scrubber.finish(&mut out);
/// assert_eq!(out, b"GET /me?access_token=[redacted:access_token] HTTP/1.1\n");
/// ```
pub struct Scrubber {
    redactor: Redactor,
    state: State,
    /// The last bytes of the text that may be looked back at, and then those held back.
    carried: Zeroizing<Vec<u8>>,
    /// How many of those are not held back.
    passed: usize,
}

/// How much of a piece is read together with what was carried over.
const SEAM: usize = 512;

impl Scrubber {
    /// The most bytes that are ever held back.
    pub const MAX_HELD: usize = MAX_AHEAD;

    pub(super) fn new(redactor: &Redactor) -> Self {
        Self {
            redactor: redactor.clone(),
            state: State::Pass,
            // Never more than this: growing would leave an unwiped copy behind.
            carried: Zeroizing::new(Vec::with_capacity(MAX_BEHIND + MAX_AHEAD + SEAM)),
            passed: 0,
        }
    }

    /// Takes the next piece of the text and appends to `out` what is certain by now.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let (mut cut, mut at) = (0, 0);
        if !self.carried.is_empty() {
            let carried = self.carried.len();
            let (seam, rest) = piece.split_at(SEAM.min(piece.len()));
            self.carried.extend_from_slice(seam);
            (cut, at) = self.read_carried(false, out);
            if rest.is_empty() {
                self.passed = looked_back_at(cut, at);
                self.carried.drain(..at.saturating_sub(self.passed));
                return;
            }
            // So much longer than what is held back is the seam that it ends within the piece.
            (cut, at) = (cut.saturating_sub(carried), at.saturating_sub(carried));
        }
        let mut passage = Passage::new(piece, [cut, at], false);
        passage.read(self.redactor.rules(), &mut self.state, out);
        passage.flush(out);
        let (cut, at) = (passage.cut, passage.at);
        self.passed = looked_back_at(cut, at);
        self.carried.clear();
        let kept = piece.get(at.saturating_sub(self.passed)..);
        self.carried.extend_from_slice(kept.unwrap_or_default());
    }

    /// The text ends here: appends the rest to `out`. What comes next is another text.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.read_carried(true, out);
        self.reset();
    }

    /// The text was broken off here: as [`finish`](Self::finish), but what may have become a secret
    /// is replaced by `[redacted:incomplete]`.
    ///
    /// # Examples
    /// ```
    /// let redactor = hubseal::redact::Redactor::new();
    /// let (mut scrubber, mut out) = (redactor.scrubber(), Vec::new());
    /// scrubber.push(b"the token is EAAGm0PX", &mut out);
    /// assert_eq!((out.as_slice(), scrubber.held()), (b"the token is ".as_slice(), 8));
    /// scrubber.abandon(&mut out);
    /// assert_eq!(out, b"the token is [redacted:incomplete]");
    /// ```
    pub fn abandon(&mut self, out: &mut Vec<u8>) {
        let held = self.carried.get(self.passed..).unwrap_or_default();
        let hit = match self.state {
            State::Pass => self.redactor.rules().search().hits(held).next(0),
            _ => None,
        };
        if !matches!(self.state, State::Swallow(_)) {
            out.extend_from_slice(
                held.get(..hit.map_or(held.len(), |hit| hit.at))
                    .unwrap_or_default(),
            );
        }
        if hit.is_some() {
            out.extend_from_slice(b"[redacted:incomplete]");
        }
        self.reset();
    }

    /// How many bytes are held back, at most [`MAX_HELD`](Self::MAX_HELD).
    #[must_use]
    pub fn held(&self) -> usize {
        self.carried.len().saturating_sub(self.passed)
    }

    /// Reads what was carried over; up to where it may be looked back at, and up to where it is
    /// read.
    fn read_carried(&mut self, ended: bool, out: &mut Vec<u8>) -> (usize, usize) {
        let mut passage = Passage::new(&self.carried, [0, self.passed], ended);
        passage.read(self.redactor.rules(), &mut self.state, out);
        passage.flush(out);
        (passage.cut, passage.at)
    }

    fn reset(&mut self) {
        self.state = State::Pass;
        self.carried.clear();
        self.passed = 0;
    }
}

/// How many of the bytes before `at` a rule may still look back at.
fn looked_back_at(cut: usize, at: usize) -> usize {
    at.saturating_sub(cut).min(MAX_BEHIND)
}
