//! A body that is not complete yet.

use bytes::Bytes;
use hmac::Mac;

use super::{MemoryBudget, PayloadLimit, body_buffer::BodyBuffer};
use crate::{
    rejection::Rejection,
    signature::{HmacState, KeyRing, Match, View},
};

/// The received part of a body, and its hash.
pub(super) struct Reading {
    /// The HMAC of the buffer with the first key. `None` while the buffer is empty.
    mac: Option<HmacState>,
    buffer: BodyBuffer,
}

impl Reading {
    pub(super) fn new(budget: MemoryBudget) -> Self {
        Self {
            mac: None,
            buffer: BodyBuffer::new(budget),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.buffer.as_slice().len()
    }

    /// Adds a chunk, which is within the limits. Charges it to the budget.
    pub(super) fn push(
        &mut self,
        chunk: &[u8],
        declared: Option<usize>,
        limit: PayloadLimit,
        ring: &KeyRing,
        presented: View<'_>,
    ) -> Result<(), Rejection> {
        self.buffer.push(chunk, declared, limit.bytes())?;
        self.mac
            .get_or_insert_with(|| presented.start(&ring.start_first()))
            .update(chunk);
        Ok(())
    }

    /// Verifies the whole body and takes it out of the buffer. Returns it with the key.
    pub(super) fn finish(
        &mut self,
        ring: &KeyRing,
        presented: View<'_>,
    ) -> Result<(Bytes, Match), Rejection> {
        let found = verify(ring, presented, self.mac.as_ref(), self.buffer.as_slice())?;
        Ok((self.buffer.take_bytes(), found))
    }
}

/// Verifies a whole body. `mac` is the HMAC of the message with the first key, if already computed.
pub(super) fn verify(
    ring: &KeyRing,
    presented: View<'_>,
    mac: Option<&HmacState>,
    body: &[u8],
) -> Result<Match, Rejection> {
    // Updated in place, because each move would leave an unwiped copy on the stack.
    let mut first = mac.map_or_else(|| ring.start_first(), HmacState::copy);
    if mac.is_none() {
        presented.begin(&mut first);
        first.update(body);
    }
    let others = ring.start_others().map(|mut mac| {
        presented.begin(&mut mac);
        mac.update(body);
        mac
    });
    ring.resolve(presented, first, others)
}
