//! The search for secrets in a record.
//!
//! - A record is the text that is searched at once.
//! - A needle is a short text that names a secret (a key) or begins one. A hit is a place with a needle.
//!   [`Rules`](rules::Rules) finds the hits. Fragments of needles are searched for first, which is faster.
//! - `judge` decides from the whole record whether a hit is a secret. For a key, `between` reads up to the
//!   value, a `Look` is the form that the value must have, and `value` finds its end.
//! - A cursor decodes layers of backslashes and percent signs while it reads the record.
//! - A match is a part to replace. `found` collects the matches.

mod between;
mod compile;
mod cursor;
mod found;
mod judge;
mod looks;
mod personal;
mod registered;
mod rules;
mod text;
mod tokens;
mod value;

pub(super) use found::Match;
pub(super) use rules::{LabelledValue, Rules, Settings};
