//! Whether the time that the library takes depends on a secret.
//!
//! Three tools, because each is blind to something; `scripts/constant-time` runs them all.
//!
//! # Memcheck (`src/bin/taint/`)
//! Valgrind's memcheck reports each branch and each address that depends on memory which was never
//! written. Here secrets are marked as such memory ([`memcheck::make_secret`]): what was computed from a
//! secret is then secret too, bit by bit, and a branch or an address that depends on it is reported, with
//! the place. It is no measurement: a busy machine changes nothing.
//!
//! - **Expected**: a case is clean, or it names the functions of the library in which a secret is looked
//!   at by design, and the reason stands beside it. A finding anywhere else fails the run, and so does
//!   a case with nothing left to find.
//! - **The verdict** is public, and the library branches on it. Those branches are held to their function
//!   and to their number, which must be the same whichever byte of a signature is wrong; memory is
//!   marked public again ([`memcheck::make_public`]) only when the verdict has been returned.
//! - **Controls**: slices compared by `==`, a loop that ends early and a table indexed by a secret must be
//!   flagged, and a public branch must not. Cases whose result is computed from a secret check that it
//!   is still marked, so that a mark which got lost does not pass for a clean run.
//! - **Builds**: the release profile, and one with a single codegen unit and link-time optimisation,
//!   where everything is inlined that can be.
//!
//! Blind to: code that no case runs; instructions whose own time depends on their operands; the SHA
//! extensions, which valgrind hides, so that it sees SHA-256 in software; other compilers, targets and
//! options. What is read from the system counts as public, so the cases for files and the environment
//! mark it themselves.
//!
//! # Dudect (`src/bin/timing/`)
//! Times two classes of inputs, such as signatures that are wrong in the first byte and in the last,
//! with the real instructions on the real machine, and asks with Welch's t-test whether their means
//! differ. The best of three attempts must be below |t| = 10, and a loop that ends early, behind a
//! real computation of the signature, must come out above 50, or else the machine is too noisy to tell.
//!
//! Blind to: what is too small for the samples, what other inputs would show, and other processors.
//!
//! # Rules for the source
//! `[u8; 32] == [u8; 32]` is compiled without a branch today, so neither tool objects to it, and nothing
//! promises that it stays so. Therefore:
//!
//! - the types that `==` compares are on a list, `comparable`, and none that holds a secret or a tag is;
//!   those of the public API have a doctest that must not compile;
//! - clippy refuses to take a computed tag out of the type that compares it in constant time, except where
//!   it is sent (`disallowed-methods` in `clippy.toml`).

pub mod memcheck;

/// The value of the header that presents these bytes, right or wrong.
#[must_use]
pub fn header_of(bytes: [u8; 32]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}
