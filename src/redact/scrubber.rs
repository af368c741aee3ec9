//! Redaction of text in chunks, with a possible secret at the end held back.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{
    Redactor,
    behind::MAX_BEHIND,
    passage::{Passage, State},
    rules::MAX_AHEAD,
};

/// A redactor for text in chunks. [`Redactor::scrubber`] creates it.
///
/// - The output does not depend on how the text is split.
/// - At most [`MAX_HELD`](Self::MAX_HELD) bytes are held back, while they may be the beginning of a
///   secret.
/// - The memory is bounded, even for a very long secret.
/// - Each byte is read once, except those held back.
///
/// [`RedactingWriter`](super::RedactingWriter) does the same for [`std::io::Write`].
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
    /// The last bytes for lookbehind, followed by the bytes held back.
    carried: Zeroizing<Vec<u8>>,
    /// The number of bytes in `carried` for lookbehind.
    passed: usize,
}

/// The number of bytes of a chunk that are read together with `carried`.
const SEAM: usize = 512;

impl Scrubber {
    /// The maximum number of bytes held back.
    pub const MAX_HELD: usize = MAX_AHEAD;

    pub(super) fn new(redactor: &Redactor) -> Self {
        Self {
            redactor: redactor.clone(),
            state: State::Pass,
            // The full capacity, because growing would leave an unwiped copy.
            carried: Zeroizing::new(Vec::with_capacity(MAX_BEHIND + MAX_AHEAD + SEAM)),
            passed: 0,
        }
    }

    /// Adds the next chunk of the text. Appends to `out` all bytes that are not held back.
    ///
    /// # Examples
    /// ```
    /// let redactor = hubseal::redact::Redactor::new();
    /// let (mut scrubber, mut out) = (redactor.scrubber(), Vec::new());
    /// scrubber.push(b"GET /webhook\n", &mut out);
    /// assert_eq!(out, b"GET /webhook\n");
    /// ```
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
            // The seam is longer than the bytes held back, so reading stopped inside this chunk.
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

    /// Ends the text and appends the rest to `out`. The next chunk begins another text.
    ///
    /// # Examples
    /// ```
    /// let redactor = hubseal::redact::Redactor::new();
    /// let (mut scrubber, mut out) = (redactor.scrubber(), Vec::new());
    /// scrubber.push(b"pin=123456", &mut out);
    /// scrubber.finish(&mut out);
    /// assert_eq!(out, b"pin=[redacted:pin]");
    /// ```
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.read_carried(true, out);
        self.reset();
    }

    /// Ends a text that was cut off.
    ///
    /// Works like [`finish`](Self::finish), but replaces a possible secret at the end by
    /// `[redacted:incomplete]`.
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

    /// Returns the number of bytes held back, at most [`MAX_HELD`](Self::MAX_HELD).
    ///
    /// # Examples
    /// ```
    /// let redactor = hubseal::redact::Redactor::new();
    /// let (mut scrubber, mut out) = (redactor.scrubber(), Vec::new());
    /// scrubber.push(b"GET /me?access_tok", &mut out);
    /// assert!(scrubber.held() > 0);
    /// ```
    #[must_use]
    pub fn held(&self) -> usize {
        self.carried.len().saturating_sub(self.passed)
    }

    /// Reads the carried bytes. Returns `cut` and `at` of the passage.
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
