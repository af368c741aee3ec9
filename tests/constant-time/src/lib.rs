//! Checks that the time of verification does not depend on a secret.
//!
//! There are three checks, because each has blind spots. `just constant-time` runs them all.
//!
//! # Memcheck (`src/bin/taint/`)
//! valgrind's memcheck reports each branch and each address that depends on uninitialized memory.
//! [`memcheck::make_secret`] marks secrets as uninitialized. Everything computed from a secret is then
//! secret too, bit by bit, and memcheck reports the place of each dependent branch or address. This is
//! no measurement, so a busy machine changes nothing.
//!
//! - **Expected reports**: a case is clean, or it names the functions that inspect a secret by design,
//!   with the reason. A report anywhere else fails the run, and so does an expected one that is missing.
//! - **Result**: the result of a verification is public, and the library branches on it. The function
//!   and the number of these branches are checked. They must not depend on which byte of a signature is
//!   wrong. A case calls [`memcheck::make_public`] only after the result is returned.
//! - **Controls**: `==` on slices, a loop with an early exit, and a table indexed by a secret must be
//!   reported. A branch on public data must not. Cases that compute a value from a secret check that the
//!   value is still marked, so a lost mark cannot pass for a clean run.
//! - **Builds**: the release profile, and one codegen unit with link-time optimisation for maximal
//!   inlining.
//!
//! Blind spots: code that no case runs; instructions with operand-dependent timing; other compilers,
//! targets and options. Under valgrind, the library computes SHA-256 without the SHA extensions. Data
//! read from the system counts as public, so the cases for files and the environment mark it.
//!
//! # Dudect (`src/bin/timing/`)
//! Times two classes of inputs on the real processor, for example signatures that are wrong in the first
//! byte or in the last. Welch's t-test tells whether their means differ. The best of three attempts must
//! be below |t| = 10. A control with an early exit after a real signature computation must exceed 50,
//! or the machine is too noisy.
//!
//! Blind spots: differences too small for the samples, other inputs, and other processors.
//!
//! # Rules for the source
//! `[u8; 32] == [u8; 32]` compiles without a branch today, so neither tool reports it. No guarantee says
//! that it stays so. Therefore:
//!
//! - The file `comparable` lists all types that `==` compares. No type with a secret or a tag is in it.
//!   The public secret types have a doctest that must not compile.
//! - clippy rejects code that takes a computed tag out of its constant-time type, except where the tag
//!   is sent (`disallowed-methods` in `clippy.toml`).

pub mod memcheck;

/// Formats these bytes as a signature header.
#[must_use]
pub fn header_of(bytes: [u8; 32]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}
