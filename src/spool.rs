//! What has arrived of a body that is not yet verified.

use alloc::vec::Vec;

use bytes::Bytes;

/// The most that a piece of storage is larger than what it holds.
const SEGMENT: usize = 8 * 1024;

/// The bytes of one body as they arrive.
///
/// A body that arrives in one piece stays where it is. Any other is copied into segments of its
/// own that are never moved or grown, so that memory follows what arrived to within one segment:
/// a buffer that doubles would take up to twice as much, and keeping the pieces themselves would
/// keep alive the larger buffers that a framework cut them from.
#[derive(Default)]
pub(crate) struct Spool {
    whole: Bytes,
    segments: Vec<Vec<u8>>,
    length: usize,
}

impl Spool {
    pub(crate) fn push(&mut self, piece: Bytes) {
        if piece.is_empty() {
            return;
        }
        if self.length == 0 {
            self.length = piece.len();
            self.whole = piece;
            return;
        }
        let whole = core::mem::take(&mut self.whole);
        self.copy(&whole);
        self.copy(&piece);
        self.length = self.length.saturating_add(piece.len());
    }

    fn copy(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() {
            let room = self
                .segments
                .last()
                .map_or(0, |last| last.capacity().saturating_sub(last.len()));
            if room == 0 {
                // As much again as there is, up to a full segment: small bodies stay small.
                let capacity = self.length.clamp(piece.len().min(SEGMENT), SEGMENT);
                self.segments.push(Vec::with_capacity(capacity));
                continue;
            }
            let (now, later) = piece.split_at(room.min(piece.len()));
            if let Some(last) = self.segments.last_mut() {
                last.extend_from_slice(now);
            }
            piece = later;
        }
    }

    /// How many bytes have arrived.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The pieces in order, for hashing.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        core::iter::once(&self.whole[..]).chain(self.segments.iter().map(Vec::as_slice))
    }

    /// The body in one piece; each segment is freed as soon as it is copied.
    pub(crate) fn into_bytes(self) -> Bytes {
        if self.segments.is_empty() {
            return self.whole;
        }
        let mut body = Vec::with_capacity(self.length);
        for segment in self.segments {
            body.extend_from_slice(&segment);
        }
        body.into()
    }
}
