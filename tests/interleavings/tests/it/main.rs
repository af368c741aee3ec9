//! Properties of key rings and memory budgets that hold in every order of threads.
//!
//! Each test runs its threads in every order, with every value that a relaxed load may return. It
//! prints the number of interleavings.

mod budget;
mod explore;
mod ring;
