//! The buffer of one unverified body.

use alloc::vec::Vec;
use core::mem;

use bytes::Bytes;

use super::{MemoryBudget, reservation::Reservation};
use crate::rejection::Rejection;

/// The number of bytes after which a body may get a buffer of its declared length.
const EARLY_BYTES: usize = 32 * 1024;

/// The bytes of one body that did not arrive in one chunk, and the memory reserved for them.
///
/// Chunks are copied: a chunk of one byte can keep alive the much larger buffer that a server cut it
/// from. The buffer grows to twice what has arrived, and never beyond the declared length or the
/// payload limit. It is charged to the budget in full, before it is allocated.
///
/// A body of declared length gets a buffer of that size earlier, which saves copies: once
/// [`EARLY_BYTES`] have arrived, and only while half of what large bodies share stays free. So a
/// sender cannot use up the budget with declarations.
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

    /// Appends a chunk of a body that is at most as long as `declared`, or `limit` if nothing is.
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

    /// Moves the body out, in a buffer of its size.
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
    // A small body stays within the reserve that is kept for small ones.
    twice.min(MemoryBudget::SMALL_BODY_BYTES)
}
