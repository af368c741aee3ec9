//! What must hold in whatever order threads get at a ring of keys and a budget of memory.
//!
//! Each test runs its threads in every order, and with every value that a relaxed load may return,
//! and prints how many interleavings that were.

mod budget;
mod explore;
mod ring;
