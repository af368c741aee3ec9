//! Names the likely cause of a signature mismatch, for development and support.
//!
//! ```
//! use hubseal::diagnose::{Cause, Diagnose};
//!
//! // The secret as configured, the headers and the raw body of the rejected request.
//! let headers = [(
//!     "X-Hub-Signature-256",
//!     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
//! )];
//! let diagnosis = Diagnose::new("It's a Secret to Everybody").delivery(&headers, "Hello, World!\n");
//!
//! assert_eq!(diagnosis.causes(), [Cause::BodyNewline]);
//! assert_eq!(
//!     diagnosis.to_string(),
//!     "body_newline: the body gained or lost a newline at its end, or its line endings were converted. \
//!      Pass the body unchanged. In a shell, use printf and curl --data-binary.",
//! );
//! ```
//!
//! It computes the signature of variants of the body under variants of the secrets, and compares each with
//! the header in constant time. The [guide] lists all causes.
//!
//! # Security
//! - Call it by hand or in a test, with a captured request. Do not call it for every rejected request: a
//!   sender of forged requests would use up the processor.
//! - It never accepts a request: it returns no [`Verified`](crate::Verified) and no signature. Do not
//!   process a body because of [`Cause::Matches`].
//! - Its output contains no secret, no signature, no header value and no part of the body.
//! - A captured body contains personal data. Delete it afterwards.
//!
//! # Cost
//! The time grows with the number of secrets and with the length of the variants. In a release build, a
//! body of 1 KB takes less than a millisecond. A body of 3 MB with many escapes takes about three seconds.
//! A debug build takes up to 30 times as long.
//!
//! - It tries at most 100 variants of the body, and hashes each under each secret and its variants. A
//!   secret has at most 11 variants, and usually three.
//! - It keeps one variant in memory at a time.
//! - It tries no variant that is longer than 8 MiB, and no variant of a longer body. A short body that is
//!   nested deeply has long variants, so it takes about a second too.
//!
//! # Limits
//! - It knows the scheme of Meta and GitHub only. For a delivery of another [`Scheme`](crate::Scheme), such as
//!   `Scheme::STRIPE`, the result is [`Cause::OtherScheme`].
//! - JSON that was written again matches only if its keys have kept their order and its numbers their form.
//! - It recognises one change of the secret together with one change of the body, but not two changes of
//!   the body.
//! - If no variant matches, it names clues instead: see [`Diagnosis::is_certain`].
//!
//! [guide]: https://docs.rs/crate/hubseal/latest/source/docs/guide/signature-mismatch.md

mod bodies;
mod cause;
mod clues;
#[expect(
    clippy::module_inception,
    reason = "the module is named after its main type"
)]
mod diagnose;
mod diagnosis;
mod escapes;
mod keys;
mod layout;
mod secrets;
mod tokens;

pub use cause::Cause;
pub use diagnose::Diagnose;
pub use diagnosis::Diagnosis;
