//! The buffer of one unverified body.

use alloc::vec::Vec;
use core::mem;

use bytes::Bytes;

use super::{MemoryBudget, reservation::Reservation};
use crate::rejection::Rejection;

/// The number of bytes after which a body can get a buffer of its declared length.
const EARLY_BYTES: usize = 32 * 1024;

/// The buffer of a body that arrives in several chunks, and its memory reservation.
///
/// - Chunks are copied. A chunk of one byte may otherwise keep a large read buffer of the server alive.
/// - The buffer grows to at most twice the bytes that arrived, and never exceeds the declared length or
///   the payload limit.
/// - The whole buffer is charged to the budget before it is allocated.
/// - Once [`EARLY_BYTES`] have arrived, the buffer grows to the declared length at once, which saves
///   copies. Half of the shared part of the budget must stay free, so that declared lengths alone
///   cannot use it up.
pub(crate) struct BodyBuffer {
    bytes: Vec<u8>,
    reservation: Reservation,
}

impl BodyBuffer {
    pub(crate) fn new(budget: MemoryBudget) -> Self {
        Self {
            bytes: Vec::new(),
            reservation: Reservation::new(budget),
        }
    }

    /// Appends a chunk. The body may have `declared` bytes, or `limit` bytes without a declared length.
    pub(crate) fn push(
        &mut self,
        chunk: &[u8],
        declared: Option<usize>,
        limit: usize,
    ) -> Result<(), Rejection> {
        let length = self.bytes.len().saturating_add(chunk.len());
        if length > self.bytes.capacity() {
            let capacity = match declared {
                Some(declared)
                    if length >= EARLY_BYTES && self.reservation.grow_while_free(declared) =>
                {
                    declared
                }
                _ => {
                    let capacity = capacity(length, declared.unwrap_or(limit));
                    self.reservation.grow(capacity)?;
                    capacity
                }
            };
            let more = capacity.saturating_sub(self.bytes.len());
            self.bytes.reserve_exact(more);
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// Moves the body out, into an allocation of its exact size.
    pub(crate) fn take_bytes(&mut self) -> Bytes {
        let mut bytes = mem::take(&mut self.bytes);
        bytes.shrink_to_fit();
        bytes.into()
    }
}

fn capacity(length: usize, longest: usize) -> usize {
    let twice = length.saturating_mul(2).min(longest).max(length);
    if length > MemoryBudget::SMALL_BODY_BYTES {
        return twice;
    }
    // Growing further would move a small body out of the reserve.
    twice.min(MemoryBudget::SMALL_BODY_BYTES)
}
