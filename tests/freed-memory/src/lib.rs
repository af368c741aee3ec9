//! Finds copies of secrets in memory.
//!
//! [`left_by`] runs code that uses a secret. Then it searches all memory that its thread allocated
//! meanwhile, freed or not, for fragments of the secret. The allocator never reuses memory, and a
//! block that grows or shrinks always moves. So the content of a freed block is still there,
//! including its unused capacity.
//!
//! It does not search stacks, registers, or memory that the C library allocates.

mod arena;
mod forms;

use std::fmt;

pub use forms::Watched;

/// A fragment of a secret that was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The form of the fragment.
    pub form: &'static str,
    /// The fragment.
    pub fragment: Vec<u8>,
    /// The size of the block, in bytes.
    pub block: usize,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            form,
            fragment,
            block,
        } = self;
        let fragment = fragment.escape_ascii();
        write!(f, "\"{fragment}\" ({form}) in a block of {block} bytes")
    }
}

/// Runs `uses` and returns the watched fragments that it left in memory.
pub fn left_by(watched: &Watched, uses: impl FnOnce()) -> Vec<Found> {
    let start = arena::used();
    uses();
    let end = arena::used();
    arena::blocks(start, end)
        .into_iter()
        .flat_map(|(block, bytes)| {
            let fragments = watched.occur_in(&bytes);
            fragments.into_iter().map(move |(form, fragment)| Found {
                form,
                fragment,
                block,
            })
        })
        .collect()
}
