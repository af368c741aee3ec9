//! Finds what a secret left behind in memory.
//!
//! [`left_by`] runs something that uses a secret, and then searches all memory that its thread has
//! allocated in the meantime, whether it was freed or not, for pieces of it. The allocator never hands out the same
//! memory twice, and a block that grows or shrinks is always moved: so what was in a block when it was
//! freed, its unused capacity included, is still there.
//!
//! It does not see stacks, registers, or memory that C's library allocates.

mod arena;
mod forms;

use std::fmt;

pub use forms::Watched;

/// A piece of a secret that was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// In what form.
    pub form: &'static str,
    /// The piece.
    pub piece: Vec<u8>,
    /// The size of the block it was found in, in bytes.
    pub block: usize,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { form, piece, block } = self;
        let piece = piece.escape_ascii();
        write!(f, "\"{piece}\" ({form}) in a block of {block} bytes")
    }
}

/// What `uses` left behind of all that is watched.
pub fn left_by(watched: &Watched, uses: impl FnOnce()) -> Vec<Found> {
    let start = arena::used();
    uses();
    let end = arena::used();
    arena::blocks(start, end)
        .into_iter()
        .flat_map(|(block, bytes)| {
            let pieces = watched.occur_in(&bytes);
            pieces
                .into_iter()
                .map(move |(form, piece)| Found { form, piece, block })
        })
        .collect()
}
